import type { Clock } from '../runtime/clock.ts'
import { withTimeout } from '../runtime/with-timeout.ts'
import { ApiError, readTimeout } from './api-error.ts'
import type { Transport } from './transport.ts'

/**
 * Single objects by their path, e.g. `/api/v1/namespaces/a/secrets/b`: those of our own, for which RBAC grants `get` and
 * `update` by name.
 */
export interface Objects {
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

  constructor(transport: Pick<Transport, 'getJson' | 'put'>, clock: Clock) {
    this.#transport = transport
    this.#clock = clock
  }

  async get(path: string, signal: AbortSignal): Promise<unknown> {
    return await this.#inTime(signal, inTime => this.#transport.getJson(path, {}, { signal: inTime }))
  }

  async replace(path: string, object: unknown, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#inTime(signal, inTime => this.#transport.put(path, object, inTime))
      return true
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return false
      throw error
    }
  }

  async #inTime<T>(signal: AbortSignal, send: (inTime: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await withTimeout(this.#clock, REQUEST_TIMEOUT_MS, signal, send)
    } catch (error) {
      throw readTimeout(error)
    }
  }
}
