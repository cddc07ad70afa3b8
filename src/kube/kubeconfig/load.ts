import { accessSync, constants, existsSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { delimiter, join } from 'node:path'
import { readSmallFileSync } from '../../runtime/read-small-file.ts'
import { getString } from '../untyped.ts'
import { type Context, type NamedCluster, readContext } from './context.ts'
import { type Cluster, type KubeConfig, openKubeConfig, type User } from './credentials.ts'
import { type KubeConfigDocument, KubeConfigFault, mergeKubeConfigs, parseKubeConfig } from './document.ts'

/** Where to look for a cluster: what was asked for on the command line, and the surroundings. */
export interface KubeConfigSource {
  /** `--kubeconfig`: this file and no other. */
  readonly file?: string
  /** `--context`; the file's current-context without it. */
  readonly context?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Above `/var/run/secrets`, where a cluster leaves its credentials for a Pod. */
  readonly root?: string
}

/** A context that is complete, or one sentence that says what is wrong and what to do. */
export type KubeConfigResult =
  | {
      readonly ok: true
      readonly kubeConfig: KubeConfig
      /** Of the context, which in a Pod is its own; `default` where it names none. */
      readonly namespace: string
      /** What the kubeconfig calls the cluster; undefined in a Pod, where nothing calls it anything. */
      readonly clusterName: string | undefined
      /** One sentence for the log where nobody checks who answers; anybody in between then reads what is sent. */
      readonly insecure?: string
    }
  | { readonly ok: false; readonly fault: string }

/** The cluster around a Pod, in errors. */
const IN_CLUSTER = 'in-cluster'
/** Where a cluster leaves the credentials of a Pod's ServiceAccount. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * Finds credentials as kubectl does: the file asked for, else KUBECONFIG, else `~/.kube/config`, else the Pod's own.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */
export function loadKubeConfig(source: KubeConfigSource): KubeConfigResult {
  try {
    const { cluster, user, namespace } = readSource(source)
    checkServer(cluster)
    checkFiles(cluster, user)
    const insecure = cluster.skipTlsVerify ? { insecure: warnOf(cluster) } : {}
    const clusterName = cluster.name === IN_CLUSTER ? undefined : cluster.name
    return { ok: true, kubeConfig: openKubeConfig(cluster, user), namespace, clusterName, ...insecure }
  } catch (error) {
    if (error instanceof KubeConfigFault) return { ok: false, fault: error.message }
    throw error
  }
}

function readSource({ file, context, env = process.env, root = '' }: KubeConfigSource): Context {
  if (file !== undefined) return readContext(readFile(file), context)
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter(path => path !== '')
  // As kubectl, which leaves out files of the list that are not there.
  const [first, ...others] = listed.filter(path => existsSync(path))
  if (first !== undefined) return readContext(others.map(readFile).reduce(mergeKubeConfigs, readFile(first)), context)
  if (listed.length > 0)
    throw new KubeConfigFault(`No file of KUBECONFIG (${listed.join(', ')}) exists: correct or unset it.`)
  const home = join(env['HOME'] ?? '', '.kube', 'config')
  if (env['HOME'] && existsSync(home)) return readContext(readFile(home), context)
  const account = `${root}${SERVICE_ACCOUNT}`
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env
  if (host && port && existsSync(`${account}/token`)) return readInCluster(host, port, account)
  throw new KubeConfigFault(
    'There is no kubeconfig: pass --kubeconfig, set KUBECONFIG, or run in a Pod with a ServiceAccount.',
  )
}

function readFile(path: string): KubeConfigDocument {
  try {
    return parseKubeConfig(path, readSmallFileSync(path).toString())
  } catch (error) {
    if (error instanceof KubeConfigFault) throw error
    throw new KubeConfigFault(
      `The kubeconfig ${path} cannot be read (${getString(error, 'code')}): pass one with --kubeconfig.`,
    )
  }
}

/** @see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
function readInCluster(host: string, port: string, account: string): Context {
  const namespace = existsSync(`${account}/namespace`)
    ? readSmallFileSync(`${account}/namespace`).toString().trim()
    : ''
  return {
    cluster: {
      name: IN_CLUSTER,
      server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      caFile: `${account}/ca.crt`,
    },
    user: { tokenFile: `${account}/token` },
    namespace: namespace || 'default',
  }
}

function checkServer({ name, server, skipTlsVerify, proxyUrl }: NamedCluster): void {
  const say = (what: string) => new KubeConfigFault(`The cluster "${name}" of the kubeconfig ${what}.`)
  const scheme = URL.parse(server)?.protocol
  if (scheme === 'http:' && !skipTlsVerify) {
    throw say(`is reached without TLS (${server}): use https, or set insecure-skip-tls-verify to accept that`)
  }
  if (scheme !== 'https:' && scheme !== 'http:')
    throw say(`has no usable server ("${server}"): it must be an https:// URL`)
  const proxy = proxyUrl === undefined ? undefined : (URL.parse(proxyUrl)?.protocol ?? 'none')
  if (proxy !== undefined && !['http:', 'https:', 'socks5:'].includes(proxy)) {
    throw say('has a proxy-url that is neither http://, https:// nor socks5://')
  }
}

function warnOf({ name, server }: NamedCluster): string {
  const how = server.startsWith('http:') ? 'without TLS' : 'without checking its certificate'
  const risk = 'Anybody in between can read the token and pull secrets'
  return `The cluster "${name}" is reached ${how} (insecure-skip-tls-verify). ${risk}: give certificate-authority-data instead.`
}

/** Those that will be read; data in the kubeconfig takes the place of a file. */
function checkFiles({ caFile, caData }: Cluster, { certFile, certData, keyFile, keyData, tokenFile }: User): void {
  if (caData === undefined) checkReadable(caFile)
  if (certData === undefined) checkReadable(certFile)
  if (keyData === undefined) checkReadable(keyFile)
  checkReadable(tokenFile)
}

function checkReadable(path: string | undefined): void {
  if (path === undefined) return
  try {
    accessSync(path, constants.R_OK)
  } catch (error) {
    throw new KubeConfigFault(
      `The kubeconfig names the file ${path}, which cannot be read (${getString(error, 'code')}).`,
    )
  }
}
