import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readNodeFiles } from '../../src/node-files/read.ts'
import { conclusionsOf } from './said.ts'

t.test('every error of every file is told, with its line, and never with a line of the file', async t => {
  const folder = t.testdir({
    'a.toml': 'x = 1\npassword = "hunter2\n',
    'b.yaml': 'password: hunter2\nx: {\n',
    'c.yaml': 'kind: Pod\n---\nmirrors: {}\n',
    'd.json': '"hunter2"',
    'e.toml': 'password = "hunter2"\n',
    'f.yaml': '',
    'g.json': '\0',
  })
  const { faults } = await conclusionsOf(folder, [
    'a.toml',
    'b.yaml',
    'c.yaml',
    'd.json',
    'e.toml',
    'f.yaml',
    'g.json',
    'none',
  ])
  t.strictSame(
    faults.map(fault => fault.replace(/ \(Cred.*/, '')),
    [
      'a.toml:2:20: this is not TOML; correct it or leave the file out',
      faults[1],
      'd.json: this is no file of a node that regcred knows',
      'e.toml: this is no file of a node that regcred knows',
      'f.yaml: this is no file of a node that regcred knows',
      'g.json: not text in UTF-8; leave it out',
      'none: cannot be read (ENOENT); check the path and its permissions',
    ],
  )
  t.match(faults[1], /^b.yaml:\d+:\d+: this is not YAML or JSON/)
  t.notMatch(faults.join('\n'), 'hunter2')
})

t.test('in a folder others may lie beside the files that are known, but not alone', async t => {
  const folder = t.testdir({
    some: { 'k3s.yaml': 'kind: Config\napiVersion: v1\n', 'registries.yaml': 'mirrors: {}\n', 'ca.crt': '\0' },
    none: { 'k3s.yaml': 'kind: Config\napiVersion: v1\n' },
    broken: { 'a.toml': '[' },
  })
  t.strictSame(await conclusionsOf(folder, ['some']), { entries: [], remarks: [], faults: [] })
  t.strictSame((await conclusionsOf(folder, ['none', 'broken'])).faults, [
    'none: there is no file of a node that regcred knows in this folder; give another',
    'broken/a.toml:1:2: this is not TOML; correct it or leave the file out',
  ])
})

t.test('errors and statements beyond what anybody needs are not read', async t => {
  const folder = t.testdir({ many: {}, bad: {} })
  for (let i = 0; i < 120; i++) writeFileSync(join(folder, 'bad', `${1000 + i}.toml`), '[')
  const mirrors = Object.fromEntries(
    Array.from({ length: 3000 }, (_, i) => [`r${i}.example.com`, { endpoint: ['https://a.example.com'] }]),
  )
  for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, 'many', `${name}.json`), JSON.stringify({ mirrors }))
  writeFileSync(join(folder, 'many', 'two.yaml'), 'mirrors: {}\n---\nmirrors: {}\n')
  t.equal((await conclusionsOf(folder, ['bad', 'many'])).faults.length, 100)
  t.strictSame((await conclusionsOf(folder, ['many'])).faults, [
    'these files say more than 5000 things about registries; give those of one node',
  ])
})

t.test('a document behind one that says too much is not read', async t => {
  const mirrors = Array.from({ length: 6000 }, (_, i) => `  r${i}: {endpoint: [a.example.com]}\n`).join('')
  const folder = t.testdir({ 'a.yaml': `mirrors:\n${mirrors}---\nmirrors: {\n` })
  t.strictSame((await conclusionsOf(folder, ['a.yaml'])).faults, [
    'these files say more than 5000 things about registries; give those of one node',
  ])
})

t.test('a folder inside a folder is looked into, and the files are read in the order of their names', async t => {
  const folder = t.testdir({})
  for (const name of ['b', 'a', 'c']) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'registries.yaml'), `configs: {${name}.example.com: {auth: {username: u}}}\n`)
  }
  const read = await readNodeFiles([folder])
  t.match(read, { ok: true, statements: ['a', 'b', 'c'].map(name => ({ registry: `${name}.example.com` })) })
})
