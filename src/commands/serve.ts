import { lookup } from 'node:dns/promises'
import { setTimeout as wait } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import { Command, Option } from 'commander'
import { App } from '../app.ts'
import { redactError } from '../runtime/redact-error.ts'
import { LOG_LEVELS, type LogLevel, openLog } from '../telemetry/log.ts'
import { Metrics } from '../telemetry/metrics.ts'
import { notAfter, type Pair } from '../tls/pair.ts'
import { readVersion } from '../version.ts'
import {
  type CertificateFlags,
  openPairSource,
  readAuthorities,
  readCertificates,
  watchAuthorities,
} from './certificates.ts'
import { type ClusterFlags, openCluster } from './cluster.ts'
import { CommandError } from './command-error.ts'
import { parseLifetime, parsePort, parseSeconds } from './option-parsers.ts'
import { readSettings, watchSettings } from './settings.ts'

/** Time at shutdown to answer what is under way and to close; after it the process ends all the same. */
const CLOSE_TIMEOUT_MS = 35_000

interface ServeFlags extends ClusterFlags, CertificateFlags {
  readonly config?: string
  readonly bindAddress: string
  readonly securePort: number
  readonly metricsPort: number
  readonly clientCaFile?: string
  readonly logLevel: LogLevel
  /** Seconds. */
  readonly shutdownDelayDuration: number
}

/** Lifetime of a self-managed certificate by default: 90 days, so that it is renewed after 60. */
const DEFAULT_LIFETIME_MS = 90 * 24 * 3_600_000

/** `regcred serve`: the admission webhook itself. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('serve the admission webhook over HTTPS')
    .addOption(new Option('--kubeconfig <file>', 'how to reach the cluster; in a Pod its own ServiceAccount'))
    .addOption(new Option('--context <name>', 'context of the kubeconfig'))
    .addOption(
      new Option('--manifests <path>', 'take this file or folder of manifests as the cluster').conflicts([
        'kubeconfig',
        'context',
      ]),
    )
    .option('--config <file>', 'AdmissionConfiguration; the defaults without it')
    .option('--bind-address <address>', 'address to listen on', '0.0.0.0')
    .option('--secure-port <port>', 'port for reviews; 0 takes a free one', parsePort, 10250)
    .option('--metrics-port <port>', 'port for plain HTTP /metrics; 0 takes a free one', parsePort, 8080)
    .option('--tls-cert-file <file>', 'PEM of the certificate and its chain; followed as it changes')
    .option('--tls-private-key-file <file>', 'PEM of its key')
    .option(
      '--tls-self-managed-secret <name>',
      'Secret in which the replicas keep a certificate that they make and renew',
    )
    .option('--tls-self-managed-namespace <name>', "its namespace; in a Pod the Pod's own, else the context's")
    .addOption(
      new Option('--tls-self-managed-lifetime <time>', 'how long such a certificate lives')
        .argParser(parseLifetime)
        .default(DEFAULT_LIFETIME_MS, '2160h'),
    )
    .addOption(
      new Option('--tls-server-name <name>', 'DNS name that the certificate is for; may be repeated')
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--webhook-configuration <name>', 'name of our two webhook configurations, which get its authority')
    .option('--client-ca-file <file>', 'PEM of authorities; reviews then need a client certificate of theirs')
    .option('--shutdown-delay-duration <seconds>', 'time between failing readiness and closing', parseSeconds, 0)
    .addOption(new Option('--log-level <level>', 'least severe line to log').choices(LOG_LEVELS).default('info'))
    .addHelpText('after', '\nExit status: 0 after SIGTERM or SIGINT, 2 if it could not start.')
    .action(serve)
}

async function serve(flags: ServeFlags): Promise<void> {
  const { settings, source } = await readSettings(flags.config)
  const certificates = await readCertificates(flags)
  const clientCa = flags.clientCaFile === undefined ? undefined : await readAuthorities(flags.clientCaFile)
  const { log, close: closeLog } = openLog(flags.logLevel)
  const metrics = new Metrics()
  const cluster = await openCluster(flags, settings.view.secrets, log, {
    liveRead: (read, outcome) => metrics.countLiveRead(read, outcome),
  })
  const pairSource = openPairSource(certificates, cluster, log)
  let app: App | undefined
  const followed: { stop(): void }[] = []
  const close = async () => {
    for (const one of followed) one.stop()
    await pairSource.stop()
    await app?.close()
    await cluster.stop()
    closeLog()
  }
  const delay = flags.shutdownDelayDuration * 1000
  const ending = closeWithGrace({ delay: delay + CLOSE_TIMEOUT_MS, logger: false }, async ({ signal, err }) => {
    if (err) log.error(redactError(err), 'ending after a bug')
    log.info({ signal }, 'shutting down')
    app?.drain()
    // Nobody has been sent here before there was a certificate.
    if (app) await wait(delay)
    await close()
  })
  cluster.start()
  const first = Promise.withResolvers<Pair>()
  pairSource.start(pair => {
    if (app === undefined) return first.resolve(pair)
    app.usePair(pair)
    log.info({ notAfter: new Date(notAfter(pair)).toISOString() }, 'certificate taken')
  })
  app = new App({
    cluster,
    metrics,
    settings,
    pair: await first.promise,
    ...(clientCa === undefined ? {} : { clientCa: clientCa.pem }),
    pairSource: () => pairSource.health(),
    log,
    version: readVersion(),
  })
  try {
    log.info({ ...(await listen(app, flags)), version: readVersion() }, 'serving')
  } catch (error) {
    ending.uninstall()
    await close()
    throw error
  }
  if (source) followed.push(watchSettings(source, app, metrics, log))
  if (clientCa) followed.push(watchAuthorities(clientCa, app, log))
}

/**
 * Listens on both ports.
 *
 * @returns the addresses, e.g. `https://127.0.0.1:10250`
 */
async function listen(
  { server, metricsServer }: App,
  flags: ServeFlags,
): Promise<{ address: string; metrics: string }> {
  try {
    // One address, whatever the name has: of several listeners only one would get new certificates.
    const { address: host } = await lookup(flags.bindAddress)
    const address = await server.listen({ host, port: flags.securePort })
    return { address, metrics: await metricsServer.listen({ host, port: flags.metricsPort }) }
  } catch (error) {
    throw new CommandError(
      `cannot ${Object(error).message}; choose another --bind-address, --secure-port or --metrics-port`,
      {
        cause: error,
      },
    )
  }
}

/** An option that may be repeated. */
function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}
