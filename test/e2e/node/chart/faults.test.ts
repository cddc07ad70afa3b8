import { setTimeout as wait } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { poll } from '../../../processes/poll.ts'
import { CHART, RELEASE } from '../../chart/helm.ts'
import { HERE, INSTALL } from '../../chart/release.ts'
import { outputOf } from '../../control-plane/kubectl.ts'
import { apply, deployment, namespace, pod, pullSecret, REGISTRY } from '../../control-plane/objects.ts'
import { assertUnharmed, startLoad, type Tally } from '../../faults/load.ts'
import { countRefusals } from '../../regcred/observe.ts'
import { NODE } from '../kubelet.ts'
import { powerOff, powerOn } from '../power.ts'
import { putFirewall } from './firewall.ts'
import { GATED, LONG, withImage } from './with-image.ts'

// What is refused, or not injected, while something goes wrong with the node. Seconds are told, and stand in docs/reliability.md.
const { controlPlane, kubectl, node, helm, get, isServed, written } = await withImage(t)

/** Pods a second that are made meanwhile. */
const RATE = 20
/** The same where each may wait for seconds. */
const SLOW_RATE = 4

interface Replica {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string }
  readonly spec: { readonly nodeName?: string }
  readonly status: {
    readonly podIP?: string
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
    readonly containerStatuses?: readonly { readonly restartCount: number; readonly ready: boolean }[]
  }
}

/** All Pods of the release, those on their way out too. */
async function replicas(): Promise<Replica[]> {
  return (await get('pods', HERE, '--selector=app.kubernetes.io/component=webhook')).items
}

const nameOf = ({ metadata }: Replica) => metadata.name
const isReady = ({ metadata, status }: Replica) =>
  metadata.deletionTimestamp === undefined && status.containerStatuses?.every(({ ready }) => ready) === true

/** Waits until there are two replicas, none of them one of these, both ready. */
function areReplaced(old: readonly string[]) {
  const look = async () => {
    const now = await replicas()
    return now.length === 2 && now.every(one => isReady(one) && !old.includes(nameOf(one))) ? now : undefined
  }
  return poll('two others are ready, and the old ones are gone', look, { timeout: 120_000, interval: 250 })
}

const setPolicy = async (policy: 'Fail' | 'Ignore') =>
  void outputOf(await helm('upgrade', RELEASE, CHART, HERE, `--set=webhooks.failurePolicy=${policy}`))

/** What becomes of a Pod that lists nothing and needs a pull secret of its namespace. */
async function tryPod(): Promise<'injected' | 'bare' | 'refused'> {
  const input = JSON.stringify(pod('team-a', 'try', { spec: GATED }))
  const { code, stdout } = await kubectl(['create', '--dry-run=server', '-f', '-', '--output=json'], { input })
  if (code !== 0) return 'refused'
  return JSON.parse(stdout).spec.imagePullSecrets === undefined ? 'bare' : 'injected'
}

/** Milliseconds until Pods are injected again. */
async function untilInjected(): Promise<number> {
  const started = performance.now()
  const attempt = async () => (await tryPod()) === 'injected' || undefined
  await poll('Pods are injected again', attempt, { timeout: 120_000, interval: 250 })
  return performance.now() - started
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`

/** Asserts that nothing was refused or lost. */
function isUnharmed(t: Test, tally: Tally) {
  assertUnharmed(t, tally)
  t.comment(`${tally.answered} Pods, the slowest in ${seconds(tally.longest)}`)
}

async function isUnharmedAgain(t: Test) {
  const load = await startLoad(controlPlane, RATE, GATED)
  await wait(3000)
  isUnharmed(t, await load.stop())
}

async function listsOf(where: string): Promise<unknown[]> {
  const { items } = await get('pods', `--namespace=${where}`)
  return items.map(({ spec }: { spec: { imagePullSecrets?: object[] } }) => spec.imagePullSecrets)
}

outputOf(await helm('install', RELEASE, CHART, ...INSTALL))
await setPolicy('Fail')
outputOf(await apply(kubectl, pullSecret('team-a', 'acme', REGISTRY)))

t.test('300 Pods at once from one Deployment: each is injected, none is refused', async t => {
  outputOf(await apply(kubectl, namespace('crowd'), pullSecret('crowd', 'acme', REGISTRY)))
  const started = performance.now()
  outputOf(await apply(kubectl, deployment('crowd', 'web', { spec: GATED }, 300)))
  const look = async () => ((await listsOf('crowd')).length === 300 ? true : undefined)
  await poll('all are there', look, { timeout: 60_000, interval: 250 })
  t.comment(`made in ${seconds(performance.now() - started)}`)
  t.strictSame(await listsOf('crowd'), Array(300).fill([{ name: 'acme' }]))
  t.equal(await countRefusals(kubectl, 'crowd'), 0)
})

t.test('regcred is rolled out: Pods are injected all the while, none is refused', async t => {
  const old = (await replicas()).map(nameOf)
  const load = await startLoad(controlPlane, RATE, GATED)
  const started = performance.now()
  outputOf(await kubectl(['rollout', 'restart', `deployment/${RELEASE}`, HERE]))
  outputOf(await kubectl(['rollout', 'status', `deployment/${RELEASE}`, HERE, '--timeout=120s'], LONG))
  await areReplaced(old)
  t.comment(`rolled out in ${seconds(performance.now() - started)}`)
  isUnharmed(t, await load.stop())
})

t.test(
  'the node is drained: one replica stays until the other has a place, Pods are injected all the while',
  async t => {
    const old = (await replicas()).map(nameOf)
    const load = await startLoad(controlPlane, RATE, GATED)
    const started = performance.now()
    const draining = kubectl(['drain', NODE, '--timeout=120s'], LONG)
    const isHeldUp = async () => {
      const now = await replicas()
      const left = now.filter(one => old.includes(nameOf(one)))
      return left.length === 1 && now.some(({ spec }) => spec.nodeName === undefined) ? left.map(nameOf) : undefined
    }
    const left = await poll('one is gone, and its successor has no node', isHeldUp, { timeout: 60_000, interval: 250 })
    // kubectl tries again every five seconds.
    await wait(6000)
    t.strictSame(await isHeldUp(), left, 'the other one stays')
    t.ok((await replicas()).filter(one => left.includes(nameOf(one))).every(isReady))
    outputOf(await kubectl(['uncordon', NODE]))
    const { code, stdout, stderr } = await draining
    t.equal(code, 0, stderr)
    t.match(stderr, "Cannot evict pod as it would violate the pod's disruption budget")
    t.match(stdout, `node/${NODE} drained`)
    await areReplaced(old)
    t.comment(`drained in ${seconds(performance.now() - started)}`)
    isUnharmed(t, await load.stop())
  },
)

t.test('60 Pods at once while both replicas are killed: each that is made is injected, and runs', async t => {
  outputOf(await apply(kubectl, namespace('killed'), pullSecret('killed', 'acme', REGISTRY)))
  outputOf(await apply(kubectl, deployment('killed', 'web', {}, 60)))
  const selector = `--selector=app.kubernetes.io/instance=${RELEASE}`
  outputOf(await kubectl(['delete', 'pods', selector, HERE, '--grace-period=0', '--force']))
  t.comment(`Pods are injected again after ${seconds(await untilInjected())}`)
  // A ReplicaSet whose Pods were refused waits for up to 1,000 s: docs/operations.md has this command.
  outputOf(await kubectl(['annotate', 'replicasets', '--all', 'regcred.dev/again=1', '--namespace=killed']))
  outputOf(await kubectl(['rollout', 'status', 'deployment/web', '--timeout=120s', '--namespace=killed'], LONG))
  t.strictSame(await listsOf('killed'), Array(60).fill([{ name: 'acme' }]))
  t.comment(`${await countRefusals(kubectl, 'killed')} times no Pod could be made, because nobody answered`)
  outputOf(await kubectl(['delete', 'namespace', 'killed'], LONG))
  await areReplaced([])
})

/** How often the API server went on without a webhook, or refused because it had no answer, by the metrics of our alerts. */
async function readMetrics(): Promise<Record<'notInjecting' | 'notChecking' | 'blocking', number>> {
  const text = outputOf(await kubectl(['get', '--raw', '/metrics']))
  const sum = (pattern: RegExp) => [...text.matchAll(pattern)].reduce((all, [, value]) => all + Number(value), 0)
  return {
    notInjecting: sum(/^apiserver_admission_webhook_fail_open_count\{name="mutate\.[^}]*type="admit"\} (\d+)$/gm),
    notChecking: sum(/^apiserver_admission_webhook_fail_open_count\{name="validate\.[^}]*type="validating"\} (\d+)$/gm),
    blocking: sum(
      /^apiserver_admission_webhook_rejection_count\{error_type="calling_webhook_error",name="mutate\.[^}]*\} (\d+)$/gm,
    ),
  }
}

t.test(
  'a firewall comes between API server and replicas: Pods are late and not injected, and an alert sees it',
  async t => {
    await setPolicy('Ignore')
    const before = await readMetrics()
    const takeAway = await putFirewall()
    try {
      const late = pod('team-a', 'late', { spec: GATED, references: ['not-there'] })
      const started = performance.now()
      t.same(await apply(kubectl, late), { code: 0, stdout: 'pod/late created\n', stderr: '' }, 'nobody is warned')
      t.comment(`a Pod takes ${seconds(performance.now() - started)}`)
      t.equal(await tryPod(), 'bare')
      const after = await readMetrics()
      t.ok(after.notInjecting > before.notInjecting, 'RegcredNotInjecting')
      t.ok(after.notChecking > before.notChecking, 'RegcredNotChecking')
      await isServed(t)
    } finally {
      await takeAway()
    }
    t.comment(`injected again ${seconds(await untilInjected())} after it is gone`)
    await isUnharmedAgain(t)
  },
)

t.test('one replica is not reached, the other is: Pods that it answers are injected', async t => {
  const [first] = await replicas()
  const load = await startLoad(controlPlane, SLOW_RATE, GATED)
  const takeAway = await putFirewall(first?.status.podIP)
  try {
    await wait(10_000)
  } finally {
    await takeAway()
  }
  const { answered, unknown, longest, sample, ...tally } = await load.stop()
  t.match(tally, { failed: 0, overloaded: 0, wrong: 0 }, { sample })
  t.ok(unknown < answered)
  t.comment(`${answered} Pods, ${unknown} without an answer, the slowest in ${seconds(longest)}`)
  await untilInjected()
  await isUnharmedAgain(t)
})

t.test('the node loses its power, and comes back: with the certificate as it was, Pods are injected again', async t => {
  const before = { names: (await replicas()).map(nameOf), written: await written(), metrics: await readMetrics() }
  await powerOff(node)

  const open = await startLoad(controlPlane, SLOW_RATE, GATED)
  await wait(4000)
  const passed = await open.stop()
  t.match(passed, { failed: 0, overloaded: 0, wrong: 0 }, 'with Ignore nothing is refused')
  // Of three Pods one lists all that it needs.
  t.equal(passed.unknown, Math.floor((passed.answered * 2) / 3), 'and nothing injected')
  t.comment(`Ignore: ${passed.answered} Pods, ${passed.unknown} unseen, the slowest in ${seconds(passed.longest)}`)
  const { notInjecting } = await readMetrics()
  t.ok(notInjecting > before.metrics.notInjecting, 'RegcredNotInjecting')

  await setPolicy('Fail')
  const closed = await startLoad(controlPlane, SLOW_RATE, GATED)
  await wait(4000)
  const refused = await closed.stop()
  t.match(refused, { failed: refused.answered, unknown: 0, wrong: 0 }, 'with Fail everything is refused')
  t.comment(`Fail: ${refused.answered} Pods refused, the slowest in ${seconds(refused.longest)}`)
  t.ok((await readMetrics()).blocking > before.metrics.blocking, 'RegcredBlocking')

  const started = performance.now()
  await powerOn(node)
  await untilInjected()
  t.comment(`injected again ${seconds(performance.now() - started)} after the start`)
  const isBack = async () => {
    const now = await replicas()
    return now.every(one => isReady(one) && one.status.containerStatuses?.[0]?.restartCount !== 0) ? now : undefined
  }
  const back = await poll('both replicas have started again', isBack, { timeout: 120_000, interval: 250 })
  t.comment(`both replicas ready ${seconds(performance.now() - started)} after it`)
  t.strictSame(back.map(nameOf), before.names, 'the same Pods')
  t.strictSame(await written(), before.written, 'certificate and CA')
  await isUnharmedAgain(t)
})
