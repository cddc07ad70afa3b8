import { ApiError } from '../kube/api-error.ts'
import type { Objects } from '../kube/objects.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import { bundledAuthorities, publish, publishes } from './ca-bundle.ts'
import { disown } from './field-ownership.ts'

export interface PublicationOptions {
  readonly objects: Objects
  /** Name of the MutatingWebhookConfiguration and of the ValidatingWebhookConfiguration, one of which has to exist. */
  readonly configuration: string
  readonly clock: Clock
  readonly log: Log
}

/** The CAs in the `caBundle` of our webhooks, and since when this replica knows them to be there. */
export class Publication {
  readonly #options: PublicationOptions
  readonly #paths: readonly string[]
  /** By the PEM of an authority: since when, by the clock. */
  readonly #since = new Map<string, number>()
  #bundled: readonly string[] = []
  /** Paths of those that were not there when they were last looked for. */
  readonly #missing = new Set<string>()
  #wereBoth = false

  constructor(options: PublicationOptions) {
    this.#options = options
    this.#paths = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'].map(
      resource => `/apis/admissionregistration.k8s.io/v1/${resource}/${options.configuration}`,
    )
  }

  /** All that any webhook trusted when it was last looked at, whoever had put it there. */
  get bundled(): readonly string[] {
    return this.#bundled
  }

  /**
   * Lets every webhook trust these authorities. Once it does, a later call gives up owning what was written for it.
   *
   * @returns whether all are now known to do so; false where somebody else has written meanwhile
   */
  async publish(authorities: readonly string[], signal: AbortSignal): Promise<boolean> {
    const { objects, log, clock } = this.#options
    const bundled = new Set<string>()
    for (const [path, found] of await this.#findAll(signal)) {
      for (const ca of bundledAuthorities(found)) bundled.add(ca)
      for (const ca of authorities) if (!publishes(found, ca)) this.#since.delete(ca)
      const changed = publish(found, authorities)
      const written = changed ?? disown(found)
      if (written === undefined) continue
      if (!(await objects.replace(path, written, signal))) return false
      if (changed === undefined) continue
      log.info({ configuration: nameOf(path) }, 'CA published in the webhook configuration')
    }
    this.#wereBoth ||= this.#missing.size === 0
    this.#bundled = [...bundled]
    const since = new Map(authorities.map(ca => [ca, this.#since.get(ca) ?? clock.now()]))
    this.#since.clear()
    for (const [ca, time] of since) this.#since.set(ca, time)
    return true
  }

  /**
   * Those that exist. If one of the two goes, such as the mutating one in an emergency, the other needs its certificate all the
   * same. But at first both are waited for: whoever installs them expects that a replica that is ready is trusted by both.
   *
   * @throws ApiError with status 404 if there is neither, or were not both yet
   */
  async #findAll(signal: AbortSignal): Promise<(readonly [path: string, configuration: unknown])[]> {
    const all: (readonly [string, unknown])[] = []
    for (const path of this.#paths) {
      try {
        all.push([path, await this.#options.objects.get(path, signal)])
        this.#missing.delete(path)
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error
        const isOnly = path === this.#paths.at(-1) && all.length === 0
        if (isOnly || !this.#wereBoth) throw error
        if (!this.#missing.has(path))
          this.#options.log.warn({ configuration: nameOf(path) }, 'a webhook configuration does not exist')
        this.#missing.add(path)
      }
    }
    return all
  }

  /**
   * By authority, the milliseconds until every API server has surely heard of it: their own watches lag.
   *
   * @param settleTime how long that takes
   */
  timesToSettle(settleTime: number): ReadonlyMap<string, number> {
    const known = this.#options.clock.now() - settleTime
    return new Map([...this.#since].map(([ca, since]) => [ca, Math.max(0, since - known)]))
  }
}

/** E.g. `mutatingwebhookconfigurations/regcred`. */
function nameOf(path: string): string {
  return path.split('/').slice(-2).join('/')
}
