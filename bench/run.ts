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
    rounds: { type: 'string', default: '15' },
    seconds: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (flags.help) {
  console.log(`npm run bench -- [--rounds 15] [--seconds 1]

Sends a real review over TLS on 16 kept-alive connections to a bare Fastify echo and to regcred with metrics and its default
log, in turn, each alone on core 0, and prints for each row the echo's CPU per review divided by regcred's: 1 is as cheap as
the echo. The median of the rounds with the least and the greatest.`)
  process.exit(0)
}

const folder = await mkdtemp(join(tmpdir(), 'regcred-bench-'))
try {
  const { ca, cert, key } = await issueCertificate(['127.0.0.1'])
  const [certFile, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')]
  await writeFile(certFile, cert)
  await writeFile(keyFile, key, { mode: 0o600 })
  const echo = await startPinned(0, [join(import.meta.dirname, 'echo.ts'), certFile, keyFile])
  console.log(`${'row'.padEnd(38)} ratio  (least to greatest)  regcred µs  echo µs`)
  for (const row of ROWS) {
    const manifests = join(folder, 'cluster.json')
    await writeFile(manifests, clusterOf(row.pullSecrets))
    const serve = ['serve', '--manifests', manifests, '--bind-address', '127.0.0.1', '--secure-port', '0']
    const tls = ['--metrics-port', '0', '--tls-cert-file', certFile, '--tls-private-key-file', keyFile]
    const regcred = await startPinned(0, [join(import.meta.dirname, '../src/cli.ts'), ...serve, ...tls])
    console.log(await measure(row, regcred, echo, ca))
    await regcred.stop()
  }
  await echo.stop()
} finally {
  await rm(folder, { recursive: true })
}

async function measure(row: Row, regcred: PinnedServer, echo: PinnedServer, ca: string): Promise<string> {
  const seconds = Number(flags.seconds)
  const body = reviewOf(row)
  const pools = { echo: openPool(echo, ca), regcred: openPool(regcred, ca) }
  const rounds = []
  // The first round of each warms it up and is not counted.
  for (let i = 0; i <= Number(flags.rounds); i += 1) {
    const a = await runRound(echo, pools.echo, '/validate', body, seconds)
    const b = await runRound(regcred, pools.regcred, row.path, body, seconds)
    if (i > 0) rounds.push({ ratio: a.cpu / b.cpu, echo: a.cpu, regcred: b.cpu })
  }
  await Promise.all([pools.echo.close(), pools.regcred.close()])
  const ratios = rounds.map(({ ratio }) => ratio).sort((a, b) => a - b)
  const spread = `(${ratios.at(0)?.toFixed(2)} to ${ratios.at(-1)?.toFixed(2)})`
  const own = median(rounds.map(round => round.regcred)).toFixed(1)
  const bare = median(rounds.map(round => round.echo)).toFixed(1)
  return `${row.title.padEnd(38)} ${median(ratios).toFixed(2).padEnd(6)} ${spread.padEnd(21)} ${own.padEnd(11)} ${bare}`
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
