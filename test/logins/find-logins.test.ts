import t from 'tap'
import { encodeUtf8 } from '../../src/kubelet/go/utf8.ts'
import type { CredentialHelpers, HelperAnswer } from '../../src/logins/credential-helper.ts'
import { parseDockerLogins } from '../../src/logins/docker-logins.ts'
import { faultOfUser, LoginFinder } from '../../src/logins/find-logins.ts'
import { DOCKER_HUB_KEY } from '../../src/logins/registry-key.ts'

const FILE = '/home/jane/.docker/config.json'
const FILE_LOGIN = { auth: btoa('joe:pw') }

/** A finder over a docker config, and the questions that it asks. What helpers know, by `helper server`. */
function finderOf(
  config: object,
  known: Readonly<Record<string, HelperAnswer | [string, string]>> = {},
  more?: string[],
) {
  const logins = parseDockerLogins('dockerconfigjson', encodeUtf8(JSON.stringify(config)))
  if (typeof logins === 'string') throw new Error(logins)
  const asked: string[] = []
  const helpers: CredentialHelpers = {
    async get(helper, server) {
      asked.push(`${helper} ${server}`)
      const answer = known[`${helper} ${server}`] ?? { state: 'absent' }
      return Array.isArray(answer) ? { state: 'value', user: answer[0], password: answer[1] } : answer
    },
    list: async () => ({ state: 'value', users: {} }),
  }
  return { finder: new LoginFinder({ ok: true, file: FILE, logins }, helpers, more), asked }
}

const login = (registry: string, user: string, password: string, from: string) => ({
  ok: true,
  login: { registry, user, password },
  from,
})

t.test('a login of the file is found by any form of its key, and by what it is above of', async t => {
  const auths = { 'https://ghcr.io/v1/': FILE_LOGIN, 'registry-1.docker.io': FILE_LOGIN, 'GHCR.io': {} }
  const { finder, asked } = finderOf({ auths })
  t.strictSame(await finder.find('ghcr.io'), login('ghcr.io', 'joe', 'pw', FILE))
  t.strictSame(await finder.find('ghcr.io/acme/web'), login('ghcr.io/acme/web', 'joe', 'pw', FILE))
  t.strictSame(await finder.find(DOCKER_HUB_KEY), login(DOCKER_HUB_KEY, 'joe', 'pw', FILE))
  t.strictSame(await finder.find('docker.io/acme'), login('docker.io/acme', 'joe', 'pw', FILE))
  t.strictSame(finder.registries, ['ghcr.io', DOCKER_HUB_KEY])
  t.strictSame(asked, [])
})

t.test('the nearest scope wins', async t => {
  const { finder } = finderOf({ auths: { 'ghcr.io': FILE_LOGIN, 'ghcr.io/acme': { auth: btoa('ann:aw') } } })
  t.strictSame(await finder.find('ghcr.io/acme'), login('ghcr.io/acme', 'ann', 'aw', FILE))
  t.strictSame(await finder.find('ghcr.io/other'), login('ghcr.io/other', 'joe', 'pw', FILE))
})

t.test('the store is asked by the name under which it was logged in to, and a helper by its own', async t => {
  const config = {
    auths: { 'https://ghcr.io': {} },
    credsStore: 'desktop',
    credHelpers: { '1.dkr.ecr.eu.amazonaws.com': 'ecr-login' },
  }
  const known = {
    'desktop https://ghcr.io': ['ann', 'aw'] as [string, string],
    'desktop quay.io': ['quin', 'qw'] as [string, string],
    'ecr-login 1.dkr.ecr.eu.amazonaws.com': ['AWS', 'ew'] as [string, string],
  }
  const { finder, asked } = finderOf(config, known)
  t.strictSame(await finder.find('ghcr.io'), login('ghcr.io', 'ann', 'aw', 'docker-credential-desktop'))
  t.strictSame(await finder.find('quay.io'), login('quay.io', 'quin', 'qw', 'docker-credential-desktop'))
  const ecr = '1.dkr.ecr.eu.amazonaws.com'
  t.strictSame(await finder.find(ecr), login(ecr, 'AWS', 'ew', 'docker-credential-ecr-login'))
  t.strictSame(asked, ['desktop https://ghcr.io', 'desktop quay.io', `ecr-login ${ecr}`])
})

t.test('an empty helper stands for the file, whatever the store', async t => {
  const { finder, asked } = finderOf({
    auths: { 'ghcr.io': FILE_LOGIN },
    credsStore: 'desktop',
    credHelpers: { 'ghcr.io': '' },
  })
  t.strictSame(await finder.find('ghcr.io'), login('ghcr.io', 'joe', 'pw', FILE))
  t.strictSame(asked, [])
})

t.test('what is in the file counts where the store has nothing, or fails', async t => {
  const config = { auths: { 'ghcr.io': FILE_LOGIN, 'quay.io': {} }, credsStore: 'desktop' }
  const fault = { state: 'fault', fault: 'docker-credential-desktop is not on the PATH; install it' } as const
  for (const answer of [{ state: 'absent' }, fault] as const) {
    const { finder } = finderOf(config, { 'desktop ghcr.io': answer })
    t.strictSame(await finder.find('ghcr.io'), login('ghcr.io', 'joe', 'pw', FILE))
  }
  const { finder } = finderOf(config, { 'desktop quay.io': fault })
  t.strictSame(await finder.find('quay.io'), { ok: false, fault: `quay.io: ${fault.fault}` })
})

t.test('an identity token is refused with what helps, wherever it is kept', async t => {
  const advice =
    'only an identity token, which Kubernetes does not use; make a service principal, or an access token that may pull, and give it: --username USER'
  const inFile = finderOf({ auths: { 'acme.azurecr.io': { auth: btoa('0:'), identitytoken: 'hunter2' } } })
  t.strictSame(await inFile.finder.find('acme.azurecr.io'), {
    ok: false,
    fault: `acme.azurecr.io: ${FILE} has ${advice}`,
  })
  const stored = finderOf({ credsStore: 'desktop' }, { 'desktop acme.azurecr.io': ['<token>', 'hunter2'] })
  t.strictSame(await stored.finder.find('acme.azurecr.io'), {
    ok: false,
    fault: `acme.azurecr.io: docker-credential-desktop has ${advice}`,
  })
  const beside = finderOf({
    auths: { a: { ...FILE_LOGIN, identitytoken: 'x' }, 'a.io': { ...FILE_LOGIN, identitytoken: 'x' } },
  })
  t.match(await beside.finder.find('a.io'), { ok: true }, 'beside a password it changes nothing')
})

t.test('a user name that could not be written, or seen, is refused', async t => {
  for (const [user, what] of [
    ['a:b', 'its user name has a colon, which ends a user name'],
    ['a\u001b[2J', 'its user name has a control character'],
  ] as const) {
    const { finder } = finderOf({ auths: { 'ghcr.io': { username: user, password: 'hunter2' } } })
    t.strictSame(await finder.find('ghcr.io'), { ok: false, fault: `ghcr.io: ${what}, in ${FILE}` })
  }
  t.equal(faultOfUser(''), 'its user name is empty')
  t.equal(faultOfUser('janedoe'), undefined)
})

t.test('where there is none, the command is named that logs in', async t => {
  const { finder } = finderOf({ auths: { 'ghcr.io': { username: 'joe' } } })
  const list = 'first; regcred secret --list shows what there is'
  t.strictSame(await finder.find('ghcr.io/a'), {
    ok: false,
    fault: `${FILE} has no login for ghcr.io/a: docker login ghcr.io ${list}`,
  })
  t.strictSame(await finder.find(DOCKER_HUB_KEY), {
    ok: false,
    fault: `${FILE} has no login for Docker Hub: docker login ${list}`,
  })
})

t.test(
  'keys that only a store knows are there too, and neither what matches nothing nor what Docker keeps for itself',
  async t => {
    const config = { auths: { 'https://index.docker.io/v1/access-token': FILE_LOGIN, registry: FILE_LOGIN } }
    const { finder } = finderOf(config, {}, ['quay.io', 'user:pw@quay.io', 'A Keychain Item'])
    t.strictSame(finder.registries, ['quay.io'])
  },
)

t.test('ten thousand entries are put in order in a moment', async t => {
  const auths = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`r${i}.example.com`, FILE_LOGIN]))
  const started = performance.now()
  const { finder } = finderOf({ auths })
  t.match(await finder.find('r9999.example.com'), { ok: true })
  t.ok(performance.now() - started < 20_000)
})
