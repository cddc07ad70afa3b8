import type { Log } from '../runtime/log.ts'
import { redactError } from '../runtime/redact-error.ts'
import { ApiError } from './api-error.ts'

/** The log of one reflector, for a person on call: each outage once, and its end. */
export class ReflectorLog {
  readonly #log: Log
  readonly #resource: string
  #trouble: string | undefined

  constructor(log: Log, resource: string) {
    this.#log = log
    this.#resource = resource
  }

  synced(): void {
    this.#log.info({ resource: this.#resource }, `The cache of ${this.#resource} is synced.`)
  }

  interrupted(error: unknown): void {
    const known = error instanceof ApiError ? error : undefined
    const trouble = known ? `${known.code} ${known.status} ${known.reason}` : 'bug'
    if (trouble === this.#trouble) return
    this.#trouble = trouble
    const resource = this.#resource
    if (known)
      this.#log.warn({ resource, code: known.code }, `The watch of ${resource} was interrupted. ${known.message}`)
    else
      this.#log.error(
        { resource, ...redactError(error) },
        `The watch of ${resource} failed because of a bug and starts again.`,
      )
  }

  recovered(): void {
    if (this.#trouble === undefined) return
    this.#trouble = undefined
    this.#log.info({ resource: this.#resource }, `The watch of ${this.#resource} works again.`)
  }

  unreadable(namespace: string, name: string, error: unknown): void {
    const fields = { resource: this.#resource, namespace, name, ...redactError(error) }
    this.#log.error(fields, `An object of ${this.#resource} cannot be read and is ignored.`)
  }
}
