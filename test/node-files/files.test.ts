import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { filesAt, readNodeFile } from '../../src/node-files/files.ts'

t.test('of a folder the files that may be of use are read, in order', async t => {
  const folder = t.testdir({ b: { 'hosts.toml': '' }, 'a.yml': '', 'c.json': '', 'd.yaml': '', 'ca.crt': '' })
  const files = ['a.yml', 'b/hosts.toml', 'c.json', 'd.yaml'].map(name => join(folder, name))
  t.strictSame(await filesAt(folder), { files, isFolder: true })
  t.strictSame(await filesAt(files[0] ?? ''), { files: [files[0]], isFolder: false })
})

t.test('a folder with too much in it is refused', async t => {
  const folder = t.testdir({ many: {}, deep: {} })
  for (let i = 0; i <= 2000; i++) writeFileSync(join(folder, 'many', `${i}.json`), '')
  const message = 'there is too much in this folder; give the files'
  t.strictSame(await filesAt(join(folder, 'many')), { fault: { file: join(folder, 'many'), message } })
  for (let i = 0; i < 3; i++) mkdirSync(join(folder, 'deep', `${i}`, 'a'), { recursive: true })
  t.match(await filesAt(join(folder, 'deep'), 5), { fault: { message } })
  t.strictSame(await filesAt(join(folder, 'deep'), 6), { files: [], isFolder: true })
})

t.test('a file has a size, and is text', async t => {
  const folder = t.testdir({
    ok: 'ü',
    large: Buffer.alloc(256 * 1024 + 1, 'a'),
    nul: 'a\0',
    latin: Buffer.from([0xfc]),
  })
  const faultOf = async (name: string) => Object(await readNodeFile(join(folder, name))).fault?.message
  t.match(await readNodeFile(join(folder, 'ok')), { text: 'ü' })
  t.equal(await faultOf('large'), 'larger than 256 KiB; leave it out')
  t.equal(await faultOf('nul'), 'not text in UTF-8; leave it out')
  t.equal(await faultOf('latin'), 'not text in UTF-8; leave it out')
  t.match(await faultOf('none'), 'cannot be read (ENOENT)')
})

t.test('a device without an end is read no further than that', { skip: process.platform !== 'linux' }, async t => {
  t.match(await readNodeFile('/dev/zero'), { fault: { message: 'larger than 256 KiB; leave it out' } })
})
