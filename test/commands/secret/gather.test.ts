import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { someOf } from '../../../src/commands/secret/gather.ts'
import { installHelpers, keychain } from '../../logins/helper-program.ts'
import { loginsOf, runSecret } from './run-secret.ts'

const PASSWORD = 'hunter2'

/** Makes this process one of a person with this docker config, and with these credential helpers, until the test ends. */
function live(t: Pick<Test, 'testdir' | 'teardown'>, config: unknown, helpers: Readonly<Record<string, string>> = {}) {
  const home = t.testdir()
  const before = { ...process.env }
  t.teardown(() => {
    for (const name of ['PATH', 'DOCKER_CONFIG', 'XDG_RUNTIME_DIR']) delete process.env[name]
    Object.assign(process.env, before)
  })
  process.env['PATH'] = installHelpers(join(home, 'bin'), helpers)
  process.env['DOCKER_CONFIG'] = join(home, 'docker')
  process.env['XDG_RUNTIME_DIR'] = home
  mkdirSync(join(home, 'docker'))
  const file = join(home, 'docker/config.json')
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config))
  return file
}

const docker = (...args: string[]) => runSecret(['regcred', '-o', 'json', '--from-docker', ...args])

t.test('of several registries each is asked for once, and every one that lacks is told', async t => {
  const file = live(t, {
    auths: { 'ghcr.io': { auth: btoa(`joe:${PASSWORD}`) }, 'acme.azurecr.io': { identitytoken: PASSWORD } },
  })
  const good = await docker('--server', 'ghcr.io', '--server', 'https://ghcr.io/')
  t.strictSame(loginsOf(good.out), { 'ghcr.io': `joe:${PASSWORD}` })
  t.equal(good.err, `regcred: ghcr.io: user joe, from ${file}\n`)
  const { status, out, err } = await docker('--server', 'ghcr.io', '--server', 'acme.azurecr.io', '--server', 'quay.io')
  t.strictSame({ status, out }, { status: 2, out: '' })
  t.match(
    err,
    /^regcred: acme.azurecr.io: .* only an identity token, .* service principal.*\nregcred: .* no login for quay.io: docker login quay.io first;.*\n$/,
  )
  t.notMatch(err, PASSWORD)
})

t.test('all that Kubernetes can use, of the file, the store and the helpers; the rest is said', async t => {
  const config = {
    auths: {
      'ghcr.io': { auth: btoa('joe:1') },
      'https://index.docker.io/v1/': {},
      'gone.io': {},
      nowhere: { auth: btoa('joe:2') },
    },
    credsStore: 'desktop',
    credHelpers: { 'gcr.io': 'gcloud' },
  }
  live(t, config, {
    desktop: keychain({
      'https://index.docker.io/v1/': ['jane', '3'],
      'only.io': ['ann', '4'],
      'x.io': ['<token>', PASSWORD],
    }),
    gcloud: keychain({ 'gcr.io': ['_dcgcloud_token', '5'] }),
  })
  const { status, out, err } = await docker('--all')
  t.equal(status, 0)
  t.strictSame(loginsOf(out), {
    'ghcr.io': 'joe:1',
    'https://index.docker.io/v1/': 'jane:3',
    'gcr.io': '_dcgcloud_token:5',
    'only.io': 'ann:4',
  })
  t.match(err, /regcred: left out: .* no login for gone.io/)
  t.match(err, /regcred: left out: x.io: docker-credential-desktop has only an identity token/)
  t.notMatch(err, PASSWORD)
})

t.test('where nothing is left, there is no Secret', async t => {
  const file = live(t, { auths: { 'ghcr.io': {} } })
  const { status, out, err } = await docker('--all')
  t.strictSame({ status, out }, { status: 2, out: '' })
  t.match(err, `regcred: ${file} has no login that Kubernetes can use\nregcred: ${file} has no login for ghcr.io: `)
})

t.test('the docker config that is named is taken', async t => {
  live(t, {})
  const file = join(
    t.testdir({ 'x.json': JSON.stringify({ auths: { 'ghcr.io': { auth: btoa('ann:pw') } } }) }),
    'x.json',
  )
  const { out } = await docker('--server', 'ghcr.io', '--docker-config', file)
  t.strictSame(loginsOf(out), { 'ghcr.io': 'ann:pw' })
  const { err } = await docker('--server', 'ghcr.io', '--docker-config', `${file}x`)
  t.match(err, `regcred: there is no docker config ${file}x; `)
})

t.test('a helper that fails, floods, or says its secret where it should not, is not repeated', async t => {
  live(
    t,
    { credHelpers: { 'a.io': 'fails', 'b.io': 'floods', 'c.io': 'odd', 'd.io': '../x' } },
    {
      fails: `echo ${PASSWORD}; echo ${PASSWORD} >&2; exit 1`,
      floods: `yes ${PASSWORD} | head -c 10000000`,
      odd: `echo '{"Username": "${PASSWORD}'; echo ${PASSWORD} >&2`,
    },
  )
  const { status, out, err } = await docker(...['a.io', 'b.io', 'c.io', 'd.io'].flatMap(server => ['--server', server]))
  t.strictSame({ status, out }, { status: 2, out: '' })
  t.equal(
    err,
    [
      'a.io: docker-credential-fails failed with status 1; run docker-credential-fails list to see why',
      'b.io: docker-credential-floods printed more than 1 MiB, and was ended',
      'c.io: docker-credential-odd gave no user name and password',
      'd.io: a credential store or helper has a name that no program has, and is not run',
    ]
      .map(line => `regcred: ${line}\n`)
      .join(''),
  )
})

t.test('users, registries and files that hold controls cannot control a terminal', async t => {
  const odd = 'a\u001b[2J\u202e\n'
  const auths = {
    [odd]: { auth: btoa('u:p') },
    'ghcr.io': { username: `joe\u202e`, password: 'p' },
    'quay.io': { username: odd, password: 'p' },
  }
  live(t, { auths, credsStore: odd })
  const { out, err } = await runSecret(['regcred', '--from-docker', '--all'])
  const listed = await runSecret(['--list'])
  for (const text of [out, err, listed.out, listed.err]) t.notMatch(text, /[^\n -~äé…]/)
  t.match(err, 'regcred: ghcr.io: user joe\\u202e, from ')
  t.match(err, /left out: quay.io: .* has a name that no program has, and is not run\n/)
  t.match(listed.out, '\na\\u001b[2J\\u202e\\u000a')
})

t.test('a docker config of ten thousand logins, or of three megabytes, is read in a moment', async t => {
  const many = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, i) => [`r${i}.example.com`, { auth: btoa(`u${i}:p`) }]),
  )
  live(t, { auths: many, huge: 'x'.repeat(2_000_000) })
  const { status, out, err } = await docker('--server', 'r9999.example.com')
  t.equal(status, 0, err)
  t.strictSame(loginsOf(out), { 'r9999.example.com': 'u9999:p' })
  const listed = await runSecret(['--list'])
  t.equal(listed.out.split('\n').length, 10_002)
  const json = await runSecret(['--list', '-o', 'json'])
  t.equal(JSON.parse(json.out).length, 10_000)
  const all = await docker('--all')
  t.equal(all.status, 0, all.err)
  t.equal(Object.keys(loginsOf(all.out)).length, 10_000)
  t.equal(all.err.split('\n').length, 22, 'and is not told of at length')
})

t.test('a store is not asked ten thousand questions', async t => {
  const auths = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`r${i}.example.com`, {}]))
  live(t, { auths, credsStore: 'desktop' }, { desktop: keychain({}) })
  const { status, err } = await docker('--all')
  t.equal(status, 2)
  t.equal(err, 'regcred: there are more than 200 logins to ask a credential store for; choose: --server REGISTRY\n')
})

t.test('a Secret that would be too large is refused', async t => {
  const auths = Object.fromEntries(
    Array.from({ length: 300 }, (_, i) => [`r${i}.io`, { username: 'u', password: 'x'.repeat(5000) }]),
  )
  live(t, { auths })
  const { status, out, err } = await docker('--all')
  t.strictSame({ status, out }, { status: 2, out: '' })
  t.match(err, /regcred: the Secret would be larger than 1 MiB/)
})

t.test('a password on standard input', async t => {
  const typed = (server: string, user: string, input: string, tty = {}) =>
    runSecret(['regcred', '-o', 'json', '--server', server, '--username', user, '--password-stdin'], input, tty)
  t.strictSame(loginsOf((await typed('ghcr.io', 'ci', `${PASSWORD}\n`)).out), { 'ghcr.io': `ci:${PASSWORD}` })
  const hub = await typed('hub.docker.com', 'ci', PASSWORD)
  t.strictSame(loginsOf(hub.out), { 'https://index.docker.io/v1/': `ci:${PASSWORD}` })
  t.equal(hub.err, 'regcred: Docker Hub is written https://index.docker.io/v1/ in a pull secret; using that\n')
  const cases = [
    [await typed('registry', 'ci', PASSWORD), /no image matches a registry that is written "registry"/],
    [await typed(`ci:${PASSWORD}@ghcr.io`, 'ci', PASSWORD), /a registry is given as host, port and path alone/],
    [
      await typed('ghcr.io', 'a:b', PASSWORD),
      /ghcr.io: its user name has a colon, which ends a user name; give another: --username USER/,
    ],
    [await typed('ghcr.io', '', PASSWORD), /ghcr.io: its user name is empty;/],
    [await typed('ghcr.io', 'ci', ''), /standard input is empty/],
    [await typed('ghcr.io', 'ci', `${PASSWORD} \n`), /the password for "ghcr.io" in Secret "regcred" ends in a blank/],
    [
      await typed('ghcr.io', 'ci', PASSWORD, { stdin: true }),
      /--password-stdin reads standard input, which is a terminal;/,
    ],
  ] as const
  for (const [{ status, out, err }, fault] of cases) {
    t.strictSame({ status, out }, { status: 2, out: '' })
    t.match(err, fault)
    t.notMatch(err, PASSWORD)
  }
})

t.test('of many lines the first are said', async t => {
  t.strictSame(someOf(['a']), ['a'])
  t.strictSame(someOf(Array.from({ length: 21 }, () => 'a')).slice(19), ['a', 'and 1 more'])
})
