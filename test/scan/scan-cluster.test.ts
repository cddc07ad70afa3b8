import { PassThrough } from 'node:stream'
import t from 'tap'
import { openAskedCluster, type ScannedCluster } from '../../src/ask/cluster.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { CommandError } from '../../src/runtime/command-error.ts'
import { remarksOn, scanCluster } from '../../src/scan/scan-cluster.ts'
import { type Refusal, startCluster } from '../commands/ask/stored-cluster.ts'
import { account, namespace, pod, secret, workload } from '../commands/scan/objects.ts'
import { scan } from '../commands/scan/run.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f']
/** In each namespace one Deployment that names a Secret that is not there. */
const OBJECTS = NAMES.flatMap(name => [
  namespace(name),
  workload('Deployment', `web-${name}`, { namespace: name, references: ['gone'] }),
])

const OPTIONS = {
  rulebook: prepareRulebook(defaultSettings),
  ...{ labelSelector: undefined, assumeInjection: false, expiring: 0, now: Date.now },
}

/** Refuses what is asked about namespaces. */
function refuseIn(
  names: readonly string[],
  what: string,
  ...refusal: Exclude<ReturnType<Refusal>, string | undefined>
): Refusal {
  return ({ path }) => (names.some(name => path.endsWith(`/namespaces/${name}/${what}`)) ? refusal : undefined)
}

t.test('a namespace that may not be listed is named and skipped, and the scan goes on', async t => {
  const refuses = refuseIn(['b', 'd'], 'secrets', 403, 'Forbidden')
  const { out, err, status } = await scan(t, ['-A'], OBJECTS, { refuses })
  t.match(out, 'Not read: b and d (you may not list all that is needed; --rbac prints a role).')
  t.match(out, /Deployment web-f/)
  t.notMatch(out, /web-b/)
  t.match(err, /^regcred: b: you may not list secrets in namespace "b" \(403\); .*\nregcred: d: .*\n$/)
  t.equal(status, 2)
})

t.test('a namespace for which the API server fails takes nothing from the rest', async t => {
  const refuses = refuseIn(['b'], 'pods', 500, 'InternalError')
  const { out, err, status } = await scan(t, ['-A', '-o', 'json'], OBJECTS, { refuses })
  const { namespaces, notRead } = JSON.parse(out)
  t.equal(namespaces.length, 5)
  t.match(notRead, [{ namespace: 'b', forbidden: false, reason: /has an error \(500, InternalError\)/ }])
  t.match(err, /^regcred: b: the API server .* has an error \(500, InternalError\); try again, or see: kubectl .*\n$/)
  t.equal(status, 2)
  const { out: text } = await scan(t, ['-A'], OBJECTS, { refuses })
  t.match(text, 'Not read, because the API server failed: b.')
})

t.test('a namespace for which the API server says nothing is waited for no longer than is said', async t => {
  const refuses: Refusal = ({ path }) => (path.endsWith('/b/deployments') ? 'silent' : undefined)
  const { out, err, status } = await scan(t, ['-A', '--request-timeout=200ms'], OBJECTS, { refuses })
  t.match(err, /^regcred: b: the API server .* did not answer within 0\.2 s; try again, or wait longer: .*\n$/)
  t.match(out, 'Deployment web-f')
  t.equal(status, 2)
})

t.test('an API server that only fails is asked no more', async t => {
  const refuses = refuseIn(NAMES, 'secrets', 500, 'InternalError')
  const { out, err, status, asked } = await scan(t, ['-A'], OBJECTS, { refuses })
  const namespaces = asked.flatMap(path => /namespaces\/([^/]+)\//.exec(path)?.[1] ?? [])
  t.strictSame([...new Set(namespaces)], ['a', 'b', 'c'])
  t.match(err, /regcred: f: the API server failed before it was asked\n$/)
  t.match(out, 'Not read, because the API server failed: a, b, c, d, e and f.')
  t.equal(status, 2)
})

t.test('one that has too much to do is asked again when it says', async t => {
  let refused = 0
  const refuses: Refusal = ({ path }) => {
    return path.endsWith('/c/pods') && refused++ < 2 ? [429, 'TooManyRequests', { 'Retry-After': '0' }] : undefined
  }
  const { err, status, asked } = await scan(t, ['-A'], OBJECTS, { refuses })
  t.equal(asked.filter(path => path.endsWith('/c/pods')).length, 3)
  t.strictSame([err, status], ['', 0])
})

t.test('who may not list namespaces is told what to do, and may scan his own', async t => {
  const refuses: Refusal = ({ path }) => (path === '/api/v1/namespaces' ? [403, 'Forbidden'] : undefined)
  await t.rejects(
    scan(t, ['-A'], OBJECTS, { refuses }),
    new CommandError(
      'you may not list namespaces (403); scan one: regcred scan --namespace NAME, or see the role that is needed: regcred scan --rbac',
    ),
  )
  t.match((await scan(t, ['-n', 'a'], OBJECTS, { refuses })).out, 'Deployment web-a')
})

t.test('where nothing can be read there is an error', async t => {
  const refuses: Refusal = () => [500, 'InternalError']
  await t.rejects(scan(t, ['-A'], [], { refuses }), { message: /has an error \(500, InternalError\)/ })
  await t.rejects(scan(t, ['-n', 'a'], [], { refuses }), { message: /has an error \(500, InternalError\)/ })
  await t.rejects(
    scan(t, ['-n', 'nowhere'], OBJECTS),
    new CommandError('namespace "nowhere" does not exist; see: kubectl get namespaces'),
  )
})

t.test('lists are read page by page', async t => {
  const objects = [
    namespace('team-a'),
    account('default'),
    ...Array.from({ length: 7 }, (_, i) => secret(`s-${i}`)),
    ...Array.from({ length: 7 }, (_, i) => workload('Deployment', `web-${i}`, { references: [`s-${i}`] })),
  ]
  const whole = await scan(t, [], objects)
  const paged = await scan(t, [], objects, { pageItems: 2 })
  t.equal(paged.out, whole.out)
  t.match(paged.out, 'All 7 workloads can pull.')
  t.ok(paged.asked.includes('/apis/apps/v1/namespaces/team-a/deployments 6'))
})

t.test('an object that makes no sense is told, and the others are judged', async t => {
  const odd = { ...workload('Deployment', 'odd'), spec: { template: { spec: { containers: 'none' } } } }
  const objects = [namespace('team-a'), odd, workload('Deployment', 'web', { references: ['gone'] })]
  const { out, err, status } = await scan(t, [], objects)
  t.match(out, 'Deployment web')
  t.match(err, /^regcred: Deployment team-a\/odd: .*containers must be a list.*\n$/)
  t.equal(status, 2)
})

t.test('a Namespace whose name is none is not asked for', async t => {
  const { asked } = await scan(t, ['-A'], [namespace('../../etc'), namespace('team-a')])
  t.ok(asked.every(path => !path.includes('etc')))
})

t.test('names that control a terminal are made visible, in every format', async t => {
  const evil = 'x\u001b[31m\r\n=cmd|\u202e<b>'
  const objects = [
    namespace('team-a'),
    account(evil, [evil]),
    workload('Deployment', evil, { references: [evil], image: `registry.example.com/${evil}` }),
    workload('StatefulSet', 'web', { references: [evil] }),
    pod('lone', { references: [evil], waits: true, owner: ['StrimziPodSet', 'kafka'] }),
    { ...secret(evil, { type: evil, key: evil }) },
    secret('s', { key: evil, password: 'p' }),
  ]
  for (const output of ['text', 'json', 'csv', 'markdown']) {
    const { out, err } = await scan(t, ['--unused', `--output=${output}`], objects)
    t.notMatch(`${out}${err}`.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u, output)
    if (output === 'markdown') t.notMatch(out, '<b>')
    if (output === 'csv') t.notMatch(out, /(^|,)"?=/m)
  }
})

t.test('a namespace with too much to compare is told', async t => {
  t.strictSame(remarksOn('a', { errors: [], unexplained: true }), [
    'namespace a has too much to compare it all: some near names and causes are left out',
  ])
})

t.test('Secrets that cannot be read are judged as far as they can be', async t => {
  const broken = { ...secret('broken'), data: { '.dockerconfigjson': Buffer.from('{').toString('base64') } }
  const odd = { ...secret('odd'), data: 'none' }
  const objects = [
    namespace('team-a'),
    broken,
    odd,
    workload('Deployment', 'web', { references: ['broken'] }),
    pod('lone', { references: ['broken'], waits: true }),
  ]
  const { out, err, status } = await scan(t, [], objects)
  t.match(out, /Secret "broken" is broken \(not JSON\)|Secret "broken" cannot be parsed|"broken"/)
  t.match(out, /Deployment web and Pod lone \(1 Pod waits\)/)
  t.match(err, /^regcred: Secret team-a\/odd: /)
  t.equal(status, 2)
})

t.test('it is told how far a scan is, within a namespace too', async t => {
  const { kubeconfig } = await startCluster(t, OBJECTS)
  const cluster = openAskedCluster({ kubeconfig, requestTimeout: 10_000 }, { stderr: new PassThrough() })
  t.teardown(() => cluster.close())
  const shown: (readonly number[])[] = []
  await scanCluster(cluster, true, OPTIONS, { show: (...numbers) => shown.push(numbers) })
  t.strictSame(shown.slice(0, 4), [
    [0, 6, 0],
    [0, 6, 1],
    [1, 6, 1],
    [1, 6, 2],
  ])
  t.strictSame(shown.at(-1), [5, 6, 6])
})

t.test('what is no answer of the API server is a bug, and not kept', async t => {
  const none = async function* () {}
  const cluster: ScannedCluster = {
    server: 'https://cluster.example',
    namespace: 'a',
    clusterName: undefined,
    within: () => {
      throw new Error('bug')
    },
    listNamespaces: async function* () {
      yield { metadata: { name: 'a' } }
    },
    listOtherSecrets: none,
    listPullSecrets: none,
    list: none,
    listNames: none,
    find: async () => undefined,
    findSecretType: async () => undefined,
    close: async () => undefined,
  }
  await t.rejects(scanCluster(cluster, true, OPTIONS, { show: () => undefined }), { message: 'bug' })
})
