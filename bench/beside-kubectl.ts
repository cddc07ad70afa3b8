import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startControlPlane } from '../test/e2e/control-plane/control-plane.ts'
import { quantile } from './figures/quantile.ts'

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, help: { type: 'boolean', short: 'h' } },
})
if (flags.help) {
  console.log(`npm run bench:kubectl -- [--rounds 7]

Starts a control plane. The built package checks Deployments in one YAML file, and kubectl creates them with --dry-run=client
--validate=false, in turn, each in a process of its own. Prints the CPU (user and system, all threads) of both, how many times
kubectl's of the same round it is, how CPU and memory grow, and the bars: the median of the rounds with their quartiles. The
first round fills the caches of the system and is not counted. Exits 1 where a bar is missed.`)
  process.exit(0)
}

/** What a command takes for a file, all of its process counted. */
interface Cost {
  readonly ms: number
  readonly mb: number
}

/** What both take for one file. */
interface Pair {
  readonly check: Cost
  readonly kubectl: Cost
}

/** The three sizes, in turn. */
interface Round {
  readonly least: Pair
  readonly half: Pair
  readonly all: Pair
}

interface Row {
  readonly title: string
  readonly of: (round: Round) => number
  readonly bar?: number
}

const TIMES_KUBECTL = 2.5
const CHECK = [process.execPath, join(import.meta.dirname, '../bin/regcred.js'), 'check']

const ROWS: readonly Row[] = [
  { title: '2,000, times kubectl', of: ({ least }) => timesKubectl(least), bar: TIMES_KUBECTL },
  { title: '5,000, times kubectl', of: ({ half }) => timesKubectl(half), bar: TIMES_KUBECTL },
  { title: '10,000, times kubectl', of: ({ all }) => timesKubectl(all), bar: TIMES_KUBECTL },
  { title: '10,000, times 5,000', of: ({ half, all }) => all.check.ms / half.check.ms, bar: 2.2 },
  { title: '10,000, MB', of: ({ all }) => all.check.mb, bar: 200 },
  { title: "10,000, times 2,000's MB", of: ({ least, all }) => all.check.mb / least.check.mb, bar: 1.3 },
  { title: '2,000, CPU ms', of: ({ least }) => least.check.ms },
  { title: '10,000, CPU ms', of: ({ all }) => all.check.ms },
  { title: '10,000, CPU ms of kubectl', of: ({ all }) => all.kubectl.ms },
]

function timesKubectl({ check, kubectl }: Pair): number {
  return check.ms / kubectl.ms
}

function deployment(i: number): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-${i}
  namespace: team-${i % 50}
spec:
  replicas: 2
  selector: {matchLabels: {app: web-${i}}}
  template:
    metadata: {labels: {app: web-${i}}}
    spec:
      imagePullSecrets:
        - name: acme
      containers:
        - name: web
          image: registry.example.com/acme/web:${i}
          ports:
            - containerPort: 8080
          env:
            - name: MODE
              value: "production"
`
}

function costOf(command: readonly string[], file: string): Cost {
  const timed = spawnSync('/usr/bin/time', ['-f', 'took %U %S %M', ...command, file], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  })
  const [, user, system, kb] = /^took ([\d.]+) ([\d.]+) (\d+)$/m.exec(timed.stderr) ?? []
  if (timed.status !== 0 || kb === undefined) throw new Error(`${command.join(' ')} failed: ${timed.stderr}`)
  return { ms: 1000 * (Number(user) + Number(system)), mb: Number(kb) / 1024 }
}

const folder = mkdtempSync(join(tmpdir(), 'regcred-bench-'))
const controlPlane = await startControlPlane()
try {
  const create = ['create', '--dry-run=client', '--validate=false', '-o', 'name', '-f']
  const kubectl = [controlPlane.assets.kubectl, '--kubeconfig', controlPlane.kubeconfig, ...create]
  const pairFor = (size: number): Pair => {
    const file = join(folder, `${size}.yaml`)
    writeFileSync(file, Array.from({ length: size }, (_, i) => deployment(i)).join(''))
    return { check: costOf(CHECK, file), kubectl: costOf(kubectl, file) }
  }
  const runAll = (): Round => ({ least: pairFor(2000), half: pairFor(5000), all: pairFor(10_000) })
  runAll()
  const rounds = Array.from({ length: Number(flags.rounds) }, runAll)
  console.log(`Node ${process.version}, ${rounds.length} rounds\n`)
  console.log(`| ${'Deployments'.padEnd(25)} | median | quartiles        | bar |`)
  console.log(`| ${'-'.repeat(25)} | ------ | ---------------- | --- |`)
  for (const { title, of, bar } of ROWS) {
    const values = rounds.map(of)
    const write = (at: number) => quantile(values, at).toFixed(quantile(values, at) < 20 ? 2 : 0)
    const quartiles = `${write(0.25)} to ${write(0.75)}`
    console.log(
      `| ${title.padEnd(25)} | ${write(0.5).padEnd(6)} | ${quartiles.padEnd(16)} | ${String(bar ?? '').padEnd(3)} |`,
    )
    if (bar !== undefined && quantile(values, 0.5) > bar) process.exitCode = 1
  }
} finally {
  await controlPlane.stop()
  rmSync(folder, { recursive: true })
}
