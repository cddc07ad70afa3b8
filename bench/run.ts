import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { issueCertificate } from '../src/tls/issue.ts'
import { keepResult, readResult } from './figures/kept.ts'
import { markdownRow } from './figures/markdown.ts'
import { quantile } from './figures/quantile.ts'
import { openPool, runRound } from './load.ts'
import { clusterOf, reviewOf } from './reviews.ts'
import { type PinnedServer, startPinned } from './server.ts'

/** What is measured: a review of a shape, over one path, in a namespace with so many pull secrets. */
interface Row {
  readonly title: string
  readonly path: '/mutate' | '/validate'
  readonly references: number
  readonly containers: number
  readonly pullSecrets: number
}

/**
 * Namespaces that the reviews come from in turn. At the rate of a bench a single one owes more work than it may, and then its reviews wait
 * for each other; a whole cluster sends 300 a second.
 */
const NAMESPACES = Array.from({ length: 20 }, (_, i) => `team-${i}`)

const ORDINARY = { path: '/validate', references: 1, containers: 1, pullSecrets: 10 } as const

const ROWS: readonly Row[] = [
  { ...ORDINARY, title: 'an ordinary Pod, validated' },
  { ...ORDINARY, title: 'an ordinary Pod, mutated', path: '/mutate' },
  { ...ORDINARY, title: '10 references', references: 10 },
  { ...ORDINARY, title: '100 references', references: 100, pullSecrets: 100 },
  { ...ORDINARY, title: '50 containers', containers: 50 },
  { ...ORDINARY, title: '1,000 pull secrets, found by match', path: '/mutate', references: 0, pullSecrets: 1000 },
]

const { values: flags } = parseArgs({
  options: {
    starts: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '0.3' },
    'warm-up': { type: 'string', default: '20000' },
    row: { type: 'string', default: '' },
    against: { type: 'string' },
    keep: { type: 'boolean', default: false },
    guard: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
})
if (flags.help) {
  console.log(`npm run bench -- [--starts 3] [--rounds 8] [--seconds 0.3] [--warm-up 20000] [--row TEXT] [--against FOLDER] [--keep] [--guard]

Sends a real review over TLS on 16 kept-alive connections to a bare Fastify echo and to regcred with metrics and its default
log, in turn, each alone on core 0, and prints for each row the echo's CPU per review divided by regcred's: 1 is as cheap as
the echo. The median of the rounds with their quartiles. For each row both are started anew three times, since no two
starts of one program are equally fast, for so many rounds each. They are warmed up by as many reviews as it takes until V8 has
optimised both, which are not counted.

--row runs the rows alone whose title holds the text. --against measures another checkout of regcred in the same rounds, with its
dependencies installed, such as one from before a change; its ratio to the echo stands beside ours. --keep keeps the medians in
bench/results, and --guard prints them beside those of this run.`)
  process.exit(0)
}

const OURS = join(import.meta.dirname, '../src/cli.ts')
const other = flags.against && join(resolve(flags.against), 'src/cli.ts')

const KEPT = 'reviews.json'
const kept: Readonly<Record<string, number>> = (flags.guard && (await readResult<Record<string, number>>(KEPT))) || {}
const found: Record<string, number> = {}

const folder = await mkdtemp(join(tmpdir(), 'regcred-bench-'))
try {
  const { ca, cert, key } = await issueCertificate(['127.0.0.1'])
  const [certFile, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')]
  await writeFile(certFile, cert)
  await writeFile(keyFile, key, { mode: 0o600 })
  const header = [
    'row'.padEnd(38),
    'ratio',
    'quartiles   ',
    'regcred µs',
    'echo µs',
    'bytes',
    ...(other ? ['against'] : []),
    ...(flags.guard ? ['kept'] : []),
  ]
  console.log(markdownRow(header))
  console.log(markdownRow(header.map(cell => '-'.repeat(cell.length))))
  for (const row of ROWS.filter(({ title }) => title.includes(flags.row))) {
    const manifests = join(folder, 'cluster.json')
    await writeFile(manifests, clusterOf(row.pullSecrets, NAMESPACES))
    const serve = ['serve', '--manifests', manifests, '--bind-address', '127.0.0.1', '--secure-port', '0']
    const tls = ['--metrics-port', '0', '--tls-cert-file', certFile, '--tls-private-key-file', keyFile]
    const bodies = NAMESPACES.map(namespace => reviewOf({ ...row, namespace }))
    const rounds: Round[] = []
    for (let start = 0; start < Number(flags.starts); start++) {
      const servers = {
        echo: await startPinned(0, [join(import.meta.dirname, 'echo.ts'), certFile, keyFile]),
        regcred: await startPinned(0, [OURS, ...serve, ...tls]),
        ...(other && { other: await startPinned(0, [other, ...serve, ...tls]) }),
      }
      rounds.push(...(await measure(row.path, bodies, servers, ca)))
      await Promise.all(Object.values(servers).map(server => server.stop()))
    }
    found[row.title] = quantile(ratiosOf(rounds), 0.5)
    console.log(writeRow(row, bodies[0]?.length ?? 0, rounds))
  }
  if (flags.keep) await keepResult(KEPT, found)
} finally {
  await rm(folder, { recursive: true })
}

/** Microseconds of CPU for each review, of each server in one round. */
interface Round {
  readonly echo: number
  readonly regcred: number
  readonly other?: number
}

interface Servers {
  readonly echo: PinnedServer
  readonly regcred: PinnedServer
  readonly other?: PinnedServer
}

async function measure(path: string, bodies: readonly string[], servers: Servers, ca: string): Promise<Round[]> {
  const lanes = Object.entries(servers).map(([name, server]) => ({
    name,
    server,
    pool: openPool(server, ca),
    path: name === 'echo' ? '/validate' : path,
  }))
  const runAll = async (length: Parameters<typeof runRound>[4]): Promise<Round> => {
    const cpu: Record<string, number> = {}
    for (const { name, server, pool, path } of lanes)
      cpu[name] = (await runRound(server, pool, path, bodies, length)).cpu
    const { echo = Number.NaN, regcred = Number.NaN, ...rest } = cpu
    return { echo, regcred, ...rest }
  }
  await runAll({ reviews: Number(flags['warm-up']) })
  const rounds: Round[] = []
  while (rounds.length < Number(flags.rounds)) rounds.push(await runAll({ seconds: Number(flags.seconds) }))
  await Promise.all(lanes.map(({ pool }) => pool.close()))
  return rounds
}

function writeRow(row: Row, bytes: number, rounds: readonly Round[]): string {
  const ratios = ratiosOf(rounds)
  const against = rounds.flatMap(({ echo, other }) => (other === undefined ? [] : [echo / other]))
  const median = (values: readonly number[]) => quantile(values, 0.5)
  const cells = [
    row.title.padEnd(38),
    median(ratios).toFixed(2).padEnd(5),
    quartiles(ratios),
    median(rounds.map(({ regcred }) => regcred))
      .toFixed(1)
      .padEnd(10),
    median(rounds.map(({ echo }) => echo))
      .toFixed(1)
      .padEnd(7),
    String(bytes).padEnd(5),
    ...(against.length === 0 ? [] : [`${median(against).toFixed(2)} (${quartiles(against)})`]),
    ...(flags.guard ? [kept[row.title]?.toFixed(2) ?? ''] : []),
  ]
  return markdownRow(cells)
}

function ratiosOf(rounds: readonly Round[]): number[] {
  return rounds.map(({ echo, regcred }) => echo / regcred)
}

function quartiles(values: readonly number[]): string {
  return `${quantile(values, 0.25).toFixed(2)} to ${quantile(values, 0.75).toFixed(2)}`
}
