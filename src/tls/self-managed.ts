import { ApiError } from '../kube/api-error.ts'
import { about, delayAfter } from '../kube/backoff.ts'
import type { Objects } from '../kube/objects.ts'
import { type Clock, systemClock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import { redactError } from '../runtime/redact-error.ts'
import { publish, publishes } from './ca-bundle.ts'
import { notAfter, type Pair } from './pair.ts'
import { namesToIssue, planRotation, type Terms } from './rotation.ts'
import { readSecretData, withCurrent, withNext } from './secret-data.ts'
import type { PairSource, SourceHealth } from './source.ts'

export interface SelfManagedOptions extends Terms {
  readonly objects: Objects
  readonly namespace: string
  /** Name of the Secret, which has to exist. */
  readonly secret: string
  /** Name of the MutatingWebhookConfiguration and of the ValidatingWebhookConfiguration, which both have to exist. */
  readonly configuration: string
  readonly log: Log
  readonly clock?: Clock
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /** From 0 to 1. */
  readonly random?: () => number
}

/** What is known of the pair that is served: not its key, which only TLS needs. */
interface Serving {
  readonly cert: string
  readonly ca: string
  readonly notAfter: number
}

/** How often the objects are looked at; a thirtieth of the lifetime where that is shorter. */
const POLL_INTERVAL_MS = 10_000
/** How long a CA is published before a leaf of it serves; a twentieth of the lifetime where that is shorter. */
const SETTLE_TIME_MS = 10_000
/** About how long it takes from one step to the next. */
const NEXT_STEP_MS = 100

/**
 * Pairs that the replicas of regcred make for themselves and agree on in one Secret.
 *
 * Every replica goes by these steps, each a write that fails if somebody else has written meanwhile, so that it does not
 * matter which replica takes which, or ends between two: make a pair that is to follow and keep it beside the current one;
 * publish its authority beside the others in the `caBundle` of every webhook; once it has been published for a while, let it
 * be the current one; serve it. Why so: docs/adr/0005-how-certificates-rotate.md.
 *
 * RBAC: `get` and `update` of the Secret, of the MutatingWebhookConfiguration and of the ValidatingWebhookConfiguration, each
 * by its name.
 */
export class SelfManagedPairs implements PairSource {
  readonly #options: SelfManagedOptions & Required<Pick<SelfManagedOptions, 'clock' | 'now' | 'random'>>
  readonly #secretPath: string
  readonly #configurationPaths: readonly string[]
  readonly #stopping = new AbortController()
  /** By the PEM of an authority: since when, by the clock, this replica knows it to be published. */
  readonly #publishedSince = new Map<string, number>()
  #serving: Serving | undefined
  #trouble: string | undefined
  #running: Promise<void> = Promise.resolve()

  constructor(options: SelfManagedOptions) {
    const { namespace, secret, configuration } = options
    this.#options = { clock: systemClock, now: Date.now, random: Math.random, ...options }
    this.#secretPath = `/api/v1/namespaces/${namespace}/secrets/${secret}`
    this.#configurationPaths = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'].map(
      resource => `/apis/admissionregistration.k8s.io/v1/${resource}/${configuration}`,
    )
  }

  start(serve: (pair: Pair) => void): void {
    this.#running = this.#run(serve)
  }

  health(): SourceHealth {
    const { namespace, secret } = this.#options
    return { ok: this.#trouble === undefined, detail: this.#trouble ?? `self-managed in Secret ${namespace}/${secret}` }
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(serve: (pair: Pair) => void): Promise<void> {
    const { clock, random } = this.#options
    const { signal } = this.#stopping
    let failures = 0
    while (!signal.aborted) {
      let wait: number
      try {
        wait = await this.#look(serve)
        failures = 0
        this.#recovered()
      } catch (error) {
        wait = delayAfter(failures, error, random)
        failures += 1
        this.#failed(error)
      }
      await clock.sleep(wait, signal)
    }
  }

  /**
   * Looks at what is kept and published, and takes one step.
   *
   * @returns milliseconds until the next look
   */
  async #look(serve: (pair: Pair) => void): Promise<number> {
    const { objects, names, lifetime, random, log } = this.#options
    const { signal } = this.#stopping
    const secret = await objects.get(this.#secretPath, signal)
    const now = this.#options.now()
    const kept = readSecretData(secret)
    const { current, next, make } = planRotation(kept, this.#options, now)
    if (make !== undefined) {
      const authorityName = `regcred CA ${new Date(now).toISOString()}`
      const { issueCertificate } = await import('./issue.ts')
      const made = await issueCertificate(namesToIssue(kept, names, now), { now, lifetime, authorityName })
      const taken = await objects.replace(this.#secretPath, withNext(secret, made), signal)
      if (taken) log.info({ because: make, authority: authorityName }, 'new certificate issued')
      return about(NEXT_STEP_MS, random)
    }
    const authorities = [this.#serving?.ca, current?.ca, next?.ca].filter(ca => ca !== undefined)
    if (!(await this.#publish([...new Set(authorities)]))) return about(NEXT_STEP_MS, random)
    const settling = this.#timesToSettle()
    const servesNothing = this.#serving === undefined || this.#serving.notAfter <= now
    if (current !== undefined && current.cert !== this.#serving?.cert) {
      if (servesNothing || settling.get(current.ca) === 0) this.#serve(current, serve)
    }
    if (next !== undefined) {
      const nobodyServes = servesNothing && current === undefined
      if (nobodyServes || settling.get(next.ca) === 0) {
        await objects.replace(this.#secretPath, withCurrent(secret, next), signal)
        return about(NEXT_STEP_MS, random)
      }
    }
    return Math.min(POLL_INTERVAL_MS, lifetime / 30, ...[...settling.values()].filter(wait => wait > 0))
  }

  /** @returns whether all webhooks are now known to trust these authorities */
  async #publish(authorities: readonly string[]): Promise<boolean> {
    const { objects, log, clock } = this.#options
    const { signal } = this.#stopping
    for (const path of this.#configurationPaths) {
      const found = await objects.get(path, signal)
      for (const ca of authorities) if (!publishes(found, ca)) this.#publishedSince.delete(ca)
      const changed = publish(found, authorities)
      if (changed === undefined) continue
      if (!(await objects.replace(path, changed, signal))) return false
      log.info({ configuration: path.split('/').slice(-2).join('/') }, 'CA published in the webhook configuration')
    }
    const since = new Map(authorities.map(ca => [ca, this.#publishedSince.get(ca) ?? clock.now()]))
    this.#publishedSince.clear()
    for (const [ca, time] of since) this.#publishedSince.set(ca, time)
    return true
  }

  #serve({ cert, key, ca }: Pair & { readonly ca: string }, serve: (pair: Pair) => void): void {
    serve({ cert, key })
    this.#serving = { cert, ca, notAfter: notAfter({ cert }) }
  }

  /** By authority, the milliseconds until every API server has surely heard of it: their own watches lag. */
  #timesToSettle(): ReadonlyMap<string, number> {
    const { clock, lifetime } = this.#options
    const known = clock.now() - Math.min(SETTLE_TIME_MS, lifetime / 20)
    return new Map([...this.#publishedSince].map(([ca, since]) => [ca, Math.max(0, since - known)]))
  }

  #failed(error: unknown): void {
    if (this.#stopping.signal.aborted) return
    const known = error instanceof ApiError ? error : undefined
    const trouble = known?.message ?? 'a bug'
    if (trouble === this.#trouble) return
    this.#trouble = trouble
    const { log, secret } = this.#options
    if (known) log.warn({ secret, code: known.code }, `Certificate renewal fails. ${known.message}`)
    else log.error({ secret, ...redactError(error) }, 'Certificate renewal failed because of a bug and starts again.')
  }

  #recovered(): void {
    if (this.#trouble === undefined) return
    this.#trouble = undefined
    this.#options.log.info({ secret: this.#options.secret }, 'Certificate renewal works again.')
  }
}
