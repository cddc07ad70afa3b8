import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { issueCertificate } from '../src/tls/issue.ts'
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
    help: { type: 'boolean', short: 'h' },
  },
})
if (flags.help) {
  console.log(`npm run bench -- [--starts 3] [--rounds 8] [--seconds 0.3] [--warm-up 20000]

Sends a real review over TLS on 16 kept-alive connections to a bare Fastify echo and to regcred with metrics and its default
log, in turn, each alone on core 0, and prints for each row the echo's CPU per review divided by regcred's: 1 is as cheap as
the echo. The median of the rounds with their quartiles. For each row both are started anew three times, since no two
starts of one program are equally fast, for so many rounds each. They are warmed up by as many reviews as it takes until V8 has
optimised both, which are not counted.`)
  process.exit(0)
}

const folder = await mkdtemp(join(tmpdir(), 'regcred-bench-'))
try {
  const { ca, cert, key } = await issueCertificate(['127.0.0.1'])
  const [certFile, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')]
  await writeFile(certFile, cert)
  await writeFile(keyFile, key, { mode: 0o600 })
  console.log(`| ${'row'.padEnd(38)} | ratio | quartiles    | regcred µs | echo µs | bytes |`)
  console.log(`| ${'-'.repeat(38)} | ----- | ------------ | ---------- | ------- | ----- |`)
  for (const row of ROWS) {
    const manifests = join(folder, 'cluster.json')
    await writeFile(manifests, clusterOf(row.pullSecrets))
    const serve = ['serve', '--manifests', manifests, '--bind-address', '127.0.0.1', '--secure-port', '0']
    const tls = ['--metrics-port', '0', '--tls-cert-file', certFile, '--tls-private-key-file', keyFile]
    const body = reviewOf(row)
    const rounds: Rounds = []
    for (let start = 0; start < Number(flags.starts); start++) {
      const echo = await startPinned(0, [join(import.meta.dirname, 'echo.ts'), certFile, keyFile])
      const regcred = await startPinned(0, [join(import.meta.dirname, '../src/cli.ts'), ...serve, ...tls])
      rounds.push(...(await measure(row.path, body, regcred, echo, ca)))
      await Promise.all([regcred.stop(), echo.stop()])
    }
    console.log(writeRow(row, body, rounds))
  }
} finally {
  await rm(folder, { recursive: true })
}

/** Microseconds of CPU for each review, of both in each round. */
type Rounds = { readonly echo: number; readonly regcred: number }[]

async function measure(
  path: string,
  body: string,
  regcred: PinnedServer,
  echo: PinnedServer,
  ca: string,
): Promise<Rounds> {
  const pools = { echo: openPool(echo, ca), regcred: openPool(regcred, ca) }
  const runBoth = async (length: Parameters<typeof runRound>[4]) => {
    const bare = await runRound(echo, pools.echo, '/validate', body, length)
    const own = await runRound(regcred, pools.regcred, path, body, length)
    return { echo: bare.cpu, regcred: own.cpu }
  }
  await runBoth({ reviews: Number(flags['warm-up']) })
  const rounds: Rounds = []
  while (rounds.length < Number(flags.rounds)) rounds.push(await runBoth({ seconds: Number(flags.seconds) }))
  await Promise.all([pools.echo.close(), pools.regcred.close()])
  return rounds
}

function writeRow(row: Row, body: string, rounds: Rounds): string {
  const ratios = rounds.map(({ echo, regcred }) => echo / regcred)
  const cells = [
    row.title.padEnd(38),
    quantile(ratios, 0.5).toFixed(2).padEnd(5),
    `${quantile(ratios, 0.25).toFixed(2)} to ${quantile(ratios, 0.75).toFixed(2)}`,
    quantile(
      rounds.map(({ regcred }) => regcred),
      0.5,
    )
      .toFixed(1)
      .padEnd(10),
    quantile(
      rounds.map(({ echo }) => echo),
      0.5,
    )
      .toFixed(1)
      .padEnd(7),
    String(body.length).padEnd(5),
  ]
  return `| ${cells.join(' | ')} |`
}

/** @param at from 0 for the least to 1 for the greatest; 0.5 is the median */
function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.round((sorted.length - 1) * at)] ?? Number.NaN
}
