import type { Clock } from '../runtime/clock.ts'
import { ApiError } from './api-error.ts'
import type { JsonSource } from './pager.ts'
import type { GetOptions, Query } from './transport.ts'

/** Times that a request is sent that the API server has no time for. */
const MAX_ATTEMPTS = 4
/** Time to stay away if the API server does not say for how long. */
const DEFAULT_WAIT_MS = 1000
/** Longest time to stay away: an API server that wants more is told of instead. */
const MAX_WAIT_MS = 10_000

/** Repeats a request that is answered 429 (Too Many Requests), after the time that Retry-After asks for; a few times, and not for long. */
export async function sendPatiently<T>(
  clock: Clock,
  signal: AbortSignal,
  send: () => Promise<T>,
  attempt: number = 1,
): Promise<T> {
  try {
    return await send()
  } catch (error) {
    const isBusy = error instanceof ApiError && error.status === 429
    const wait = isBusy ? (error.retryAfter ?? DEFAULT_WAIT_MS) : undefined
    if (wait === undefined || wait > MAX_WAIT_MS || attempt === MAX_ATTEMPTS) throw error
    await clock.sleep(wait, signal)
  }
  return await sendPatiently(clock, signal, send, attempt + 1)
}

/** A source whose requests are repeated so. */
export class PatientSource implements JsonSource {
  readonly #source: JsonSource
  readonly #clock: Clock

  constructor(source: JsonSource, clock: Clock) {
    this.#source = source
    this.#clock = clock
  }

  async getJson(path: string, query: Query, options: GetOptions): Promise<unknown> {
    return await sendPatiently(this.#clock, options.signal, () => this.#source.getJson(path, query, options))
  }
}
