import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openManifests } from '../../../src/commands/cluster.ts'
import {
  type CertificateFlags,
  openPairSource,
  readAuthorities,
  readCertificates,
  watchAuthorities,
} from '../../../src/commands/serve/certificates.ts'
import { CommandError } from '../../../src/runtime/command-error.ts'
import { issueCertificate } from '../../../src/tls/issue.ts'
import { NAMES } from '../../tls/replicas.ts'

const folder = t.testdir({ 'manifests.yaml': '' })
const at = (name: string) => join(folder, name)
const { ca, cert, key } = await issueCertificate(NAMES)
writeFileSync(at('ca.crt'), ca)
writeFileSync(at('tls.crt'), cert)
writeFileSync(at('tls.key'), key)

/** A watch alone keeps no process running; here it has to. */
const alive = setInterval(() => {}, 3_600_000)
t.teardown(() => clearInterval(alive))

const NOTHING: CertificateFlags = { tlsSelfManagedLifetime: 3_600_000, tlsServerName: [] }
const FILES: CertificateFlags = { ...NOTHING, tlsCertFile: at('tls.crt'), tlsPrivateKeyFile: at('tls.key') }
const SELF_MANAGED: CertificateFlags = {
  ...NOTHING,
  tlsSelfManagedSecret: 'regcred-tls',
  tlsServerName: NAMES,
  webhookConfiguration: 'regcred',
}

t.test('a pair is read from two files', async t => {
  t.match(await readCertificates(FILES), { way: 'files', first: { value: { cert, key } }, names: [] })
  t.match(await readCertificates({ ...FILES, tlsServerName: NAMES }), { way: 'files', names: NAMES })
})

t.test('a self-managed one needs a Secret, a name and the configurations', async t => {
  const expected = { way: 'selfManaged', secret: 'regcred-tls', configuration: 'regcred', names: NAMES }
  const lifetime = 3_600_000
  t.strictSame(await readCertificates(SELF_MANAGED), { ...expected, namespace: undefined, lifetime })
  const elsewhere = { ...SELF_MANAGED, tlsSelfManagedNamespace: 'a', tlsServerName: ['127.0.0.1'] }
  t.match(await readCertificates(elsewhere), { namespace: 'a', names: ['127.0.0.1'] })
})

t.test('what cannot be used is a sentence that says what to do', async t => {
  const noWay = 'no certificate to serve; give --tls-cert-file and --tls-private-key-file, or --tls-self-managed-secret'
  const both = 'give certificate files or --tls-self-managed-secret, not both'
  const cases: { name: string; read: () => Promise<unknown>; message: string }[] = [
    { name: 'no way', read: () => readCertificates(NOTHING), message: noWay },
    { name: 'a certificate alone', read: () => readCertificates({ ...NOTHING, tlsCertFile: 'a' }), message: noWay },
    { name: 'a key alone', read: () => readCertificates({ ...NOTHING, tlsPrivateKeyFile: 'a' }), message: noWay },
    {
      name: 'both ways',
      read: () => readCertificates({ ...SELF_MANAGED, ...FILES, ...{ tlsSelfManagedSecret: 'a' } }),
      message: both,
    },
    {
      name: 'a Secret and a key',
      read: () => readCertificates({ ...SELF_MANAGED, tlsPrivateKeyFile: 'a' }),
      message: both,
    },
    {
      name: 'no name',
      read: () => readCertificates({ ...SELF_MANAGED, tlsServerName: [] }),
      message: '--tls-self-managed-secret needs --tls-server-name; give the DNS name that the API server calls',
    },
    {
      name: 'no configurations',
      read: async () => {
        const { webhookConfiguration: _, ...rest } = SELF_MANAGED
        return await readCertificates(rest)
      },
      message:
        '--tls-self-managed-secret needs --webhook-configuration; give the name of those whose caBundle to fill in',
    },
    {
      name: 'a name that no object has',
      read: () => readCertificates({ ...SELF_MANAGED, webhookConfiguration: '../x' }),
      message: '../x is not a valid object name; use lower case letters, digits, "-" and "."',
    },
    {
      name: 'a name that no server has',
      read: () => readCertificates({ ...FILES, tlsServerName: ['a b'] }),
      message: '--tls-server-name: a b is not a DNS name; give one such as a.b.svc',
    },
    {
      name: 'a certificate for another name',
      read: () => readCertificates({ ...FILES, tlsServerName: ['a.b.svc'] }),
      message: `${at('tls.crt')}, ${at('tls.key')}: the certificate is not for a.b.svc; issue it with that name`,
    },
    {
      name: 'no file',
      read: () => readCertificates({ ...FILES, tlsPrivateKeyFile: at('none') }),
      message: `--tls-private-key-file: cannot read ${at('none')} (ENOENT); check the path and its permissions`,
    },
    {
      name: 'a folder',
      read: () => readCertificates({ ...FILES, tlsCertFile: folder }),
      message: `--tls-cert-file: cannot read ${folder} (EISDIR); check the path and its permissions`,
    },
    {
      name: 'a certificate for a key',
      read: () => readCertificates({ ...FILES, tlsPrivateKeyFile: at('tls.crt') }),
      message: `${at('tls.crt')}, ${at('tls.crt')}: the private key is not PEM without a passphrase; give the file that holds the key`,
    },
    {
      name: 'a key for an authority',
      read: () => readAuthorities(at('tls.key')),
      message: `${at('tls.key')}: this is not a CA bundle; give CA certificates in PEM`,
    },
    {
      name: 'no file of authorities',
      read: () => readAuthorities(at('none')),
      message: `--client-ca-file: cannot read ${at('none')} (ENOENT); check the path and its permissions`,
    },
    {
      name: 'a Secret without a cluster',
      read: async () => {
        const [certificates, manifests] = [await readCertificates(SELF_MANAGED), await openManifests(folder)]
        return await openPairSource(certificates, manifests, silent, () => undefined)
      },
      message: '--tls-self-managed-secret needs a cluster; with --manifests give certificate files',
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

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** Puts a file in the place of another, whole. */
function replaceFile(name: string, content: string): void {
  writeFileSync(at(`${name}.new`), content)
  renameSync(at(`${name}.new`), at(name))
}

/** A log of which a test takes line by line. */
function lines() {
  const told: string[] = []
  let wake = () => {}
  const take = (fields: object, message: string) => {
    told.push(`${message} ${JSON.stringify(fields)}`)
    wake()
  }
  const next = async (): Promise<string> => {
    for (;;) {
      const line = told.shift()
      if (line !== undefined) return line
      await new Promise<void>(resolve => (wake = resolve))
    }
  }
  return { log: { info: take, warn: take, error: take }, next }
}

t.test('files are followed, and what cannot be used is refused loudly', async t => {
  const { log, next } = lines()
  const source = await openPairSource(await readCertificates(FILES), await openManifests(folder), log, () => undefined)
  const served: string[] = []
  source.start(pair => {
    served.push(pair.cert)
    log.info({}, 'served')
  })
  t.match(await next(), 'served')
  t.strictSame(source.health(), { ok: true, detail: `watches ${at('tls.crt')}` })
  replaceFile('tls.crt', 'hunter2')
  t.match(await next(), /^certificate refused; the last good one stays in effect .*the certificate is not PEM/)
  t.match(source.health(), { ok: false, detail: /is not PEM/ })
  replaceFile('tls.crt', cert)
  t.match(await next(), 'served')
  t.strictSame(served, [cert, cert])
  t.ok(source.health().ok)
  await source.stop()
})

t.test('authorities are followed', async t => {
  const { log, next } = lines()
  const read = await readAuthorities(at('ca.crt'))
  t.match(read, { file: at('ca.crt'), pem: ca })
  const used: string[] = []
  const followed = watchAuthorities(read, { useClientCa: pem => used.push(pem) }, log)
  t.teardown(() => followed.stop())
  replaceFile('ca.crt', 'hunter2')
  t.match(await next(), /^client CA bundle refused; the last good one stays in effect .*not a CA bundle/)
  replaceFile('ca.crt', `${ca}\n${ca}`)
  t.match(await next(), 'client CA bundle accepted')
  t.strictSame(used, [`${ca}\n${ca}`])
})
