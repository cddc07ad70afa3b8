import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { request } from 'undici'
import { openAgent } from '../test/e2e/control-plane/agent.ts'
import { type ControlPlane, startControlPlane } from '../test/e2e/control-plane/control-plane.ts'
import { deployment, type Manifest, namespace, pullSecret } from '../test/e2e/control-plane/objects.ts'
import { markdownTable } from './figures/markdown.ts'
import { quantile } from './figures/quantile.ts'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    namespaces: { type: 'string', default: '50' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (flags.help) {
  console.log(`npm run bench:scan -- [--rounds 7] [--namespaces 50]

Starts a control plane with 5,000 Deployments without Pods, the 5,000 ReplicaSets that Kubernetes makes of them, and 10,000
pull secrets. The built package scans them, and kubectl gets deployments and secrets as JSON, in turn, each in a process of its
own. Prints the wall time of both, how many times kubectl's of the same round the scan's is, the memory of both, and the bars:
the median of the rounds with their quartiles. The first round fills caches and is not counted. Exits 1 where a bar is missed.`)
  process.exit(0)
}

const DEPLOYMENTS = 5000
const SECRETS = 10_000
/** Requests at once that fill the cluster. */
const AT_ONCE = 32
/** Milliseconds that Kubernetes has to make the ReplicaSets. */
const SETTLED_MS = 300_000

/** What a command takes, all of its process counted. */
interface Cost {
  readonly seconds: number
  readonly cpu: number
  readonly mb: number
}

interface Round {
  readonly scan: Cost
  readonly kubectl: Cost
}

interface Row {
  readonly title: string
  readonly of: (round: Round) => number
  readonly bar?: number
}

const ROWS: readonly Row[] = [
  { title: 'wall time, times kubectl', of: ({ scan, kubectl }) => scan.seconds / kubectl.seconds, bar: 1 },
  { title: 'memory of the scan, MB', of: ({ scan }) => scan.mb, bar: 200 },
  { title: 'memory of kubectl, MB', of: ({ kubectl }) => kubectl.mb },
  { title: 'wall time of the scan, s', of: ({ scan }) => scan.seconds },
  { title: 'wall time of kubectl, s', of: ({ kubectl }) => kubectl.seconds },
  { title: 'CPU of the scan, s', of: ({ scan }) => scan.cpu },
  { title: 'CPU of kubectl, s', of: ({ kubectl }) => kubectl.cpu },
]

function costOf(command: readonly string[]): Cost {
  const timed = spawnSync('/usr/bin/time', ['-f', 'took %e %U %S %M', ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [, wall, user, system, kb] = /^took ([\d.]+) ([\d.]+) ([\d.]+) (\d+)$/m.exec(timed.stderr) ?? []
  if (timed.status !== 0 || kb === undefined) throw new Error(`${command.join(' ')} failed: ${timed.stderr}`)
  return { seconds: Number(wall), cpu: Number(user) + Number(system), mb: Number(kb) / 1024 }
}

/** Creates them, so many at once. */
async function createAll({ server, kubeconfig }: ControlPlane, objects: readonly Manifest[]): Promise<void> {
  const dispatcher = await openAgent(kubeconfig)
  const left = objects.values()
  const work = async () => {
    for (const object of left) {
      const headers = { 'content-type': 'application/json' }
      const url = `${server}${collectionOf(object)}`
      const { statusCode, body } = await request(url, {
        dispatcher,
        method: 'POST',
        headers,
        body: JSON.stringify(object),
      })
      const text = await body.text()
      if (statusCode !== 201) throw new Error(text)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work)).finally(() => dispatcher.close())
}

function collectionOf({ kind, metadata }: Manifest): string {
  if (kind === 'Namespace') return '/api/v1/namespaces'
  const group = kind === 'Deployment' ? '/apis/apps/v1' : '/api/v1'
  return `${group}/namespaces/${metadata['namespace']}/${kind.toLowerCase()}s`
}

/** Waits until Kubernetes has made what it makes of the Deployments. */
async function settle({ kubectl }: ControlPlane): Promise<void> {
  const until = Date.now() + SETTLED_MS
  for (;;) {
    const { stdout } = await kubectl(['get', '--raw', '/apis/apps/v1/replicasets?limit=1'])
    const { items, metadata } = JSON.parse(stdout)
    if (items.length + (metadata.remainingItemCount ?? 0) >= DEPLOYMENTS) return
    if (Date.now() > until) throw new Error('there is not a ReplicaSet for each Deployment')
    await wait(1000)
  }
}

const controlPlane = await startControlPlane()
try {
  const teams = Array.from({ length: Number(flags.namespaces) }, (_, i) => `team-${i}`)
  const teamOf = (i: number) => teams[i % teams.length] ?? ''
  await createAll(
    controlPlane,
    teams.map(name => namespace(name)),
  )
  await createAll(
    controlPlane,
    Array.from({ length: SECRETS }, (_, i) => pullSecret(teamOf(i), `pull-${i}`, `registry-${i}.example.com`)),
  )
  await createAll(
    controlPlane,
    Array.from({ length: DEPLOYMENTS }, (_, i) => {
      const images = [`registry-${i}.example.com/acme/web:1`]
      return deployment(teamOf(i), `web-${i}`, { images, references: [`pull-${i}`] }, 0)
    }),
  )
  await settle(controlPlane)
  const asAdmin = ['--kubeconfig', controlPlane.kubeconfig]
  const scan = [
    process.execPath,
    join(import.meta.dirname, '../bin/regcred.js'),
    'scan',
    '-A',
    '-o',
    'json',
    ...asAdmin,
  ]
  const kubectl = [controlPlane.assets.kubectl, 'get', 'deployments,secrets', '-A', '-o', 'json', ...asAdmin]
  const runBoth = (): Round => ({ scan: costOf(scan), kubectl: costOf(kubectl) })
  runBoth()
  const rounds = Array.from({ length: Number(flags.rounds) }, runBoth)
  console.log(`Node ${process.version}, ${teams.length} namespaces, ${rounds.length} rounds\n`)
  const rows = ROWS.map(({ title, of, bar }) => {
    const [lower = '', median = '', upper = ''] = [0.25, 0.5, 0.75].map(at => write(quantile(rounds.map(of), at)))
    if (bar !== undefined && quantile(rounds.map(of), 0.5) > bar) process.exitCode = 1
    return [title, median, `${lower} to ${upper}`, bar ?? '']
  })
  console.log(markdownTable(['', 'median', 'quartiles', 'bar'], rows))
} finally {
  await controlPlane.stop()
}

function write(value: number): string {
  return value.toFixed(value < 20 ? 2 : 0)
}
