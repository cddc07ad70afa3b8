import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readAuthorities, readPair } from '../../src/commands/certificates.ts'
import { CommandError } from '../../src/commands/command-error.ts'
import { issueCertificate } from '../../src/tls/issue.ts'

const folder = t.testdir()
const at = (name: string) => join(folder, name)
const { ca, cert, key } = await issueCertificate(['localhost'])
writeFileSync(at('ca.crt'), ca)
writeFileSync(at('tls.crt'), cert)
writeFileSync(at('tls.key'), key)

t.test('a pair is read from two files', async t => {
  t.strictSame(await readPair(at('tls.crt'), at('tls.key')), { cert, key })
})

t.test('authorities are read from a file', async t => {
  t.equal(await readAuthorities(at('ca.crt')), ca)
})

t.test('what cannot be used is a sentence that names the file', async t => {
  const cases = [
    {
      name: 'no file',
      read: () => readPair(at('tls.crt'), at('none')),
      message: `--tls-private-key-file: cannot read ${at('none')} (ENOENT); check the path and its permissions`,
    },
    {
      name: 'a folder',
      read: () => readPair(folder, at('tls.key')),
      message: `--tls-cert-file: cannot read ${folder} (EISDIR); check the path and its permissions`,
    },
    {
      name: 'a certificate for a key',
      read: () => readPair(at('tls.crt'), at('tls.crt')),
      message: `${at('tls.crt')}, ${at('tls.crt')}: the private key is not PEM without a passphrase; give the file that holds the key`,
    },
    {
      name: 'a key for an authority',
      read: () => readAuthorities(at('tls.key')),
      message: `${at('tls.key')}: this is no list of authorities; give PEM certificates that may sign others`,
    },
    {
      name: 'no file of authorities',
      read: () => readAuthorities(at('none')),
      message: `--client-ca-file: cannot read ${at('none')} (ENOENT); check the path and its permissions`,
    },
  ]
  for (const { name, read, message } of cases) {
    await t.rejects(
      read().then(() => undefined),
      new CommandError(message),
      name,
    )
  }
})
