import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parse } from 'yaml'
import { poll } from '../../processes/poll.ts'
import { created, listOfPod, recreated, recreatedFromLogin } from '../control-plane/advised.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, fileOf, namespace, pullSecret, WORKLOAD_KINDS, workload } from '../control-plane/objects.ts'
import { startRegcred } from '../regcred/regcred.ts'
import { withNode } from './node.ts'
import { eventsOf, observePods, waitForPod } from './watch-pods.ts'
import { testWhy } from './why.ts'

// "Pull an Image from a Private Registry" to its last line, `kubectl get pod private-reg`: first as it is without regcred.
const { controlPlane, node } = await withNode(t)
const { kubectl } = controlPlane

const POD = fileURLToPath(new URL('../../../examples/private-reg-pod.yaml', import.meta.url))
const INSTALL = fileURLToPath(new URL('../../../docs/install.md', import.meta.url))
const README = fileURLToPath(new URL('../../../README.md', import.meta.url))
const CLI = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url))
const HOST = 'your.private.registry.example.com'
const IMAGE = `${HOST}/janedoe/jdoe-private:v1`
const LOGIN = [
  `--docker-server=${HOST}`,
  '--docker-username=janedoe',
  '--docker-password=xxxxxxxxxxx',
  '--docker-email=jdoe@example.com',
]
const CONFIG = JSON.stringify({ auths: { [HOST]: { auth: Buffer.from('janedoe:xxxxxxxxxxx').toString('base64') } } })
const JANES = { SERVER: HOST, USER: 'janedoe', PASSWORD: 'xxxxxxxxxxx', config: CONFIG }
const STORE = JSON.stringify({ auths: { [HOST]: {} }, credsStore: 'desktop' })
const TYPE = '--type=kubernetes.io/dockerconfigjson'
const docker = (name: string) => ['create', 'secret', 'docker-registry', name, ...LOGIN]
const YAML = `apiVersion: v1
kind: Secret
metadata:
  name: regcred
data:
  .dockerconfigjson: ${Buffer.from(CONFIG).toString('base64')}
type: kubernetes.io/dockerconfigjson
`
/** What `regcred secret` prints of this login. */
const PRINTED = execFileSync(
  process.execPath,
  [CLI, 'secret', 'regcred', '--server', HOST, '--username', 'janedoe', '--password-stdin'],
  { input: 'xxxxxxxxxxx\n', encoding: 'utf8' },
)
const generic = (config: string, ...flags: string[]) => [
  'create',
  'secret',
  'generic',
  'regcred',
  `--from-literal=.dockerconfigjson=${config}`,
  ...flags,
]

const NOTHING_FITS = { alone: 'ImagePullBackOff', together: 'ImagePullBackOff' } as const
const MENDED = { alone: 'ImagePullBackOff', together: 'Running' } as const
const RIGHT = { alone: 'Running', together: 'Running' } as const
const REFERENCE = 'regcred'
const wrongType = (where: string) =>
  `Secret "regcred" has type Opaque, so Kubernetes does not use it; ${recreated('regcred', where)}`

/** What was typed before the Pod; what becomes of the Pod without regcred and with it; what regcred says of it. */
interface Case {
  readonly name: string
  readonly before: readonly (readonly string[] | string)[]
  /** The Secret that the Pod names, if not the page's own; none, if undefined. */
  readonly reference?: string | undefined
  readonly alone: 'Running' | 'ImagePullBackOff'
  readonly together: 'Running' | 'ImagePullBackOff'
  readonly warning?: string
  /** Whether the kubelet, left alone, says that it cannot find the Secret. */
  readonly isMissing?: true
}

const CASES: readonly Case[] = [
  { name: 'from-a-config-json', before: [generic(CONFIG, TYPE)], ...RIGHT },
  { name: 'from-the-command-line', before: [docker('regcred')], ...RIGHT },
  { name: 'from-yaml', before: [YAML], ...RIGHT },
  { name: 'from-regcred-secret', before: [PRINTED], ...RIGHT },
  {
    name: 'misspelt',
    before: [docker('regcred')],
    reference: 'regcerd',
    ...MENDED,
    isMissing: true,
    warning: `Secret "regcerd" does not exist in namespace "misspelt"; did you mean "regcred"? Write it in ${listOfPod('misspelt')}`,
  },
  { name: 'without-a-reference', before: [docker('regcred')], reference: undefined, ...MENDED },
  {
    name: 'missing',
    before: [],
    ...NOTHING_FITS,
    isMissing: true,
    warning: `Secret "regcred" does not exist in namespace "missing"; ${created('regcred', 'missing')}`,
  },
  {
    name: 'in-another-namespace',
    before: [[...docker('regcred'), '--namespace=default']],
    ...NOTHING_FITS,
    isMissing: true,
    warning: `Secret "regcred" does not exist in namespace "in-another-namespace"; ${created('regcred', 'in-another-namespace')}`,
  },
  {
    name: 'opaque',
    before: [generic(CONFIG)],
    ...NOTHING_FITS,
    warning: wrongType('opaque'),
  },
  {
    name: 'opaque-beside-a-good-one',
    before: [generic(CONFIG), docker('other')],
    ...MENDED,
    warning: wrongType('opaque-beside-a-good-one'),
  },
  {
    name: 'from-a-credential-store',
    before: [generic(STORE, TYPE)],
    ...NOTHING_FITS,
    warning:
      'Secret "regcred" holds no usable credentials, only the name of the credential store "desktop"; ' +
      recreatedFromLogin('regcred', 'from-a-credential-store'),
  },
  {
    name: 'with-a-wrong-password',
    before: [docker('regcred').map(word => word.replace('xxxxxxxxxxx', 'not-hers'))],
    ...NOTHING_FITS,
  },
]

/** What stands in a page at this place. */
function find(page: string, place: RegExp): string {
  const [, found] = page.match(place) ?? []
  if (found === undefined) throw new Error(`a page has no ${place}`)
  return found
}

/** Types what the case is about, and the Pod of the page. Returns what was said of the Pod. */
async function type({ name, before, ...mistake }: Case, suffix: string): Promise<string> {
  const there = `${name}${suffix}`
  outputOf(await apply(kubectl, namespace(there)))
  for (const step of before) {
    const [command, input] = typeof step === 'string' ? [['apply', '-f', '-'], step] : [step, '']
    const isElsewhere = command.some(word => word.startsWith('--namespace='))
    const { code, stderr } = await kubectl(isElsewhere ? command : [...command, `--namespace=${there}`], { input })
    if (code !== 0 && !stderr.includes('already exists')) throw new Error(stderr)
  }
  const pod = parse(readFileSync(POD, 'utf8'))
  const { reference = 'reference' in mistake ? undefined : REFERENCE } = mistake
  pod.spec.imagePullSecrets = reference === undefined ? undefined : [{ name: reference }]
  const { code, stderr } = await kubectl(['apply', '-f', '-', `--namespace=${there}`], { input: fileOf(pod) })
  if (code !== 0) throw new Error(stderr)
  return stderr
}

/**
 * Types the case, makes the Secret ten seconds after the Pod, and waits until the Pod runs: the kubelet tries again ten seconds
 * after it has failed, and not for twenty more after that. Returns what was said of the Pod.
 */
async function runsLate(one: Case, secret: string): Promise<string> {
  const tenSeconds = delay(10_000)
  const said = await type(one, '')
  await waitForPod(kubectl, one.name, 'private-reg', 'ImagePullBackOff')
  await tenSeconds
  outputOf(await kubectl([...docker(secret), `--namespace=${one.name}`]))
  await waitForPod(kubectl, one.name, 'private-reg', 'Running')
  return said
}

t.test('without regcred', async t => {
  const suffix = '-alone'
  for (const mistake of CASES) t.equal(await type(mistake, suffix), '', 'nobody says anything at kubectl apply')

  for (const { name, alone, isMissing = false } of CASES) {
    t.test(`${name.replaceAll('-', ' ')}: ${alone}`, async t => {
      await waitForPod(kubectl, `${name}${suffix}`, 'private-reg', alone)
      const events = await eventsOf(kubectl, `${name}${suffix}`, 'private-reg')
      const found = events.filter(event => event.startsWith('FailedToRetrieveImagePullSecret'))
      t.equal(found.length > 0, isMissing, found[0] ?? 'no Secret is missed')
      if (isMissing) t.match(found[0], /: Unable to retrieve some image pull secrets \(reg\w+\); attempting to pull/)
    })
  }
})

t.test('whoever pulled it is who the Secrets say', async t => {
  const pulled = node.registry.front.pulls.filter(({ status }) => status === 200)
  t.strictSame(
    [...new Set(pulled.map(({ image, user }) => `${image} ${user}`))],
    [`${HOST}/janedoe/jdoe-private janedoe`],
  )
})

testWhy(t, controlPlane, { pod: parse(readFileSync(POD, 'utf8')), login: JANES, suffix: '-alone' })

t.test('with regcred', async t => {
  const regcred = await startRegcred(controlPlane, { mode: 'warn' })
  t.teardown(() => regcred.stop())
  const said = new Map<string, string>()
  for (const mistake of CASES) said.set(mistake.name, await type(mistake, ''))

  for (const { name, together, warning } of CASES) {
    t.test(`${name.replaceAll('-', ' ')}: ${together}`, async t => {
      t.equal(said.get(name), warning === undefined ? '' : `Warning: Pod private-reg: ${warning}\n`)
      await waitForPod(kubectl, name, 'private-reg', together)
    })
  }

  t.test('a reference is kept for a Secret that comes ten seconds after the Pod', async t => {
    const late = { name: 'late', before: [], ...NOTHING_FITS }
    t.match(await runsLate(late, 'regcred'), 'Secret "regcred" does not exist')
  })

  t.test('docs/install.md and README, typed as they are written, print what they say', async t => {
    outputOf(await kubectl(['delete', 'secret', 'regcred', '--ignore-not-found']))
    const install = readFileSync(INSTALL, 'utf8')
    const input = find(install, /^kubectl apply -f - <<EOF\n([\s\S]*?\n)EOF$/m)
    const made = await kubectl(['apply', '-f', '-'], { input })
    t.equal(made.stderr + made.stdout, find(install, /^The last command prints\n\n```text\n([\s\S]*?)```$/m))
    await waitForPod(kubectl, 'default', 'private-reg', 'ImagePullBackOff')
    outputOf(await kubectl(docker('regcred')))
    await waitForPod(kubectl, 'default', 'private-reg', 'Running')
    outputOf(await kubectl(['delete', 'pod', 'private-reg', '--now'], { timeout: 60_000 }))

    const printed = find(readFileSync(README, 'utf8'), /^\$ kubectl apply -f private-reg-pod\.yaml\n([\s\S]*?)```$/m)
    const misspelt = readFileSync(POD, 'utf8').replace('name: regcred\n', 'name: regcerd\n')
    const again = await kubectl(['apply', '-f', '-'], { input: misspelt })
    t.equal(again.stderr + again.stdout, printed)
    await waitForPod(kubectl, 'default', 'private-reg', 'Running')
  })

  t.test('whatever makes Pods has Pods that run, though nothing names a Secret', async t => {
    outputOf(await apply(kubectl, namespace('workloads'), pullSecret('workloads', 'regcred', HOST)))
    const kinds = WORKLOAD_KINDS.filter(kind => kind !== 'PodTemplate')
    const made = kinds.map(kind => workload(kind, 'workloads', kind.toLowerCase(), { images: [IMAGE], spec: {} }))
    t.equal((await apply(kubectl, ...made)).stderr, '')
    outputOf(await kubectl(['create', 'job', 'by-hand', '--from=cronjob/cronjob', '--namespace=workloads']))
    const names = [...kinds.filter(kind => kind !== 'CronJob').map(kind => kind.toLowerCase()), 'by-hand']
    const isRunning = async () => {
      const pods = [...(await observePods(kubectl, 'workloads'))]
      const running = pods.filter(([, [container]]) => container?.state === 'Running').map(([name]) => name)
      return names.every(name => running.some(pod => pod.startsWith(name))) ? running : undefined
    }
    t.equal((await poll('all of them run', isRunning, { timeout: 90_000, interval: 500 })).length, names.length)
  })
})

t.test('with regcred and a Secret that is configured by its name', async t => {
  const config = { inject: { match: false, secrets: ['team-registry'] } }
  const regcred = await startRegcred(controlPlane, { mode: 'warn', config, name: 'by-name' })
  t.teardown(() => regcred.stop())
  const bare = { name: 'by-name', before: [docker('team-registry')], reference: undefined, ...MENDED }
  t.equal(await type(bare, ''), '')
  await waitForPod(kubectl, 'by-name', 'private-reg', 'Running')
  t.equal(await runsLate({ ...bare, name: 'by-name-and-late', before: [] }, 'team-registry'), '')
})
