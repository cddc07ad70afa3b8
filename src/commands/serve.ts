import { setTimeout as wait } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import { Command, InvalidArgumentError, Option } from 'commander'
import { App } from '../app.ts'
import { describeBug } from '../cluster/bug.ts'
import { FruitlessReads } from '../cluster/fruitless.ts'
import { LOG_LEVELS, type LogLevel, openLog } from '../telemetry/log.ts'
import { Metrics } from '../telemetry/metrics.ts'
import { readVersion } from '../version.ts'
import { readAuthorities, readPair } from './certificates.ts'
import { type ClusterFlags, openCluster } from './cluster.ts'
import { CommandError } from './command-error.ts'
import { followSettings, readSettings } from './settings.ts'

/** How long answering what is under way may take at the end, in milliseconds; past it the process ends all the same. */
const LONGEST_CLOSE = 35_000

interface ServeFlags extends ClusterFlags {
  readonly config?: string
  readonly bindAddress: string
  readonly securePort: number
  readonly metricsPort: number
  readonly tlsCertFile: string
  readonly tlsPrivateKeyFile: string
  readonly clientCaFile?: string
  readonly logLevel: LogLevel
  /** Seconds. */
  readonly shutdownDelayDuration: number
}

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
    .requiredOption('--tls-cert-file <file>', 'PEM of the certificate and its chain')
    .requiredOption('--tls-private-key-file <file>', 'PEM of its key')
    .option('--client-ca-file <file>', 'PEM of authorities; reviews then need a client certificate of theirs')
    .option('--shutdown-delay-duration <seconds>', 'time between failing readiness and closing', parseSeconds, 0)
    .addOption(new Option('--log-level <level>', 'least severe line to log').choices(LOG_LEVELS).default('info'))
    .addHelpText('after', '\nExit status: 0 after SIGTERM or SIGINT, 2 if it could not start.')
    .action(serve)
}

async function serve(flags: ServeFlags): Promise<void> {
  const { settings, source } = await readSettings(flags.config)
  const pair = await readPair(flags.tlsCertFile, flags.tlsPrivateKeyFile)
  const clientCa = flags.clientCaFile === undefined ? undefined : await readAuthorities(flags.clientCaFile)
  const { log, close: closeLog } = openLog(flags.logLevel)
  const metrics = new Metrics()
  const fruitless = new FruitlessReads()
  const cluster = await openCluster(flags, log, {
    secrets: { changed: namespace => fruitless.forget(namespace), replaced: () => fruitless.forgetAll() },
    liveRead: (read, outcome) => metrics.countLiveRead(read, outcome),
  })
  const app = new App({
    cluster,
    fruitless,
    metrics,
    settings,
    pair,
    ...(clientCa === undefined ? {} : { clientCa }),
    log,
    version: readVersion(),
  })
  const close = async () => {
    await app.close()
    await cluster.stop()
    closeLog()
  }
  cluster.start()
  try {
    log.info({ ...(await listen(app, flags)), version: readVersion() }, 'serving')
  } catch (error) {
    await close()
    throw error
  }
  const followed = source && followSettings(source, app, metrics, log)
  const delay = flags.shutdownDelayDuration * 1000
  closeWithGrace({ delay: delay + LONGEST_CLOSE, logger: false }, async ({ signal, err }) => {
    if (err) log.error(describeBug(err), 'ending after a bug')
    log.info({ signal }, 'shutting down')
    app.drain()
    await wait(delay)
    followed?.stop()
    await close()
  })
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
  const host = flags.bindAddress
  try {
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

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535.')
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (/^\d+$/.test(text) && seconds <= 3600) return seconds
  throw new InvalidArgumentError('Give whole seconds from 0 to 3600.')
}
