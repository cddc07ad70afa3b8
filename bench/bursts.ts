import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { request } from 'undici'
import { waitForAccount } from '../test/e2e/control-plane/accounts.ts'
import { openAgent } from '../test/e2e/control-plane/agent.ts'
import type { ControlPlane } from '../test/e2e/control-plane/control-plane.ts'
import { outputOf } from '../test/e2e/control-plane/kubectl.ts'
import { apply, deployment, namespace, pullSecret, REGISTRY } from '../test/e2e/control-plane/objects.ts'
import { type Stand, startStand } from '../test/e2e/faults/stand.ts'
import { countRefusals } from '../test/e2e/regcred/observe.ts'
import { podsUrl } from '../test/e2e/shares/pods.ts'
import { limitMemory } from '../test/load/limit.ts'
import { poll } from '../test/processes/poll.ts'
import { podOf } from './cluster/pods.ts'
import { Buckets } from './figures/buckets.ts'
import { markdownRow } from './figures/markdown.ts'
import { quantile } from './figures/quantile.ts'

const { values: flags } = parseArgs({
  options: {
    pods: { type: 'string', default: '1000,5000' },
    seconds: { type: 'string', default: '30' },
    rate: { type: 'string', default: '300' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (flags.help) {
  console.log(`npm run bench:bursts -- [--pods 1000,5000] [--rate 300] [--seconds 30]

Starts a control plane with two replicas of regcred as they are packaged, under the memory limit of the chart, failing closed. First
controllers' Pods are created at a steady rate, in order ones, as dry runs: the 99th percentile of our own time, from the last byte of a review to
its answer, and of the client's. Then ten Deployments are scaled so that so many Pods are made at once, each of which has to be given a
pull secret. Prints how many were not, how often one could not be made, for how long it took, and the 99th percentile by the API server's own
histogram of each webhook. It exits 1 where a Pod was not injected or could not be made. Linux and root only.`)
  process.exit(0)
}

/** Two replicas as the chart limits each, in MiB. */
const LIMIT_MIB = 2 * 512
const DEPLOYMENTS = 10
/** Milliseconds for all Pods of a burst. */
const BURST_TIMEOUT_MS = 600_000
const WEBHOOKS = ['mutate.regcred.dev', 'validate.regcred.dev'] as const

const limit = await limitMemory(LIMIT_MIB)
if (limit === undefined) throw new Error('no control group can be made here: run this as root on Linux')
const [program = '', ...rest] = limit.command
const stand = await startStand([
  program,
  ...rest,
  process.execPath,
  join(import.meta.dirname, '../bin/regcred.js'),
  'serve',
])
try {
  console.log(await steady(stand))
  console.log('| Pods at once | seconds | not injected | could not be made | /mutate p99 ms | /validate p99 ms |')
  console.log('| --- | --- | --- | --- | --- | --- |')
  for (const pods of flags.pods.split(',').map(Number)) console.log(await burst(stand.controlPlane, pods))
} finally {
  await stand.stop()
  await limit.remove()
}

async function burst({ kubectl }: ControlPlane, pods: number): Promise<string> {
  const name = `burst-${pods}`
  const injecting = namespace(name, { labels: { 'regcred.dev/inject': 'enabled' } })
  outputOf(await apply(kubectl, injecting, pullSecret(name, 'acme', REGISTRY)))
  const names = Array.from({ length: DEPLOYMENTS }, (_, i) => `web-${i}`)
  outputOf(await apply(kubectl, ...names.map(each => deployment(name, each, {}, 0))))
  const before = await webhookTimes(kubectl)
  const start = performance.now()
  const scale = [`--replicas=${pods / DEPLOYMENTS}`, `--namespace=${name}`]
  outputOf(await kubectl(['scale', 'deployment', '--all', ...scale]))
  const count = async () => {
    const made = outputOf(
      await kubectl(['get', 'deployments', `--namespace=${name}`, '--output=jsonpath={.items[*].status.replicas}']),
    )
    return made.split(' ').reduce((sum, replicas) => sum + Number(replicas), 0) === pods || undefined
  }
  await poll(`${pods} Pods are there`, count, { timeout: BURST_TIMEOUT_MS, interval: 500 })
  const seconds = (performance.now() - start) / 1000
  const after = await webhookTimes(kubectl)
  const lists = outputOf(
    await kubectl([
      'get',
      'pods',
      `--namespace=${name}`,
      '--output=jsonpath={range .items[*]}{.spec.imagePullSecrets[*].name}{"\\n"}{end}',
    ]),
  )
  const bare = pods - lists.split('\n').filter(line => line === 'acme').length
  const failed = await countRefusals(kubectl, name)
  if (bare > 0 || failed > 0) process.exitCode = 1
  const times = WEBHOOKS.map(webhook => (after(webhook).since(before(webhook)).quantile(0.99) * 1000).toFixed(0))
  outputOf(await kubectl(['delete', 'namespace', name, '--wait=false']))
  return markdownRow([pods, seconds.toFixed(0), bare, failed, ...times])
}

async function webhookTimes(kubectl: ControlPlane['kubectl']): Promise<(webhook: string) => Buckets> {
  const text = outputOf(await kubectl(['get', '--raw', '/metrics']))
  return name => Buckets.read(text, 'apiserver_admission_webhook_admission_duration_seconds', `name="${name}"`)
}

/** Creates so many Pods a second, whenever the others are answered. */
async function steady({ controlPlane, replicas }: Stand): Promise<string> {
  const { kubectl, server } = controlPlane
  outputOf(await apply(kubectl, namespace('steady'), pullSecret('steady', 'acme', REGISTRY)))
  await waitForAccount(kubectl, 'steady')
  const agent = await openAgent(controlPlane.kubeconfig)
  const body = JSON.stringify(podOf('inOrder', 'controller', 'steady'))
  const times: number[] = []
  let failed = 0
  const create = async () => {
    const sent = performance.now()
    const headers = { 'content-type': 'application/json' }
    const answer = await request(podsUrl(server, 'steady'), { dispatcher: agent, method: 'POST', headers, body })
    const text = await answer.body.text()
    if (answer.statusCode !== 201 && failed++ === 0) process.stderr.write(`${answer.statusCode} ${text}\n`)
    times.push(performance.now() - sent)
  }
  const before = await ownTimes(replicas)
  const pods = Number(flags.rate) * Number(flags.seconds)
  const start = performance.now()
  const creating: Promise<void>[] = []
  for (let i = 0; i < pods; i += 1) {
    const due = start + (i * 1000) / Number(flags.rate)
    await wait(Math.max(0, due - performance.now()))
    creating.push(create())
  }
  await Promise.all(creating)
  const rate = pods / ((performance.now() - start) / 1000)
  const own = (await ownTimes(replicas)).since(before)
  await agent.close()
  if (failed > 0) process.exitCode = 1
  const [half, most] = [0.5, 0.99].map(at => (own.quantile(at) * 1000).toFixed(1))
  const [clientHalf, clientMost] = [0.5, 0.99].map(at => quantile(times, at).toFixed(1))
  return `${rate.toFixed(0)} Pods a second for ${flags.seconds} s, of which ${failed} failed: our own time p50 ${half} ms, p99 ${most} ms; the client's ${clientHalf} and ${clientMost} ms\n`
}

/** Of both replicas and both stages. */
async function ownTimes(replicas: Stand['replicas']): Promise<Buckets> {
  const texts = await Promise.all(replicas.map(async ({ metricsUrl }) => (await fetch(`${metricsUrl}/metrics`)).text()))
  return Buckets.read(texts.join('\n'), 'regcred_review_duration_seconds', '')
}
