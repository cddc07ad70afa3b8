import { type Clock, systemClock } from '../runtime/clock.ts'
import { readFailure, sendInTime } from './api-error.ts'
import type { KubeConfig } from './kubeconfig/credentials.ts'
import { Transport } from './transport.ts'

/** Time for the API server to answer. */
const PING_TIMEOUT_MS = 10_000

/**
 * Asks an API server for its version, which anybody may, so that a wrong address or user is a sentence and not a cache that
 * never syncs. What may pass by itself is not an error: it is busy, or its own rules are not there yet.
 *
 * @returns what is wrong and what to do, in one line; undefined if nothing is
 */
export async function ping(
  kubeConfig: KubeConfig,
  userAgent: string,
  clock: Clock = systemClock,
): Promise<string | undefined> {
  const transport = new Transport({ kubeConfig, userAgent, clock })
  const { signal: never } = new AbortController()
  const send = (signal: AbortSignal) => transport.getJson('/version', {}, { signal })
  const failure = await sendInTime(clock, PING_TIMEOUT_MS, never, send).then(
    () => undefined,
    (error: unknown) => readFailure(error, never),
  )
  await transport.close()
  if (failure === undefined || (failure.code === 'refused' && failure.status !== 401)) return undefined
  const why =
    failure.code === 'silent' ? `The API server did not answer within ${PING_TIMEOUT_MS / 1000} s.` : failure.message
  return `${kubeConfig.server}: ${why} Start it, or correct the server or the user in the kubeconfig.`
}
