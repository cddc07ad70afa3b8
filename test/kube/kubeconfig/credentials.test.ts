import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openKubeConfig, type User } from '../../../src/kube/kubeconfig/credentials.ts'

const CLUSTER = { server: 'https://c.example' }

/** Puts a file in the place of another, whole, as the kubelet and most programs do. */
function replaceFile(file: string, content: string): void {
  writeFileSync(`${file}.new`, content)
  renameSync(`${file}.new`, file)
}

t.test('what a user has makes one Authorization', async t => {
  const folder = t.testdir({ token: ' of-a-file\n' })
  const tokenFile = join(folder, 'token')
  const cases: { readonly name: string; readonly user: User; readonly authorization?: string }[] = [
    { name: 'nothing', user: {} },
    { name: 'a token', user: { token: 'a-token' }, authorization: 'Bearer a-token' },
    { name: 'a token with a line break', user: { token: 'a-token\n' }, authorization: 'Bearer a-token' },
    { name: 'a token file, before a token', user: { tokenFile, token: 'a' }, authorization: 'Bearer of-a-file' },
    { name: 'a password', user: { username: 'u', password: 'p' }, authorization: `Basic ${btoa('u:p')}` },
    { name: 'a user without a password', user: { username: 'u' }, authorization: `Basic ${btoa('u:')}` },
    { name: 'a token, before a password', user: { username: 'u', token: 'a' }, authorization: 'Bearer a' },
    { name: 'somebody else', user: { impersonate: { user: 'bob', groups: [] } } },
  ]
  for (const { name, user, authorization } of cases) {
    const { headers } = await openKubeConfig(CLUSTER, user).credentials()
    t.equal(headers['Authorization'], authorization, name)
  }
})

t.test('a token file and a client certificate that are replaced are read again', async t => {
  const folder = t.testdir({ token: 'first', crt: 'first', key: 'first', ca: 'first' })
  const file = (name: string) => join(folder, name)
  const user = { tokenFile: file('token'), certFile: file('crt'), keyFile: file('key') }
  const kubeConfig = openKubeConfig({ ...CLUSTER, caFile: file('ca') }, user)
  for (const content of ['first', 'second']) {
    for (const name of ['token', 'crt', 'key', 'ca']) replaceFile(file(name), content)
    const pem = Buffer.from(content)
    t.strictSame(await kubeConfig.credentials(), {
      tls: { ca: pem, cert: pem, key: pem },
      headers: { Authorization: `Bearer ${content}` },
    })
  }
})

t.test('what cannot be read is an error without what stands there', async t => {
  const folder = t.testdir({ token: '\n' })
  const file = (name: string) => join(folder, name)
  const of = (user: User) => openKubeConfig(CLUSTER, user).credentials()
  await t.rejects(of({ tokenFile: file('token') }), { message: `${file('token')} is empty` })
  await t.rejects(of({ tokenFile: file('none') }), { code: 'ENOENT' })
  await t.rejects(of({ certFile: file('none') }), { code: 'ENOENT' })
})

t.test('a plugin gives a token and a certificate, and is run again when they have ended', async t => {
  const folder = t.testdir({ runs: {} })
  const status = { token: 'of-the-plugin', clientCertificateData: 'crt', clientKeyData: 'key' }
  const expired = { status: { ...status, expirationTimestamp: '2000-01-01T00:00:00Z' } }
  const script = (answer: object) =>
    `fs.mkdtempSync(${JSON.stringify(join(folder, 'runs/'))}); console.log(${JSON.stringify(JSON.stringify(answer))})`
  const runs = () => readdirSync(join(folder, 'runs')).length
  for (const { answer, times } of [
    { answer: { status }, times: 1 },
    { answer: expired, times: 2 },
  ]) {
    for (const run of readdirSync(join(folder, 'runs'))) rmSync(join(folder, 'runs', run), { recursive: true })
    const plugin = { exec: { command: process.execPath, args: ['-e', script(answer)] } }
    const kubeConfig = openKubeConfig(CLUSTER, { plugin, certData: btoa('another') })
    for (const _ of [1, 2]) {
      t.strictSame(await kubeConfig.credentials(), {
        tls: { cert: 'crt', key: 'key' },
        headers: { Authorization: 'Bearer of-the-plugin' },
      })
    }
    t.equal(runs(), times)
  }
})

t.test('what the kubeconfig says itself goes before what a plugin says', async t => {
  const credential = { status: { token: 'of-the-plugin' } }
  const exec = { command: process.execPath, args: ['-e', `console.log('${JSON.stringify(credential)}')`] }
  const { tls, headers } = await openKubeConfig(CLUSTER, { plugin: { exec }, token: 'own' }).credentials()
  t.strictSame({ tls, headers }, { tls: {}, headers: { Authorization: 'Bearer own' } })
})
