import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { faultOfAuthorities, faultOfPair } from '../src/tls/pair.ts'

const run = promisify(execFile)

t.test('a development certificate for this machine', async t => {
  const folder = t.testdir()
  const script = join(import.meta.dirname, '../certs/issue.ts')
  const { stdout, stderr } = await run(process.execPath, [script, folder])
  const [ca, cert, key] = ['ca.crt', 'tls.crt', 'tls.key'].map(name => join(folder, name))
  if (ca === undefined || cert === undefined || key === undefined) throw new Error('three files')
  t.equal(stdout, `${ca}\n${cert}\n${key}\n`)
  t.equal(stderr, '')
  const pair = { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') }
  t.equal(faultOfPair(pair, Date.now()), undefined)
  t.equal(faultOfAuthorities(await readFile(ca, 'utf8')), undefined)
  const leaf = new X509Certificate(pair.cert)
  t.ok(leaf.checkIssued(new X509Certificate(await readFile(ca))))
  for (const name of ['localhost', '127.0.0.1', '::1']) t.ok(leaf.checkHost(name) ?? leaf.checkIP(name), name)
  t.equal((await stat(key)).mode & 0o077, 0, 'the key is for its owner alone')
})
