import type { Clock } from '../runtime/clock.ts'
import { ApiError, sendInTime } from './api-error.ts'
import type { Transport } from './transport.ts'

/**
 * Single objects by their path, e.g. `/api/v1/namespaces/a/secrets/b`: those of our own, for which RBAC grants `get` and
 * `update` by name.
 */
export interface Objects {
  /** Milliseconds by which the API server's time of day was ahead of ours when it last answered; 0 while that is not known. */
  readonly clockSkew: number
  /** @throws ApiError; with status 404 where there is none */
  get(path: string, signal: AbortSignal): Promise<unknown>
  /**
   * Puts an object in the place of the version that it was read as (its `metadata.resourceVersion`).
   *
   * @returns false where somebody else has written it meanwhile, so that it has to be read again
   * @throws ApiError
   */
  replace(path: string, object: unknown, signal: AbortSignal): Promise<boolean>
}

/** Time for one request. */
const REQUEST_TIMEOUT_MS = 10_000

export class ApiServerObjects implements Objects {
  readonly #transport: Pick<Transport, 'getJson' | 'put'>
  readonly #clock: Clock
  readonly #today: () => number
  #clockSkew = 0

  /** @param today milliseconds since the epoch */
  constructor(transport: Pick<Transport, 'getJson' | 'put'>, clock: Clock, today: () => number = Date.now) {
    this.#transport = transport
    this.#clock = clock
    this.#today = today
  }

  get clockSkew(): number {
    return this.#clockSkew
  }

  async get(path: string, signal: AbortSignal): Promise<unknown> {
    const onDate = (date: number) => {
      this.#clockSkew = date - this.#today()
    }
    return await sendInTime(this.#clock, REQUEST_TIMEOUT_MS, signal, inTime =>
      this.#transport.getJson(path, {}, { signal: inTime, onDate }),
    )
  }

  async replace(path: string, object: unknown, signal: AbortSignal): Promise<boolean> {
    try {
      await sendInTime(this.#clock, REQUEST_TIMEOUT_MS, signal, inTime => this.#transport.put(path, object, inTime))
      return true
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return false
      throw error
    }
  }
}
