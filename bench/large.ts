import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Pool } from 'undici'
import { issueCertificate } from '../src/tls/issue.ts'
import { quantile } from './figures/quantile.ts'
import { openPool } from './load.ts'
import { clusterOf, reviewOf } from './reviews.ts'
import { startPinned } from './server.ts'

/** Reviews a second, far below what the server can do, so that what is seen is waiting and not load. */
const RATE = 200

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '5' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (flags.help) {
  console.log(`npm run bench:large -- [--rounds 7] [--seconds 5]

Sends ${RATE} ordinary reviews a second, in turn with and without one of 5 MB a second, and prints the 99th percentile of the
ordinary ones' time with it divided by that without: 1 is as if it were not there. The median of the rounds with the least
and the greatest.`)
  process.exit(0)
}

const folder = await mkdtemp(join(tmpdir(), 'regcred-bench-'))
try {
  const { ca, cert, key } = await issueCertificate(['127.0.0.1'])
  const at = (name: string) => join(folder, name)
  const [caFile, certFile, keyFile, manifests] = [at('ca.crt'), at('tls.crt'), at('tls.key'), at('cluster.json')]
  await writeFile(caFile, ca)
  await writeFile(certFile, cert)
  await writeFile(keyFile, key, { mode: 0o600 })
  await writeFile(manifests, clusterOf(10))
  const serve = ['serve', '--manifests', manifests, '--bind-address', '127.0.0.1', '--secure-port', '0']
  const tls = ['--metrics-port', '0', '--tls-cert-file', certFile, '--tls-private-key-file', keyFile]
  const server = await startPinned('0,1', [join(import.meta.dirname, '../src/cli.ts'), ...serve, ...tls])
  const pool = openPool(server, ca)
  const rounds: { without: number; beside: number; ratio: number }[] = []
  // The first round warms up and is not counted.
  for (let i = 0; i <= Number(flags.rounds); i += 1) {
    const without = await runRound(pool)
    const sender = await sendLarge(server.url, caFile)
    const beside = await runRound(pool)
    sender.kill()
    if (i > 0) rounds.push({ without, beside, ratio: beside / without })
  }
  await pool.close()
  await server.stop()
  const ratios = rounds.map(({ ratio }) => ratio).sort((a, b) => a - b)
  const spread = `(${ratios.at(0)?.toFixed(2)} to ${ratios.at(-1)?.toFixed(2)})`
  const p99 = (key: 'without' | 'beside') => median(rounds.map(round => round[key])).toFixed(2)
  console.log(`p99 with one review of 5 MB a second / without: ${median(ratios).toFixed(2)} ${spread}`)
  console.log(`p99: ${p99('without')} ms without, ${p99('beside')} ms with`)
} finally {
  await rm(folder, { recursive: true })
}

/** The 99th percentile of the time of ordinary reviews, in milliseconds. */
async function runRound(pool: Pool): Promise<number> {
  const body = reviewOf({ references: 1, containers: 1 })
  const times: number[] = []
  const underWay: Promise<void>[] = []
  const send = async () => {
    const started = performance.now()
    const headers = { 'content-type': 'application/json' }
    const answer = await pool.request({ method: 'POST', path: '/validate?timeout=10s', headers, body })
    const text = await answer.body.text()
    if (!text.includes('"allowed":true')) throw new Error(`answered ${answer.statusCode}: ${text}`)
    times.push(performance.now() - started)
  }
  const total = RATE * Number(flags.seconds)
  const begun = performance.now()
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, ((performance.now() - begun) / 1000) * RATE)
    for (; sent < due; sent += 1) underWay.push(send())
    await wait(1)
  }
  await Promise.all(underWay)
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN
}

/** In a process of its own, which has started up by then: to send five megabytes takes its time too. */
async function sendLarge(url: string, caFile: string): Promise<ChildProcess> {
  const file = join(import.meta.dirname, 'large-sender.ts')
  const sender = spawn(process.execPath, [file, url, caFile], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(sender.stdout, 'data')
  return sender
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}
