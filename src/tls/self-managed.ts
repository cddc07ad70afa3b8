import { ApiError } from '../kube/api-error.ts'
import { about, delayAfter } from '../kube/backoff.ts'
import type { Objects } from '../kube/objects.ts'
import { type Clock, systemClock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import { redactError } from '../runtime/redact-error.ts'
import { type AuthorityPlace, AuthorityWatch, type UnexpectedAuthority } from './authority-watch.ts'
import { notAfter, type Pair } from './pair.ts'
import { Publication } from './publication.ts'
import { namesToIssue, planRotation, type Terms } from './rotation.ts'
import { readSecretData, withCurrent, withNext } from './secret-data.ts'
import { MAX_CLOCK_SKEW_MS, ServerTime } from './server-time.ts'
import type { PairSource, SourceHealth } from './source.ts'

export interface SelfManagedOptions extends Terms {
  readonly objects: Objects
  readonly namespace: string
  /** Name of the Secret, which has to exist. */
  readonly secret: string
  /** Name of the MutatingWebhookConfiguration and of the ValidatingWebhookConfiguration, which both have to exist. */
  readonly configuration: string
  readonly log: Log
  /** Told of each CA that somebody else seems to have planted. */
  readonly onUnexpectedAuthority?: (place: AuthorityPlace) => void
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
const MISSING = 'regcred may not create it: helm upgrade brings it back, without data, and regcred fills it.'
const UNEXPECTED =
  'A CA has appeared that was not due. If nobody here put it there, somebody may try to answer for regcred.'

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
  readonly #publication: Publication
  readonly #time: ServerTime
  readonly #authorities = new AuthorityWatch()
  readonly #stopping = new AbortController()
  #serving: Serving | undefined
  #trouble: string | undefined
  #running: Promise<void> = Promise.resolve()

  constructor(options: SelfManagedOptions) {
    const { namespace, secret, objects, log } = options
    this.#options = { clock: systemClock, now: Date.now, random: Math.random, ...options }
    this.#secretPath = `/api/v1/namespaces/${namespace}/secrets/${secret}`
    this.#publication = new Publication(this.#options)
    this.#time = new ServerTime(objects, this.#options.now, log)
  }

  start(serve: (pair: Pair) => void): void {
    this.#running = this.#run(serve)
  }

  health(): SourceHealth {
    const { namespace, secret } = this.#options
    const detail = this.#trouble ?? this.#time.fault ?? `self-managed in Secret ${namespace}/${secret}`
    return { ok: this.#trouble === undefined, detail }
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
    const now = this.#time.now()
    const kept = readSecretData(secret)
    const rotation = planRotation(kept, this.#options, now)
    const { current, next, make } = rotation
    // As another replica sees it, whose clock may be ahead.
    const dueBefore = lifetime / 3 + Math.min(MAX_CLOCK_SKEW_MS, lifetime / 20)
    this.#report(this.#authorities.lookAtSecret(kept, rotation, dueBefore, now))
    if (make !== undefined) {
      const authorityName = `regcred CA ${new Date(now).toISOString()}`
      const { issueCertificate } = await import('./issue.ts')
      const made = await issueCertificate(namesToIssue(kept, names, now), { now, lifetime, authorityName })
      this.#authorities.expect(made.ca)
      const taken = await objects.replace(this.#secretPath, withNext(secret, made), signal)
      if (taken) log.info({ because: make, authority: authorityName }, 'new certificate issued')
      return about(NEXT_STEP_MS, random)
    }
    const authorities = [this.#serving?.ca, current?.ca, next?.ca].filter(ca => ca !== undefined)
    if (!(await this.#publication.publish([...new Set(authorities)], signal))) return about(NEXT_STEP_MS, random)
    this.#report(this.#authorities.lookAtBundles(this.#publication.bundled))
    const settling = this.#publication.timesToSettle(Math.min(SETTLE_TIME_MS, lifetime / 20))
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

  #serve({ cert, key, ca }: Pair & { readonly ca: string }, serve: (pair: Pair) => void): void {
    serve({ cert, key })
    this.#serving = { cert, ca, notAfter: notAfter({ cert }) }
  }

  #report(unexpected: readonly UnexpectedAuthority[]): void {
    const { log, secret, configuration, onUnexpectedAuthority } = this.#options
    for (const { place, fingerprint } of unexpected) {
      const where = place === 'secret' ? { secret } : { configuration }
      log.warn({ ...where, fingerprint }, UNEXPECTED)
      onUnexpectedAuthority?.(place)
    }
  }

  #failed(error: unknown): void {
    if (this.#stopping.signal.aborted) return
    const known = error instanceof ApiError ? error : undefined
    const trouble = known === undefined ? 'a bug' : known.status === 404 ? `${known.message} ${MISSING}` : known.message
    if (trouble === this.#trouble) return
    this.#trouble = trouble
    const { log, secret } = this.#options
    if (known) log.warn({ secret, code: known.code }, `Certificate renewal fails. ${trouble}`)
    else log.error({ secret, ...redactError(error) }, 'Certificate renewal failed because of a bug and starts again.')
  }

  #recovered(): void {
    if (this.#trouble === undefined) return
    this.#trouble = undefined
    this.#options.log.info({ secret: this.#options.secret }, 'Certificate renewal works again.')
  }
}
