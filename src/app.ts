import type { Server } from 'node:https'
import type { FastifyInstance } from 'fastify'
import type { FruitlessReads } from './cluster/fruitless.ts'
import type { LiveReads, View } from './cluster/view.ts'
import type { Settings } from './config/settings.ts'
import { Decoder } from './http/decoder.ts'
import { Drain } from './http/drain.ts'
import type { Check } from './http/health.ts'
import { LoopDelay } from './http/loop-delay.ts'
import { buildServer, type Credentials, replaceCredentials } from './http/server.ts'
import { Turnstile } from './http/turnstile.ts'
import { prepareRulebook, type Rulebook } from './policy/rulebook.ts'
import { buildMetricsServer } from './telemetry/listener.ts'
import { type ClosableLog, logFailure, logReview } from './telemetry/log.ts'
import type { FollowedResource, Metrics } from './telemetry/metrics.ts'
import { notAfter, type Pair } from './tls/pair.ts'
import type { SourceHealth } from './tls/source.ts'

/** Reviews that may be under way at once: nearly all of them are waiting for a live read. */
const MOST_UNDER_WAY = 256
/** Bytes of large bodies that may be on their way in at once. */
const MOST_BYTES = 64 * 1024 * 1024

/** Seconds; a bookmark comes every minute, and a watch that is silent for two and a half is begun again. */
const STALE = 180

/** What knows the cluster: a real one that is followed, or a folder of manifests. */
export interface Cluster {
  readonly view: View
  readonly live: LiveReads
  resources(): readonly FollowedResource[]
}

/** What the product is built from. */
export interface AppOptions {
  readonly cluster: Cluster
  /** Whoever changes pull secrets tells it. */
  readonly fruitless: FruitlessReads
  readonly metrics: Metrics
  readonly settings: Settings
  readonly pair: Pair
  /** PEM of the authorities of which whoever sends a review has to show a certificate. */
  readonly clientCa?: string
  /** How it stands with where pairs come from; without it this pair is all there will be. */
  readonly pairSource?: () => SourceHealth
  readonly log: ClosableLog['log']
  readonly version: string
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/** The whole product, built and not listening. */
export class App {
  readonly server: FastifyInstance<Server>
  readonly metricsServer: FastifyInstance
  readonly #cluster: Cluster
  readonly #now: () => number
  readonly #pairSource: () => SourceHealth
  readonly #drain = new Drain()
  readonly #decoder = new Decoder()
  readonly #loopDelay = new LoopDelay(() => performance.now())
  #rulebook: Rulebook
  #credentials: Credentials
  #certificateNotAfter: number
  #wasInStep = false

  constructor(options: AppOptions) {
    const { cluster, fruitless, metrics, settings, pair, clientCa, log, version, now = Date.now } = options
    this.#now = now
    this.#rulebook = prepareRulebook(settings)
    this.#credentials = { pair, ...(clientCa === undefined ? {} : { clientCa }) }
    this.#certificateNotAfter = notAfter(pair)
    this.#pairSource = options.pairSource ?? (() => ({ ok: true, detail: 'stays as it is' }))
    this.#cluster = cluster
    metrics.observe({
      version,
      resources: () => cluster.resources(),
      certificateNotAfter: () => this.#certificateNotAfter,
      certificateSourceOk: () => this.#pairSource().ok,
    })
    const { view, live } = cluster
    this.server = buildServer({
      ...this.#credentials,
      drain: this.#drain,
      sources: () => ({ view, live, fruitless, rulebook: this.#rulebook, now }),
      decoder: this.#decoder,
      turnstile: new Turnstile(MOST_UNDER_WAY),
      scales: new Turnstile(MOST_BYTES),
      loopDelay: () => this.#loopDelay.now,
      checks: () => this.#checks(),
      witness: {
        answered: (outcome, seconds) => {
          metrics.countReview(outcome, seconds)
          logReview(log, outcome, seconds)
        },
        failed: (stage, code, error, uid) => {
          metrics.countError(stage, code)
          logFailure(log, stage, code, error, uid)
        },
      },
    })
    this.metricsServer = buildMetricsServer(metrics.registry)
  }

  /** Settings for the reviews that come from now on. */
  use(settings: Settings): void {
    this.#rulebook = prepareRulebook(settings)
  }

  /** A pair that has been tried, for the connections that come from now on. */
  usePair(pair: Pair): void {
    this.#useCredentials({ ...this.#credentials, pair })
    this.#certificateNotAfter = notAfter(pair)
  }

  /** Authorities that have been tried, for the connections that come from now on. */
  useClientCa(clientCa: string): void {
    this.#useCredentials({ ...this.#credentials, clientCa })
  }

  /** Fails readiness from now on, so that nobody new is sent here. */
  drain(): void {
    this.#drain.begin()
  }

  /** Answers what is under way, then closes every connection. */
  async close(): Promise<void> {
    await Promise.all([this.#drain.close(this.server), this.metricsServer.close()])
    this.#loopDelay.stop()
    await this.#decoder.close()
  }

  #useCredentials(credentials: Credentials): void {
    replaceCredentials(this.server, credentials)
    this.#credentials = credentials
  }

  /**
   * Ready means: the view has been in step once, the certificate is valid, and we are not shutting down. A view that falls
   * behind later is shown and takes no replica out, for all would leave at once.
   */
  #checks(): Check[] {
    const resources = this.#cluster.resources()
    const { begun } = this.#drain
    this.#wasInStep ||= resources.every(({ inStep }) => inStep)
    return [
      { name: 'view', ok: this.#wasInStep, required: true, detail: this.#wasInStep ? 'in step' : 'not in step yet' },
      ...resources.map(({ name, inStep, objects, stalenessSeconds }) => ({
        name: `view/${name}`,
        ok: inStep && stalenessSeconds < STALE,
        required: false,
        detail: `${objects} objects, heard from ${Math.round(stalenessSeconds)} s ago`,
      })),
      { name: 'certificate', ok: this.#certificateNotAfter > this.#now(), required: true },
      { name: 'certificate/source', required: false, ...this.#pairSource() },
      { name: 'shutdown', ok: !begun, required: true, detail: begun ? 'shutting down' : 'ok' },
    ]
  }
}
