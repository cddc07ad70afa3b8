import { availableParallelism } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Agent } from 'undici'
import { openAgent } from '../test/e2e/control-plane/agent.ts'
import { type ControlPlane, startControlPlane } from '../test/e2e/control-plane/control-plane.ts'
import { outputOf } from '../test/e2e/control-plane/kubectl.ts'
import { fileOf } from '../test/e2e/control-plane/objects.ts'
import { barTable, judge } from './cluster/bars.ts'
import { type Meters, type Round, runRound } from './cluster/load.ts'
import { keep, keptVerdicts } from './cluster/page.ts'
import { type Actor, podOf, REPLICA_SET_CONTROLLER, REPLICA_SET_GROUPS } from './cluster/pods.ts'
import { fixedPolicy, parametersPolicy } from './cluster/policies.ts'
import { type Measured, table } from './cluster/results.ts'
import { namespaceOf, namespaces, PERSON, ROWS, type Row, type SideName } from './cluster/sides.ts'
import { startGoWebhook, startRegcredSides, type Webhook } from './cluster/webhooks.ts'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    'warm-up': { type: 'string', default: '3' },
    rows: { type: 'string', default: '' },
    keep: { type: 'boolean', default: false },
    guard: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
})
if (flags.help) {
  console.log(`npm run bench:cluster -- [--rounds 5] [--seconds 2] [--warm-up 3] [--rows TEXT] [--keep] [--guard]

Starts a control plane, with everything that is compared in front of namespaces of its own: nothing, MutatingAdmissionPolicies, a
webhook on controller-runtime, and regcred with one stage and with both. Creates Pods as dry runs on 8 connections, a round for
each row by turns, and prints the medians: creates a second, CPU of the API server and of the webhook for each, how long
a create took, and what a webhook read for it. Each row runs once first, which is not counted.

Then come the bars: ratios of two rows in the same round. It exits 1 where one is missed.

--rows   the rows alone of which side, kind, actor and number of pull secrets hold the text, such as "both byMatch"
--keep   keeps all rounds in bench/results, with pictures, and writes them down in bench/README.md
--guard  prints the ratios beside those that were kept, and exits 0 whatever they are`)
  process.exit(0)
}

/** Milliseconds until what was registered is in effect in the API server. */
const IN_EFFECT_MS = 3000
/** Objects of one request. */
const CHUNK = 250

const wanted = ROWS.filter(row => Object.values(row).join(' ').includes(flags.rows))
if (wanted.length === 0)
  throw new Error(`no row has "${flags.rows}" in its side, kind, actor and pull secrets, as in "both byMatch"`)
const isWanted = (...sides: readonly SideName[]) => wanted.some(({ side }) => sides.includes(side))
const controlPlane = await startControlPlane()
/** By the side that they are in front of. */
const webhooks = new Map<SideName, Webhook>()
try {
  await fill(controlPlane)
  if (isWanted('one', 'both')) {
    const regcred = await startRegcredSides(controlPlane)
    webhooks.set('one', regcred).set('both', regcred)
  }
  if (isWanted('go')) webhooks.set('go', await startGoWebhook(controlPlane))
  await wait(IN_EFFECT_MS)
  const measured = await measure(controlPlane, ({ side }) => metersOf(controlPlane, webhooks.get(side)))
  const verdicts = judge(measured)
  console.log(`${table(measured)}\n\n${barTable(verdicts, flags.guard ? await keptVerdicts() : [])}`)
  if (flags.keep) await keep({ machine: describeRun(), rows: measured })
  if (!flags.guard && verdicts.some(({ isMet }) => !isMet)) process.exitCode = 1
} finally {
  await Promise.all([...new Set(webhooks.values())].map(webhook => webhook.stop()))
  await controlPlane.stop()
}

function describeRun(): string {
  return `Node ${process.version}, ${availableParallelism()} cores, ${flags.rounds} rounds of ${flags.seconds} s`
}

async function fill({ kubectl }: ControlPlane): Promise<void> {
  const objects = [...namespaces().values(), fixedPolicy(), parametersPolicy()].flat()
  for (let start = 0; start < objects.length; start += CHUNK) {
    const input = fileOf(...objects.slice(start, start + CHUNK))
    outputOf(await kubectl(['create', '-f', '-'], { input, timeout: 120_000 }))
  }
}

function metersOf(controlPlane: ControlPlane, webhook: Webhook | undefined): Meters {
  return { apiServer: controlPlane.apiServerPid(), webhook: webhook?.pid, reads: webhook?.reads ?? (async () => 0) }
}

/** All rows once to warm up, and then by turns, so that what changes on the machine meanwhile changes for all. */
async function measure(controlPlane: ControlPlane, meters: (row: Row) => Meters): Promise<Measured[]> {
  const kubeconfigs: Readonly<Record<Actor, string>> = {
    person: await controlPlane.addUser(PERSON),
    controller: await controlPlane.addUser(REPLICA_SET_CONTROLLER, REPLICA_SET_GROUPS),
  }
  const agents: Readonly<Record<Actor, Agent>> = {
    person: await openAgent(kubeconfigs.person),
    controller: await openAgent(kubeconfigs.controller),
  }
  const run = (row: Row, seconds: string): Promise<Round> => {
    const namespace = namespaceOf(row)
    const body = JSON.stringify(podOf(row.kind, row.actor, namespace))
    const target = { server: controlPlane.server, namespace, body }
    return runRound(agents[row.actor], target, Number(seconds) * 1000, meters(row))
  }
  for (const row of wanted) await run(row, flags['warm-up'])
  const measured = wanted.map(row => ({ ...row, rounds: [] as Round[] }))
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    for (const row of measured) row.rounds.push(await run(row, flags.seconds))
    process.stderr.write(`round ${round + 1} of ${flags.rounds}\n`)
  }
  await Promise.all(Object.values(agents).map(agent => agent.close()))
  return measured
}
