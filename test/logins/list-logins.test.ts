import t from 'tap'
import { encodeUtf8 } from '../../src/kubelet/go/utf8.ts'
import type { CredentialHelpers, HelperList } from '../../src/logins/credential-helper.ts'
import { parseDockerLogins } from '../../src/logins/docker-logins.ts'
import { listLogins } from '../../src/logins/list-logins.ts'

async function list(config: object, lists: Readonly<Record<string, HelperList>> = {}) {
  const logins = parseDockerLogins('dockerconfigjson', encodeUtf8(JSON.stringify(config)))
  if (typeof logins === 'string') throw new Error(logins)
  const asked: string[] = []
  const helpers: CredentialHelpers = {
    get: async () => {
      throw new Error('a list needs no password')
    },
    async list(helper) {
      asked.push(helper)
      return lists[helper] ?? { state: 'value', users: {} }
    },
  }
  return { asked, ...(await listLogins({ ok: true, file: '/x/config.json', logins }, helpers)) }
}

t.test('each login once, by who keeps it; stores are asked once and for no password', async t => {
  const config = {
    auths: {
      'https://index.docker.io/v1/': {},
      'ghcr.io': { auth: btoa('joe:pw') },
      'https://user:pw@quay.io': {},
      'acme.azurecr.io': { identitytoken: 'x' },
      'ecr.example.com': {},
      'https://index.docker.io/v1/access-token': {},
    },
    credsStore: 'desktop',
    credHelpers: { 'ecr.example.com': 'ecr-login', 'gcr.io': 'gcloud', 'eu.gcr.io': 'gcloud' },
  }
  const users = { 'https://index.docker.io/v1/': 'jane', 'only.example.com': 'ann', 'token.example.com': '<token>' }
  const { asked, logins, onlyInStores, faults } = await list(config, {
    desktop: { state: 'value', users },
    'ecr-login': { state: 'value', users: { 'ecr.example.com': 'AWS' } },
    gcloud: { state: 'fault', fault: 'docker-credential-gcloud is not on the PATH; install it' },
  })
  t.strictSame(asked, ['desktop', 'ecr-login', 'gcloud'])
  t.strictSame(
    logins.map(({ registry, user, keptIn }) => [registry, user, keptIn]),
    [
      ['https://index.docker.io/v1/', 'jane', 'desktop'],
      ['ghcr.io', 'joe', 'config.json (readable by everyone who reads the file)'],
      ['https://quay.io', '', 'desktop'],
      ['acme.azurecr.io', '', 'config.json: only an identity token, which Kubernetes does not use'],
      ['ecr.example.com', 'AWS', 'ecr-login'],
      ['gcr.io', '', 'gcloud'],
      ['eu.gcr.io', '', 'gcloud'],
      ['only.example.com', 'ann', 'desktop'],
      ['token.example.com', '', 'desktop: only an identity token, which Kubernetes does not use'],
    ],
  )
  t.strictSame(onlyInStores, ['only.example.com', 'token.example.com'])
  t.strictSame(faults, ['docker-credential-gcloud is not on the PATH; install it'])
})

t.test('without a store what has no password is kept nowhere', async t => {
  const { logins } = await list({ auths: { 'ghcr.io': { username: 'joe' } } })
  t.strictSame(logins, [{ registry: 'ghcr.io', user: 'joe', keptIn: 'nowhere: there is no password' }])
})

t.test('an empty helper stands for the file', async t => {
  const auths = { 'a.io': { auth: btoa('joe:pw') }, 'b.io': {} }
  const { asked, logins } = await list({ auths, credsStore: 'desktop', credHelpers: { 'a.io': '', 'b.io': '' } })
  t.strictSame(asked, ['desktop'])
  t.strictSame(
    logins.map(({ user, keptIn }) => [user, keptIn]),
    [
      ['joe', 'config.json (readable by everyone who reads the file)'],
      ['', 'nowhere: there is no password'],
    ],
  )
})

t.test('not every one of a thousand helpers is run', async t => {
  const credHelpers = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`r${i}.io`, `helper-${i}`]))
  const { asked, logins, faults } = await list({ credHelpers })
  t.equal(asked.length, 20)
  t.equal(logins.length, 1000)
  t.strictSame(faults, ['only 20 of 1000 credential helpers were asked'])
})

t.test('a store whose list cannot be had leaves its users out', async t => {
  const { logins, faults } = await list(
    { auths: { 'ghcr.io': {} }, credsStore: 'desktop' },
    { desktop: { state: 'fault', fault: 'it failed' } },
  )
  t.strictSame(logins, [{ registry: 'ghcr.io', user: '', keptIn: 'desktop' }])
  t.strictSame(faults, ['it failed'])
})
