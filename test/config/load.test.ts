import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { loadConfiguration } from '../../src/config/load.ts'

const GOOD = 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\nmode: audit\n'

t.test('a file is read, and named in what it decides', async t => {
  const file = join(t.testdir({ 'a.yaml': GOOD }), 'a.yaml')
  const { reading, digest } = await loadConfiguration(file)
  t.match(reading, { ok: true, settings: { mode: 'audit' } })
  t.equal(reading.ok && reading.provenance.get('mode'), `${file}:3`)
  t.match(digest, /^[0-9a-f]{64}$/)
})

t.test('the digest tells contents apart, not files', async t => {
  const folder = t.testdir({ a: GOOD, b: GOOD, c: `${GOOD}#` })
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(name => loadConfiguration(join(folder, name))))
  t.equal(a?.digest, b?.digest)
  t.not(a?.digest, c?.digest)
})

t.test('a pipe is read to its end', async t => {
  const file = join(t.testdir(), 'pipe')
  execFileSync('sh', ['-c', 'mkfifo "$0"', file])
  const [loaded] = await Promise.all([loadConfiguration(file), writeFile(file, GOOD)])
  t.match(loaded, { reading: { ok: true, settings: { mode: 'audit' } } })
})

const unreadable: { name: string; make: (file: string) => string; message: string }[] = [
  { name: 'no file', make: file => file, message: 'no such file or folder' },
  {
    name: 'a folder',
    make: file => {
      mkdirSync(file)
      return file
    },
    message: 'is a folder, not a file',
  },
  {
    name: 'a path that no file can have',
    make: file => `${file}\0`,
    message: 'cannot be read (ERR_INVALID_ARG_VALUE)',
  },
  { name: 'a device without end', make: () => '/dev/zero', message: 'is larger than 1 MiB' },
  {
    name: 'text in another encoding',
    make: file => {
      writeFileSync(file, Buffer.from([0x6d, 0xff, 0xfe]))
      return file
    },
    message: 'is not UTF-8',
  },
]

for (const { name, make, message } of unreadable) {
  t.test(`refused in one sentence: ${name}`, async t => {
    const { reading } = await loadConfiguration(make(join(t.testdir(), 'regcred.yaml')))
    t.strictSame(reading, { ok: false, faults: [{ path: '', message }] })
  })
}
