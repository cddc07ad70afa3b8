import { setTimeout as wait } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import { CommandError } from '../../runtime/command-error.ts'
import { redactError } from '../../runtime/redact-error.ts'
import type { TlsProtocol } from '../../runtime/tls-protocol.ts'
import { openLog } from '../../telemetry/log.ts'
import type { LogLevel } from '../../telemetry/log-level.ts'
import { Metrics } from '../../telemetry/metrics.ts'
import { type ClusterFlags, openCluster } from '../cluster.ts'
import { readSettings } from '../settings.ts'
import { type CertificateFlags, openPairSource, readAuthorities, readCertificates } from './certificates.ts'
import { readPathPrefixes } from './path-prefixes.ts'
import { type ListenFlags, startServer } from './start-server.ts'

/** Time at shutdown to answer what is under way and to close; after it the process ends all the same. */
const CLOSE_TIMEOUT_MS = 35_000

const NAMES_WITHOUT_CA =
  '--client-cn and --client-san need --client-ca-file; give the CA bundle that signs the client certificates'
const ANY_CLIENT =
  'Any client certificate of this CA may call the webhook. Name the caller with --client-cn or --client-san.'

export interface ServeFlags extends ClusterFlags, CertificateFlags, ListenFlags {
  readonly config?: string
  readonly clientCaFile?: string
  readonly clientCn: readonly string[]
  readonly clientSan: readonly string[]
  readonly pathPrefixFile?: string
  readonly tlsMinVersion: TlsProtocol['minVersion']
  readonly tlsCipherSuites: string
  readonly logLevel: LogLevel
  /** Milliseconds. */
  readonly shutdownDelayDuration: number
}

/**
 * Serves until a signal or a bug ends it; resolves once it is served.
 *
 * @throws {CommandError} one line that says why it cannot start and what to do
 */
export async function serve(flags: ServeFlags): Promise<void> {
  const { settings, source } = await readSettings(flags.config)
  const certificates = await readCertificates(flags)
  const clientCa = flags.clientCaFile === undefined ? undefined : await readAuthorities(flags.clientCaFile)
  const clientNames = { commonNames: flags.clientCn, subjectAltNames: flags.clientSan }
  const isNamed = flags.clientCn.length + flags.clientSan.length > 0
  if (isNamed && clientCa === undefined) throw new CommandError(NAMES_WITHOUT_CA)
  const pathPrefixes = flags.pathPrefixFile === undefined ? undefined : await readPathPrefixes(flags.pathPrefixFile)
  const { log, close: closeLog } = openLog(flags.logLevel)
  if (clientCa !== undefined && !isNamed) log.warn({ file: clientCa.file }, ANY_CLIENT)
  const metrics = new Metrics()
  const cluster = await openCluster(flags, settings.view.secrets, log, {
    liveRead: (read, outcome) => metrics.countLiveRead(read, outcome),
  })
  const pairSource = await openPairSource(certificates, cluster, log, place => metrics.countUnexpectedAuthority(place))
  const giveUp = new AbortController()
  const protocol = { minVersion: flags.tlsMinVersion, ciphers: flags.tlsCipherSuites }
  const parts = { cluster, pairSource, settings, source, clientCa, clientNames, pathPrefixes, protocol, metrics, log }
  const starting = startServer(parts, flags, giveUp.signal)
  const started = starting.catch(() => undefined)
  const delay = flags.shutdownDelayDuration
  const ending = closeWithGrace({ delay: delay + CLOSE_TIMEOUT_MS, logger: false }, async ({ signal, err }) => {
    if (err) log.error(redactError(err), 'ending after a bug')
    log.info({ signal }, 'shutting down')
    giveUp.abort()
    const server = await started
    server?.drain()
    // Nobody has been sent here before it listened.
    if (server) await wait(delay)
    await server?.stop()
    closeLog()
  })
  try {
    await starting
  } catch (error) {
    ending.uninstall()
    closeLog()
    throw error
  }
}
