import { Command, Option } from 'commander'
import { DEFAULT_TLS_PROTOCOL } from '../../runtime/tls-protocol.ts'
import { LOG_LEVELS } from '../../telemetry/log-level.ts'
import {
  collect,
  collectName,
  parseCipherSuites,
  parseDelay,
  parseLifetime,
  parsePort,
  parseTlsVersion,
} from '../option-parsers.ts'
import type { ServeFlags } from './serve-action.ts'

/** What a self-managed certificate lives if nothing else is said: 90 days, so that it is renewed after 60. */
const LIFETIME = '2160h'

/** `regcred serve`: the admission webhook itself. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('serve the admission webhook over HTTPS')
    .option(
      '--kubeconfig <file>',
      "kubeconfig file (default: KUBECONFIG, ~/.kube/config, or a Pod's own ServiceAccount)",
    )
    .option('--context <name>', 'context of the kubeconfig')
    .addOption(
      new Option('--manifests <path>', 'use this file or folder of manifests instead of a cluster').conflicts([
        'kubeconfig',
        'context',
      ]),
    )
    .option('--config <file>', 'configuration file (default: none, the built-in defaults)')
    .option('--bind-address <address>', 'address to listen on', '0.0.0.0')
    .option('--secure-port <port>', 'port for reviews; 0 takes a free one', parsePort, 10250)
    .option('--metrics-port <port>', 'port for /metrics over plain HTTP; 0 takes a free one', parsePort, 8080)
    .option(
      '--health-port <port>',
      'port for /livez and /readyz over plain HTTP, for probes; 0 takes a free one',
      parsePort,
    )
    .option('--tls-cert-file <file>', 'certificate and its chain (PEM); read again when it changes')
    .option('--tls-private-key-file <file>', 'private key of the certificate (PEM)')
    .option('--tls-self-managed-secret <name>', 'Secret in which the replicas keep a certificate they create and renew')
    .option('--tls-self-managed-namespace <name>', "its namespace (default: the Pod's own, or the context's)")
    .addOption(
      new Option('--tls-self-managed-lifetime <duration>', 'lifetime of that certificate')
        .argParser(parseLifetime)
        .default(parseLifetime(LIFETIME), LIFETIME),
    )
    .addOption(
      new Option('--tls-server-name <name>', 'DNS name the certificate must be for; can be repeated')
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--webhook-configuration <name>', 'name of the two webhook configurations whose caBundle regcred fills in')
    .addOption(
      new Option('--tls-min-version <version>', 'lowest TLS version: VersionTLS12 or VersionTLS13')
        .argParser(parseTlsVersion)
        .default(DEFAULT_TLS_PROTOCOL.minVersion, 'VersionTLS12'),
    )
    .addOption(
      new Option('--tls-cipher-suites <names>', 'TLS 1.2 cipher suites, by IANA names separated by commas')
        .argParser(parseCipherSuites)
        .default(DEFAULT_TLS_PROTOCOL.ciphers, 'ECDHE with AES-GCM or ChaCha20'),
    )
    .option('--client-ca-file <file>', 'CA bundle (PEM); only clients with a certificate from it may call the webhook')
    .addOption(
      new Option('--client-cn <name>', 'common name that the client certificate may have; can be repeated')
        .argParser(collectName)
        .default([], 'any'),
    )
    .addOption(
      new Option(
        '--client-san <name>',
        'DNS name, IP address, URI or e-mail address it may have instead; can be repeated',
      )
        .argParser(collectName)
        .default([], 'any'),
    )
    .option(
      '--path-prefix-file <file>',
      'file with the secret path prefixes below which reviews are accepted, one a line; read again when it changes',
    )
    .addOption(
      new Option('--shutdown-delay-duration <duration>', 'time to keep answering after readiness fails at shutdown')
        .argParser(parseDelay)
        .default(0, '0s'),
    )
    .addOption(new Option('--log-level <level>', 'lowest level to log').choices(LOG_LEVELS).default('info'))
    .addHelpText(
      'after',
      '\nDurations are written as in Go: 5s, 1m30s, 2160h.\nExit status: 0 after SIGTERM or SIGINT, 2 if it could not start.',
    )
    .action(async (flags: ServeFlags) => {
      const { serve } = await import('./serve-action.ts')
      await serve(flags)
    })
}
