import { lookup } from 'node:dns/promises'
import { App, type ClientNames } from '../../app.ts'
import { readVersion } from '../../package.ts'
import type { Settings } from '../../policy/settings.ts'
import { CommandError } from '../../runtime/command-error.ts'
import type { TlsProtocol } from '../../runtime/tls-protocol.ts'
import { untilAborted } from '../../runtime/until-aborted.ts'
import type { ClosableLog } from '../../telemetry/log.ts'
import type { Metrics } from '../../telemetry/metrics.ts'
import { notAfter, type Pair } from '../../tls/pair.ts'
import type { PairSource } from '../../tls/source.ts'
import type { OpenCluster } from '../cluster.ts'
import type { SettingsFile } from '../settings.ts'
import { type Authorities, watchAuthorities } from './certificates.ts'
import { type PathPrefixesFile, watchPathPrefixes } from './path-prefixes.ts'
import { watchSettings } from './watch-settings.ts'

export interface ListenFlags {
  readonly bindAddress: string
  readonly securePort: number
  readonly metricsPort: number
  /** Without it health is answered on the port for reviews alone. */
  readonly healthPort?: number
}

/** What a server is made of, all of it open and nothing of it started. */
export interface ServerParts {
  readonly cluster: OpenCluster
  readonly pairSource: PairSource
  readonly settings: Settings
  /** The file that the settings are from, if it is to be followed. */
  readonly source: SettingsFile | undefined
  readonly clientCa: Authorities | undefined
  /** Names of which a client's certificate has to have one, if there are any. */
  readonly clientNames: ClientNames
  /** Where reviews are accepted, if that is secret. */
  readonly pathPrefixes: PathPrefixesFile | undefined
  readonly protocol: TlsProtocol
  readonly metrics: Metrics
  readonly log: ClosableLog['log']
}

/** A server that listens. */
export interface RunningServer {
  /** Fails readiness from now on. */
  drain(): void
  /** Answers what is under way, and ends whatever was started. */
  stop(): Promise<void>
}

/**
 * Starts a server: follows the cluster, waits for the first certificate, listens, and follows the files that may change.
 *
 * @param signal gives up waiting for a certificate
 * @returns undefined if the wait was given up; then nothing is left running
 * @throws {CommandError} if it cannot listen; then nothing is left running either
 */
export async function startServer(
  parts: ServerParts,
  flags: ListenFlags,
  signal: AbortSignal,
): Promise<RunningServer | undefined> {
  const { cluster, pairSource, settings, source, clientCa, clientNames, pathPrefixes, protocol, metrics, log } = parts
  cluster.start()
  const first = Promise.withResolvers<Pair>()
  let accept: (pair: Pair) => void = first.resolve
  pairSource.start(pair => accept(pair))
  const pair = await untilAborted(first.promise, signal)
  if (pair === undefined) {
    await pairSource.stop()
    await cluster.stop()
    return undefined
  }
  const app = new App({
    cluster,
    metrics,
    settings,
    pair,
    ...(clientCa === undefined ? {} : { clientCa: clientCa.pem }),
    clientNames,
    ...(pathPrefixes === undefined ? {} : { pathPrefixes: pathPrefixes.prefixes }),
    protocol,
    pairSource: () => pairSource.health(),
    log,
    version: readVersion(),
  })
  accept = next => {
    app.usePair(next)
    log.info({ notAfter: new Date(notAfter(next)).toISOString() }, 'certificate accepted')
  }
  const watched: { stop(): void }[] = []
  const stop = async () => {
    for (const one of watched) one.stop()
    await pairSource.stop()
    await app.close()
    await cluster.stop()
  }
  try {
    log.info({ ...(await listen(app, flags)), version: readVersion() }, 'serving')
  } catch (error) {
    await stop()
    throw error
  }
  const { registries } = settings
  if (registries.private.length === 0 && registries.default !== 'private')
    log.info({}, 'no registry is listed as private (registries.private), so of most images nothing can be said')
  if (source) watched.push(watchSettings(source, app, metrics, log))
  if (clientCa) watched.push(watchAuthorities(clientCa, app, log))
  if (pathPrefixes) watched.push(watchPathPrefixes(pathPrefixes, app, log))
  return { drain: () => app.drain(), stop }
}

/**
 * Listens on each port.
 *
 * @returns the addresses, e.g. `https://127.0.0.1:10250`
 */
async function listen(
  { server, metricsServer, healthServer }: App,
  { bindAddress, securePort, metricsPort, healthPort }: ListenFlags,
): Promise<{ address: string; metrics: string; health?: string }> {
  try {
    // One address, whatever the name has: of several listeners only one would get new certificates.
    const { address: host } = await lookup(bindAddress)
    const address = await server.listen({ host, port: securePort })
    const metrics = await metricsServer.listen({ host, port: metricsPort })
    if (healthPort === undefined) return { address, metrics }
    return { address, metrics, health: await healthServer.listen({ host, port: healthPort }) }
  } catch (error) {
    throw new CommandError(
      `cannot ${Object(error).message}; choose another --bind-address, --secure-port, --metrics-port or --health-port`,
      { cause: error },
    )
  }
}
