import { isIP } from 'node:net'
import type { App } from '../../app.ts'
import { isObjectName } from '../../kube/object-name.ts'
import { CommandError } from '../../runtime/command-error.ts'
import type { Log } from '../../runtime/log.ts'
import { watchFiles } from '../../runtime/watch-files.ts'
import type { AuthorityPlace } from '../../tls/authority-watch.ts'
import { pairsOfFiles } from '../../tls/files.ts'
import { type LoadedPem, loadAuthorities, loadPair, type PairFiles } from '../../tls/load.ts'
import type { Pair } from '../../tls/pair.ts'
import type { PairSource } from '../../tls/source.ts'
import type { OpenCluster } from '../cluster.ts'

/** The flags that say where certificates come from: files, or a Secret that we keep ourselves. */
export interface CertificateFlags {
  readonly tlsCertFile?: string
  readonly tlsPrivateKeyFile?: string
  readonly tlsSelfManagedSecret?: string
  readonly tlsSelfManagedNamespace?: string
  /** Milliseconds. */
  readonly tlsSelfManagedLifetime: number
  readonly tlsServerName: readonly string[]
  readonly webhookConfiguration?: string
  readonly manifests?: string
}

/** Where certificates come from, as far as that can be said before there is a cluster. */
export type Certificates =
  | { readonly way: 'files'; readonly files: PairFiles; readonly first: FoundPair; readonly names: readonly string[] }
  | {
      readonly way: 'selfManaged'
      readonly secret: string
      readonly namespace: string | undefined
      readonly configuration: string
      readonly names: readonly string[]
      readonly lifetime: number
    }

/** Whom clients have to be known to, and the mark of the content that was read. */
export interface Authorities {
  readonly file: string
  readonly pem: string
  readonly digest: string
}

type FoundPair = LoadedPem<Pair> & { readonly ok: true }

/**
 * Reads the flags, and the first pair where it is in files.
 *
 * | --tls-cert-file, --tls-private-key-file | --tls-self-managed-secret | |
 * | --- | --- | --- |
 * | both | not given | files |
 * | none | given | self-managed; needs --tls-server-name, --webhook-configuration and a cluster |
 * | anything else | | an error |
 *
 * @param now milliseconds since the epoch
 * @throws {CommandError} one line that says what is wrong and what to do
 */
export async function readCertificates(flags: CertificateFlags, now: number = Date.now()): Promise<Certificates> {
  const { tlsCertFile: certFile, tlsPrivateKeyFile: keyFile, tlsServerName: names } = flags
  const odd = names.find(name => isIP(name) === 0 && !isObjectName(name))
  if (odd !== undefined) throw new CommandError(`--tls-server-name: ${odd} is not a DNS name; give one such as a.b.svc`)
  if (flags.tlsSelfManagedSecret === undefined) {
    if (certFile === undefined || keyFile === undefined) throw new CommandError(NO_WAY)
    const first = orFail(await loadPair({ certFile, keyFile }, now, names))
    return { way: 'files', files: { certFile, keyFile }, first, names }
  }
  if (certFile !== undefined || keyFile !== undefined) {
    throw new CommandError('give certificate files or --tls-self-managed-secret, not both')
  }
  return readSelfManaged(flags, flags.tlsSelfManagedSecret)
}

const NO_WAY = 'no certificate to serve; give --tls-cert-file and --tls-private-key-file, or --tls-self-managed-secret'

/**
 * Where certificates come from, not started yet.
 *
 * @throws {CommandError} one line that says what is wrong and what to do
 */
export async function openPairSource(
  certificates: Certificates,
  cluster: OpenCluster,
  log: Log,
  onUnexpectedAuthority: (place: AuthorityPlace) => void,
): Promise<PairSource> {
  if (certificates.way === 'files') {
    const onFault = (fault: string) => log.error({ fault }, 'certificate refused; the last good one stays in effect')
    return pairsOfFiles({ ...certificates, onFault })
  }
  const { own } = cluster
  if (own === undefined) {
    throw new CommandError('--tls-self-managed-secret needs a cluster; with --manifests give certificate files')
  }
  const { SelfManagedPairs } = await import('../../tls/self-managed.ts')
  return new SelfManagedPairs({
    ...certificates,
    objects: own.objects,
    namespace: certificates.namespace ?? own.namespace,
    log,
    onUnexpectedAuthority,
  })
}

/**
 * Reads the certificates of authorities from a PEM file.
 *
 * @throws {CommandError} one line that names the file and says what to do
 */
export async function readAuthorities(file: string): Promise<Authorities> {
  const { value, digest } = orFail(await loadAuthorities(file))
  return { file, pem: value, digest }
}

/** Lets a server know other clients from now on as its file says; a bad new content is refused, and loudly. */
export function watchAuthorities(
  { file, digest }: Authorities,
  app: Pick<App, 'useClientCa'>,
  log: Log,
): { stop(): void } {
  return watchFiles([file], {
    since: digest,
    load: () => loadAuthorities(file),
    onChange: found => {
      if (found.ok) app.useClientCa(found.value)
      if (found.ok) log.info({ file }, 'client CA bundle accepted')
      else log.error({ fault: found.fault }, 'client CA bundle refused; the last good one stays in effect')
    },
  })
}

function readSelfManaged(flags: CertificateFlags, secret: string): Certificates {
  const { tlsSelfManagedNamespace: namespace, webhookConfiguration: configuration } = flags
  if (flags.tlsServerName.length === 0) {
    throw new CommandError(
      '--tls-self-managed-secret needs --tls-server-name; give the DNS name that the API server calls',
    )
  }
  if (configuration === undefined) {
    throw new CommandError(
      '--tls-self-managed-secret needs --webhook-configuration; give the name of those whose caBundle to fill in',
    )
  }
  for (const name of [secret, namespace ?? secret, configuration]) {
    if (!isObjectName(name))
      throw new CommandError(`${name} is not a valid object name; use lower case letters, digits, "-" and "."`)
  }
  const { tlsServerName: names, tlsSelfManagedLifetime: lifetime } = flags
  return { way: 'selfManaged', secret, namespace, configuration, names, lifetime }
}

function orFail<T>(found: LoadedPem<T>): LoadedPem<T> & { readonly ok: true } {
  if (found.ok) return found
  throw new CommandError(found.fault, { cause: found.cause })
}
