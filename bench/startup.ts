import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findKubectl } from '../test/e2e/build/assets.ts'
import { markdownRow } from './figures/markdown.ts'
import { quantile } from './figures/quantile.ts'

/** A command, and how many times kubectl's CPU it may take. */
interface Row {
  readonly title: string
  readonly command: readonly string[]
  readonly bar?: number
  /** With which it ends; 0 where it is left out. */
  readonly ends?: number
  /** Called before each run. */
  readonly env?: () => NodeJS.ProcessEnv
}

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '25' }, help: { type: 'boolean', short: 'h' } },
})
if (flags.help) {
  console.log(`npm run bench:startup -- [--rounds 25]

Runs kubectl version --client, Node alone and commands of the built package in turn, each in a process of its own, and prints the CPU
(user and system, all threads) of each and how many times that of kubectl in the same round it is: the median of the rounds with
their quartiles. What asks a cluster asks a stand-in on this machine. The first round fills the caches of the system and is not counted.`)
  process.exit(0)
}

const ROOT = join(import.meta.dirname, '..')
const BIN = join(ROOT, 'bin/regcred.js')
const NODE = process.execPath
const SECRET = join(ROOT, 'examples/cluster/regcred.yaml')
const IMAGE = 'your.private.registry.example.com/janedoe/jdoe-private:v1'
const CHECK = [NODE, BIN, 'check', '-f', join(ROOT, 'examples/private-reg-pod.yaml')]
/** Sums up what the child took, as bash alone among the shells does to the millisecond. */
const TIMED = 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null 2>&1'

const cache = mkdtempSync(join(tmpdir(), 'regcred-bench-'))
const kubeconfig = join(cache, 'kubeconfig')
const ASKED = ['--kubeconfig', kubeconfig]
const cluster = spawn(NODE, [join(import.meta.dirname, 'waiting-pod.ts'), kubeconfig], {
  stdio: ['pipe', 'pipe', 'inherit'],
})
try {
  await once(cluster.stdout, 'data')
  const rows: readonly Row[] = [
    { title: 'kubectl version --client', command: [await findKubectl(), 'version', '--client'] },
    { title: 'node, and nothing to run', command: [NODE, '--eval', '0'] },
    { title: 'regcred --version', command: [NODE, BIN, '--version'], bar: 2.5 },
    { title: 'regcred --help', command: [NODE, BIN, '--help'] },
    { title: 'regcred config', command: [NODE, BIN, 'config'] },
    { title: 'regcred check, one file', command: CHECK, bar: 4 },
    { title: 'the same, compile cache cold', command: CHECK, env: () => cachedIn(mkdtempSync(join(cache, 'cold-'))) },
    { title: 'the same, compile cache warm', command: CHECK, env: () => cachedIn(cache) },
    { title: 'regcred inspect, one file', command: [NODE, BIN, 'inspect', SECRET], bar: 4 },
    { title: 'regcred can-pull, one file', command: [NODE, BIN, 'can-pull', IMAGE, '-f', SECRET], bar: 4 },
    { title: 'regcred inspect, of a cluster', command: [NODE, BIN, 'inspect', 'regcred', ...ASKED], bar: 5 },
    { title: 'regcred can-pull, of a cluster', command: [NODE, BIN, 'can-pull', IMAGE, ...ASKED], bar: 5, ends: 1 },
    { title: 'regcred why, of a cluster', command: [NODE, BIN, 'why', 'web', ...ASKED], bar: 5, ends: 1 },
  ]
  for (const row of rows) cpuOf(row)
  const rounds = Array.from({ length: Number(flags.rounds) }, () => rows.map(cpuOf))
  const version = execFileSync(NODE, ['--version'], { encoding: 'utf8' }).trim()
  console.log(`Node ${version}, ${rounds.length} rounds\n`)
  console.log(`| ${'what is run'.padEnd(30)} | CPU ms | times kubectl | quartiles    | bar |`)
  console.log(`| ${'-'.repeat(30)} | ------ | ------------- | ------------ | --- |`)
  for (const [index, { title, bar }] of rows.entries()) {
    const own = rounds.map(round => round[index] ?? Number.NaN)
    const ratios = rounds.map(round => (round[index] ?? Number.NaN) / (round[0] ?? Number.NaN))
    const cells = [
      title.padEnd(30),
      quantile(own, 0.5).toFixed(0).padEnd(6),
      quantile(ratios, 0.5).toFixed(2).padEnd(13),
      `${quantile(ratios, 0.25).toFixed(2)} to ${quantile(ratios, 0.75).toFixed(2)}`,
      (bar?.toFixed(1) ?? '').padEnd(3),
    ]
    console.log(markdownRow(cells))
    if (bar !== undefined && quantile(ratios, 0.5) > bar) process.exitCode = 1
  }
} finally {
  cluster.kill()
  rmSync(cache, { recursive: true })
}

/** We do without it: docs/adr/0008-what-a-start-costs.md. */
function cachedIn(folder: string): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: folder }
}

/** Milliseconds of CPU that a run takes. */
function cpuOf({ command, env, ends = 0 }: Row): number {
  const { status, stderr } = spawnSync('bash', ['-c', TIMED, 'bash', ...command], {
    encoding: 'utf8',
    env: { ...process.env, ...env?.() },
  })
  const times = stderr.trim().split(' ').map(Number)
  if (status !== ends || times.length !== 2) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`)
  return times.reduce((sum, seconds) => sum + seconds * 1000, 0)
}
