import type { Agent } from 'undici'
import { podsUrl } from '../../test/e2e/shares/pods.ts'
import { cpuOf } from '../figures/cpu.ts'
import { quantile } from '../figures/quantile.ts'

/** One round of creates. */
export interface Round {
  readonly perSecond: number
  /** Milliseconds of CPU for each create. */
  readonly apiServerCpu: number
  /** Of the webhook's process; 0 where there is none. */
  readonly webhookCpu: number
  /** Milliseconds that a create took. */
  readonly p50: number
  readonly p99: number
  /** Questions of the webhook to the API server, for each create. */
  readonly reads: number
}

/** The processes of which the CPU counts, and what the webhook has asked so far. */
export interface Meters {
  readonly apiServer: number
  readonly webhook: number | undefined
  readonly reads: () => Promise<number>
}

/** Creates under way at any time. */
const CONNECTIONS = 8

/** Creates the same Pod over and over, as a dry run, and checks that each is created. */
export async function runRound(
  agent: Agent,
  { server, namespace, body }: { readonly server: string; readonly namespace: string; readonly body: string },
  milliseconds: number,
  meters: Meters,
): Promise<Round> {
  const url = new URL(podsUrl(server, namespace))
  const request = { origin: url.origin, path: url.pathname + url.search, method: 'POST', body } as const
  const headers = { 'content-type': 'application/json' }
  const times: number[] = []
  const before = {
    apiServer: millisecondsOf(meters.apiServer),
    webhook: millisecondsOf(meters.webhook),
    reads: await meters.reads(),
  }
  const start = performance.now()
  const client = async () => {
    while (performance.now() - start < milliseconds) {
      const sent = performance.now()
      const answer = await agent.request({ ...request, headers })
      const text = await answer.body.text()
      if (answer.statusCode !== 201) throw new Error(`${namespace}: ${answer.statusCode} ${text}`)
      times.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, client))
  const elapsed = performance.now() - start
  const count = times.length
  return {
    perSecond: (count / elapsed) * 1000,
    apiServerCpu: (millisecondsOf(meters.apiServer) - before.apiServer) / count,
    webhookCpu: (millisecondsOf(meters.webhook) - before.webhook) / count,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    reads: ((await meters.reads()) - before.reads) / count,
  }
}

/** Milliseconds of CPU; 0 where there is no process. */
function millisecondsOf(pid: number | undefined): number {
  return pid === undefined ? 0 : cpuOf(pid) / 1e6
}
