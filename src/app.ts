import type { Server } from 'node:https'
import type { FastifyInstance } from 'fastify'
import type { LiveReads, View } from './cluster/view.ts'
import { BodyRoom } from './http/body-room.ts'
import type { ClientNames } from './http/client-names.ts'
import { Decoder } from './http/decoder.ts'
import { Drain } from './http/drain.ts'
import { EventLoopDelay } from './http/event-loop-delay.ts'
import { readiness } from './http/health.ts'
import { NO_PREFIX, PathPrefixes } from './http/path-prefixes.ts'
import { buildHealthServer, buildMetricsServer } from './http/plain-server.ts'
import { buildServer, type Credentials, replaceCredentials } from './http/server.ts'
import { addsByDefault } from './policy/labels.ts'
import { prepareRulebook, type Rulebook } from './policy/rulebook.ts'
import type { Settings } from './policy/settings.ts'
import { FairSemaphore } from './runtime/fair-semaphore.ts'
import type { TlsProtocol } from './runtime/tls-protocol.ts'
import type { FollowedResource } from './telemetry/gauges.ts'
import { type ClosableLog, logFailure, logReview } from './telemetry/log.ts'
import type { Metrics } from './telemetry/metrics.ts'
import { notAfter, type Pair } from './tls/pair.ts'
import type { SourceHealth } from './tls/source.ts'

/** Reviews that are under way at once: nearly all of them wait for a live read. */
const MAX_CONCURRENT_REVIEWS = 256
/** Bodies of up to 64 KiB that are on their way in at once, together. */
const MAX_SMALL_INCOMING_BYTES = 16 * 1024 * 1024
/** Larger ones; one of them may exceed it. */
const MAX_LARGE_INCOMING_BYTES = 16 * 1024 * 1024

export type { ClientNames }

/** What knows the cluster: a real one that is followed, or a folder of manifests. */
export interface Cluster {
  readonly view: View
  readonly live: LiveReads
  resources(): readonly FollowedResource[]
}

/** What the product is built from. */
export interface AppOptions {
  readonly cluster: Cluster
  readonly metrics: Metrics
  readonly settings: Settings
  readonly pair: Pair
  /** PEM of the authorities of which whoever sends a review has to show a certificate. */
  readonly clientCa?: string
  /** Names of which that certificate has to have one. */
  readonly clientNames?: ClientNames
  /** Prefixes of the paths at which reviews are accepted; none without it. */
  readonly pathPrefixes?: readonly string[]
  readonly protocol?: TlsProtocol
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
  readonly healthServer: FastifyInstance
  readonly #drain = new Drain()
  readonly #decoder = new Decoder()
  readonly #bodyRoom = new BodyRoom({ small: MAX_SMALL_INCOMING_BYTES, large: MAX_LARGE_INCOMING_BYTES })
  readonly #eventLoopDelay = new EventLoopDelay(() => performance.now())
  #rulebook: Rulebook
  #pathPrefixes = NO_PREFIX
  #credentials: Credentials
  #certificateNotAfter: number

  constructor(options: AppOptions) {
    const { cluster, metrics, settings, pair, clientCa, clientNames, protocol, log, version, now = Date.now } = options
    this.#rulebook = prepareRulebook(settings)
    this.#credentials = { pair, ...(clientCa === undefined ? {} : { clientCa }), ...(protocol && { protocol }) }
    if (options.pathPrefixes) this.usePathPrefixes(options.pathPrefixes)
    this.#certificateNotAfter = notAfter(pair)
    const pairSource = options.pairSource ?? (() => ({ ok: true, detail: 'does not change' }))
    const resources = () => cluster.resources()
    metrics.observe({
      version,
      resources,
      certificateNotAfter: () => this.#certificateNotAfter,
      certificateSourceOk: () => pairSource().ok,
      injectionEnabled: () => addsByDefault(this.#rulebook.settings),
      registries: () => this.#rulebook.settings.registries,
    })
    const { view, live } = cluster
    const checks = readiness({
      resources,
      pairSource,
      certificateOk: () => this.#certificateNotAfter > now(),
      shuttingDown: () => this.#drain.begun,
    })
    this.server = buildServer({
      ...this.#credentials,
      ...(clientNames && { clientNames }),
      pathPrefixes: () => this.#pathPrefixes,
      drain: this.#drain,
      context: () => ({ view, live, rulebook: this.#rulebook, now }),
      decoder: this.#decoder,
      reviews: new FairSemaphore(MAX_CONCURRENT_REVIEWS),
      bodyRoom: this.#bodyRoom,
      eventLoopDelay: () => this.#eventLoopDelay.now,
      checks,
      noteClosed: metrics.closedConnectionsOf('review'),
      observer: {
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
    this.metricsServer = buildMetricsServer({
      contentType: metrics.registry.contentType,
      metrics: () => metrics.registry.metrics(),
      noteClosed: metrics.closedConnectionsOf('metrics'),
    })
    this.healthServer = buildHealthServer({
      checks,
      noteClosed: metrics.closedConnectionsOf('health'),
    })
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

  /** Where reviews are accepted from now on. */
  usePathPrefixes(prefixes: readonly string[]): void {
    this.#pathPrefixes = new PathPrefixes(prefixes)
  }

  /** Fails readiness from now on, so that nobody new is sent here. */
  drain(): void {
    this.#drain.begin()
  }

  /** Answers what is under way, then closes every connection. */
  async close(): Promise<void> {
    await Promise.all([this.#drain.close(this.server), this.metricsServer.close()])
    await this.healthServer.close()
    this.#eventLoopDelay.stop()
    this.#bodyRoom.stop()
    await this.#decoder.close()
  }

  #useCredentials(credentials: Credentials): void {
    replaceCredentials(this.server, credentials)
    this.#credentials = credentials
  }
}
