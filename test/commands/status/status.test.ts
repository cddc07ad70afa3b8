import { PassThrough } from 'node:stream'
import t from 'tap'
import { AskError } from '../../../src/ask/ask-error.ts'
import { statusCommand } from '../../../src/commands/status/status.ts'
import { issueCertificate } from '../../../src/tls/issue.ts'
import { FakeClock } from '../../runtime/fake-clock.ts'
import { ANSWERS, askStatus, issued, named, namespace, release } from '../../status/release.ts'
import { runCommand } from '../ask/run-command.ts'
import { type Refusal, startCluster } from '../ask/stored-cluster.ts'

const until = (days: number) =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    Date.now() + days * 86_400_000,
  )

t.test('a release that is as it should be', async t => {
  const { out, status, asked } = await askStatus(t, release())
  t.equal(
    out,
    `Deployment regcred/regcred
✓ version 0.1.0, as this program
✓ 2 of 2 replicas ready
✓ 3 webhooks are registered: mutate, validate and secrets
✓ the certificate is good until ${until(365)}, and the webhooks trust it
✓ a dry-run Pod in namespace team-a was answered in N ms
✓ mode is warn
✓ failurePolicy is Fail for Pods
regcred is ready.
`,
  )
  t.equal(status, 0)
  t.strictSame(
    asked.filter(path => path.startsWith('POST')),
    ['POST /api/v1/namespaces/team-a/pods'],
    'nothing else is sent',
  )
})

t.test('what works and somebody should know has another sign', async t => {
  const namespaces = [
    namespace('default'),
    namespace('a', { 'regcred.dev/mode': 'off' }),
    namespace('b', { 'regcred.dev/mode': 'off' }),
    namespace('c', { 'regcred.dev/inject': 'disabled' }),
    namespace('legacy'),
    namespace('exempt'),
  ]
  const config = 'mode: enforce\nexemptions: {namespaces: [exempt]}\n'
  const objects = release({ failurePolicy: 'Ignore', version: '0.0.9', namespaces, config })
  const { out, status } = await askStatus(t, objects)
  t.match(out, '! version 0.0.9, and this program is 0.1.0\n')
  t.match(
    out,
    `! mode is enforce; off in 2 namespaces: a and b; adding nothing in namespace c; not asked in 2
  namespaces: legacy and exempt
! failurePolicy is Ignore: while regcred does not answer, Pods are let through
regcred is ready.`,
  )
  t.equal(status, 0)
})

t.test('a rollout, and replicas of two versions, are told', async t => {
  const objects = release({ replicas: { readyReplicas: 2, updatedReplicas: 1 }, podVersions: ['0.2.0', '0.1.0'] })
  const { out } = await askStatus(t, objects)
  t.match(out, '! replicas have the versions 0.1.0, 0.2.0\n! 2 of 2 replicas ready, and a rollout is under way\n')
})

const soon = await issueCertificate(['regcred.regcred.svc'], { lifetime: 3 * 86_400_000 })
const old = await issueCertificate(['regcred.regcred.svc'], { lifetime: 1000, now: Date.now() - 86_400_000 })
const other = await issueCertificate(['other.example.com'])
const encode = (value: string) => Buffer.from(value).toString('base64')

const faults = [
  {
    name: 'no replica is ready',
    tweaks: { replicas: {} },
    says: /^✗ 0 of 2 replicas ready\n {2}→ See why: kubectl describe pods --namespace regcred --selector regcred.dev\/release=regcred$/m,
  },
  { name: 'one of two is', tweaks: { replicas: { readyReplicas: 1 } }, says: /^✗ 1 of 2 replicas ready$/m },
  {
    name: 'one is wanted where it does not say',
    tweaks: { replicas: {}, deploymentSpec: {} },
    says: /^✗ 0 of 1 replicas ready$/m,
  },
  {
    name: 'none is wanted',
    tweaks: { deploymentSpec: { replicas: 0 } },
    says: /^✗ no replica is wanted \(replicas is 0\)\n {2}→ Start some: kubectl scale deployment regcred --namespace regcred --replicas 2$/m,
  },
  {
    name: 'the webhooks are deleted',
    tweaks: { webhooks: [] },
    says: /^✗ no webhook is registered, so regcred is asked about nothing\n {2}→ An upgrade registers them again; see: helm list --namespace regcred$/m,
  },
  { name: 'a caBundle is missing', tweaks: { caBundle: '' }, says: /^✗ webhook "mutate" has no caBundle yet$/m },
  {
    name: 'a caBundle is of another CA',
    tweaks: { caBundle: encode(other.ca) },
    says: /^✗ webhook "mutate" has a caBundle that does not fit the certificate\n {2}→ See why: kubectl logs --namespace regcred deployment\/regcred$/m,
  },
  {
    name: 'the certificate is not there',
    tweaks: { cert: '' },
    says: /^✗ Secret "regcred-tls" holds no certificate yet$/m,
  },
  {
    name: 'the Secret is not there',
    tweaks: { args: ['--tls-self-managed-secret=none'] },
    says: /^✗ Secret "none" does not exist$/m,
  },
  {
    name: 'the certificate has expired',
    tweaks: { cert: old.cert, caBundle: encode(`${old.cert}${issued.ca}`), webhooks: [] },
    says: new RegExp(`^✗ the certificate expired on ${until(-1)}$`, 'm'),
  },
] as const

for (const { name, tweaks, says } of faults) {
  t.test(`not ready: ${name}`, async t => {
    const { out, status } = await askStatus(t, release(tweaks))
    t.match(out, says)
    t.match(out, /\nregcred is not ready\.\n$/)
    t.equal(status, 1)
  })
}

t.test('a certificate that was not renewed in time', async t => {
  const { out, status } = await askStatus(t, release({ cert: soon.cert, caBundle: encode(soon.ca) }))
  t.match(out, `! the certificate was not renewed: good until ${until(3)}, and the webhooks trust it`)
  t.equal(status, 0)
})

t.test("cert-manager's certificate is in the Secret that is mounted", async t => {
  const volumes = [{ name: 'tls', secret: { secretName: 'regcred-tls' } }]
  const { out, status } = await askStatus(t, release({ args: ['serve'], volumes, webhooks: ['mutate'] }))
  t.match(out, `✓ the certificate is good until ${until(365)}`)
  t.match(out, '? the ConfigMap of the configuration is not known\n')
  t.match(out, '✓ a webhook is registered: mutate\n')
  t.equal(status, 0)
  const unknown = await askStatus(t, release({ args: ['serve'] }))
  t.match(unknown.out, '? the Secret of the certificate is not known\n')
  const none = await askStatus(t, release({ webhooks: [] }))
  t.match(none.out, new RegExp(`✓ the certificate is good until ${until(365)}\n`))
})

t.test('where there is none it says so', async t => {
  const { out, status } = await askStatus(t, [namespace('default')])
  t.match(out, /^✗ no regcred was found: no Deployment has the label regcred.dev\/release\n {2}→ To look elsewhere: /)
  t.equal(status, 1)
  const elsewhere = await askStatus(t, release(), { namespace: 'team-a' })
  t.match(elsewhere.out, /^✗ no regcred was found/)
})

t.test('of two releases each is told of', async t => {
  const second = named('Deployment', 'second', {}, { namespace: 'two', labels: { 'regcred.dev/release': 'second' } })
  const { out, status } = await askStatus(t, [...release(), second])
  t.match(out, /\n\nDeployment two\/second\n! version unknown, and this program is 0\.1\.0\n✗ 0 of 1 replicas ready/)
  t.equal(status, 1)
  const many = Array.from({ length: 20 }, (_, i) => ({ ...second, metadata: { ...second.metadata, name: `r${i}` } }))
  t.equal((await askStatus(t, many)).out.match(/^Deployment /gm)?.length, 10)
})

const forbid =
  (paths: RegExp): Refusal =>
  ({ path, method }) =>
    paths.test(`${method} ${path}`) ? [403, 'Forbidden'] : undefined

t.test('what may not be read is told, and takes nothing from the rest', async t => {
  const refuses = forbid(/^GET .*\/(?:secrets|configmaps|pods)\b|\/namespaces$/)
  const { out, status } = await askStatus(t, release(), {}, { createDry: ANSWERS, refuses })
  t.match(out, '✓ 2 of 2 replicas ready')
  t.match(out, '? you may not get secrets in namespace "regcred" (403)')
  t.match(out, '? you may not get configmaps in namespace "regcred" (403); you may not list namespaces')
  t.match(out, '✓ a dry-run Pod in namespace team-a was answered in N ms\n')
  t.equal(status, 0, 'an answer proves more than all that could be read')
})

t.test('where nothing proves it the exit status says so', async t => {
  const refuses = forbid(/secrets|POST/)
  const { out, status } = await askStatus(t, release(), {}, { refuses })
  t.match(out, '? no dry-run Pod could be made: ')
  t.match(out, /\nWhether regcred is ready could not be found out\.\n$/)
  t.equal(status, 2)
  const enough = await askStatus(t, release(), {}, { refuses: forbid(/POST/) })
  t.equal(enough.status, 0, 'replicas, webhooks and a certificate that they trust are enough')
})

t.test('who may not look everywhere is shown the namespace of the context, and the usual one', async t => {
  const { out, status, asked } = await askStatus(
    t,
    release(),
    {},
    { createDry: ANSWERS, refuses: forbid(/v1\/deployments$/) },
  )
  t.match(out, /^Deployment regcred\/regcred\n/)
  t.equal(status, 0)
  t.ok(asked.includes('/apis/apps/v1/namespaces/team-a/deployments regcred.dev/release'))
})

t.test('who may not look at Deployments at all sees what answers', async t => {
  const refuses = forbid(/deployments/)
  const { out, status } = await askStatus(t, release({ failurePolicy: '' }), {}, { createDry: ANSWERS, refuses })
  t.match(out, /^\? you may not list deployments in namespace "team-a" \(403\)/)
  t.match(out, '✓ 3 webhooks are registered')
  t.match(out, '✓ a dry-run Pod in namespace team-a was answered in N ms\n')
  t.match(out, '✓ failurePolicy is Fail for Pods\n')
  t.equal(status, 0)
  const blind = await askStatus(t, release(), { namespace: 'regcred' }, { refuses: forbid(/deployments|webhook/) })
  t.match(blind.out, /^regcred in namespace regcred\n\? you may not list deployments in namespace "regcred"/)
  t.match(blind.out, '? you may not list mutatingwebhookconfigurations of the whole cluster (403)')
  t.equal(blind.status, 2)
})

t.test('a configuration with errors, and none', async t => {
  const broken = await askStatus(t, release({ config: 'mode: loud\n' }))
  t.match(broken.out, '? the configuration in ConfigMap "regcred" has errors, and replicas do not start with it\n')
  const objects = release().filter(({ kind }) => kind !== 'ConfigMap')
  t.match((await askStatus(t, objects)).out, '? ConfigMap "regcred" does not exist\n')
  t.match((await askStatus(t, release({ config: 'mode: audit\n' }))).out, '! mode is audit\n')
})

t.test('for programs there is JSON', async t => {
  const { out, status } = await askStatus(t, release(), { output: 'json' })
  t.match(JSON.parse(out), {
    version: 1,
    ready: true,
    releases: [
      {
        namespace: 'regcred',
        name: 'regcred',
        parts: [
          { part: 'version', state: 'good', facts: { client: '0.1.0', server: ['0.1.0'] } },
          { part: 'replicas', state: 'good', facts: { ready: 2, wanted: 2, updated: 2 } },
          { part: 'webhooks', facts: { registered: ['mutate', 'validate', 'secrets'] } },
          { part: 'certificate', facts: { secret: 'regcred-tls', notAfter: /Z$/ } },
          { part: 'dryRun', facts: { namespace: 'team-a' } },
          { part: 'mode', facts: { mode: 'warn', off: [], optedOut: [], notAsked: [] } },
          { part: 'failurePolicy', facts: { mutate: 'Fail', validate: 'Fail' } },
        ],
      },
    ],
  })
  t.equal(status, 0)
  const refuses = forbid(/secrets|POST/)
  const unknown = await askStatus(t, release(), { output: 'json' }, { refuses })
  t.match(JSON.parse(unknown.out), { ready: null })
  const none = await askStatus(t, [], { output: 'json' })
  t.match(JSON.parse(none.out), { ready: false, releases: [] })
})

t.test('hostile names do nothing to a terminal', async t => {
  const evil = 'a\u001b[2J\u202ee\nfine'
  const objects = release({
    version: evil,
    podVersions: [],
    namespaces: [namespace(evil, { 'regcred.dev/mode': 'off' })],
  })
  const { out } = await askStatus(t, objects)
  t.notMatch(out, '\u001b')
  t.notMatch(out, '\u202e')
  t.notMatch(out, /^fine/m)
})

t.test('a cluster that does not answer is one sentence', async t => {
  const refuses: Refusal = () => [500, 'InternalError']
  await t.rejects(askStatus(t, [], {}, { refuses }), { constructor: AskError, message: /has an error \(500/ })
})

t.test('it waits until time is up', async t => {
  const clock = new FakeClock()
  const answer = askStatus(t, release({ replicas: {} }), { wait: 1000 }, { createDry: ANSWERS, clock })
  await clock.sleepOf(1000, 1000)
  clock.advance(1000)
  t.match(await answer, { status: 1, out: /\nregcred is not ready\.\n$/ })
})

t.test('what becomes of Pods while nobody answers may differ from webhook to webhook', async t => {
  const objects = release().map(one =>
    one.kind === 'MutatingWebhookConfiguration'
      ? {
          ...one,
          webhooks: Object(one['webhooks']).map((webhook: object) => ({ ...webhook, failurePolicy: 'Ignore' })),
        }
      : one,
  )
  t.match((await askStatus(t, objects)).out, '! failurePolicy is Ignore for mutate: while regcred does not answer')
})

t.test('as it is typed', async t => {
  const { kubeconfig } = await startCluster(t, release(), { createDry: ANSWERS })
  const { out, status } = await runCommand(statusCommand, ['--wait=5', '-n', 'regcred', `--kubeconfig=${kubeconfig}`])
  t.match(out, /^Deployment regcred\/regcred\n/)
  t.equal(status, 0)
})

t.test('flags are read as kubectl has them, and a wrong one is told', async t => {
  const streams = { stdin: process.stdin, stdout: new PassThrough(), stderr: new PassThrough() }
  const run = (...args: readonly string[]) => {
    const command = statusCommand(streams)
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
    return command.parseAsync(args, { from: 'user' })
  }
  for (const wait of ['soon', '25h', '-1s', ''])
    await t.rejects(run('--wait', wait), { message: /Give a duration of at most 24h, e\.g\. 2m/ }, wait)
  await t.rejects(run('--wait', '90', '--kubeconfig=/nowhere'), { message: /^The kubeconfig \/nowhere/ })
})
