import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { get, getString } from './untyped.ts'

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

/** A KubeConfig whose current context is complete, or one sentence that says what is wrong and what to do. */
export type KubeConfigResult =
  | {
      readonly ok: true
      readonly kubeConfig: KubeConfig
      /** Of the context, which in a Pod is its own; `default` where it names none. */
      readonly namespace: string
    }
  | { readonly ok: false; readonly fault: string }

const IN_CLUSTER_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token'

/**
 * Finds credentials as kubectl does: the file asked for, else KUBECONFIG, else `~/.kube/config`, else the Pod's own.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */
export function loadKubeConfig(source: KubeConfigSource): KubeConfigResult {
  try {
    const kubeConfig = readSource(source)
    if (source.context !== undefined) kubeConfig.setCurrentContext(source.context)
    checkContext(kubeConfig)
    const namespace = kubeConfig.getContextObject(kubeConfig.getCurrentContext())?.namespace || 'default'
    return { ok: true, kubeConfig, namespace: namespace.trim() }
  } catch (error) {
    if (error instanceof KubeConfigFault) return { ok: false, fault: error.message }
    throw error
  }
}

class KubeConfigFault extends Error {}

function readSource({ file, env = process.env, root = '' }: KubeConfigSource): KubeConfig {
  if (file !== undefined) return readFile(file)
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter(path => path !== '')
  // As kubectl, which leaves out files of the list that are not there.
  const [first, ...others] = listed.filter(path => existsSync(path))
  if (first !== undefined) return others.map(readFile).reduce(merge, readFile(first))
  if (listed.length > 0)
    throw new KubeConfigFault(`No file of KUBECONFIG (${listed.join(', ')}) exists: correct or unset it.`)
  const home = join(env['HOME'] ?? '', '.kube', 'config')
  if (env['HOME'] && existsSync(home)) return readFile(home)
  if (env['KUBERNETES_SERVICE_HOST'] && existsSync(`${root}${IN_CLUSTER_TOKEN}`)) return readInCluster(root)
  throw new KubeConfigFault(
    'There is no kubeconfig: pass --kubeconfig, set KUBECONFIG, or run in a Pod with a ServiceAccount.',
  )
}

function readFile(path: string): KubeConfig {
  const kubeConfig = new KubeConfig()
  const content = readText(path)
  try {
    kubeConfig.loadFromString(content)
  } catch (error) {
    throw new KubeConfigFault(
      `The kubeconfig ${path} ${describe(error)}: correct it or pass another with --kubeconfig.`,
    )
  }
  kubeConfig.makePathsAbsolute(dirname(path))
  return kubeConfig
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new KubeConfigFault(
      `The kubeconfig ${path} cannot be read (${getString(error, 'code')}): pass one with --kubeconfig.`,
    )
  }
}

/** Nothing else is repeated of an error: the parser of YAML quotes the lines around a fault, and there are tokens in those. */
function describe(error: unknown): string {
  const line = get(error, 'mark', 'line')
  if (typeof line === 'number') return `is not YAML (line ${line + 1})`
  const missing = /^[\w[\].]+ is missing$/.exec(String(get(error, 'message')))
  return missing === null ? 'is not a kubeconfig' : `is incomplete (${missing[0]})`
}

function readInCluster(root: string): KubeConfig {
  const kubeConfig = new KubeConfig()
  kubeConfig.loadFromCluster(root)
  return kubeConfig
}

/** What an earlier file of KUBECONFIG names wins. */
function merge(first: KubeConfig, second: KubeConfig): KubeConfig {
  const both = <T extends { readonly name: string }>(a: readonly T[], b: readonly T[]): T[] => {
    const names = new Set(a.map(({ name }) => name))
    return [...a, ...b.filter(({ name }) => !names.has(name))]
  }
  const merged = new KubeConfig()
  merged.loadFromOptions({
    clusters: both(first.getClusters(), second.getClusters()),
    users: both(first.getUsers(), second.getUsers()),
    contexts: both(first.getContexts(), second.getContexts()),
    currentContext: first.getCurrentContext() ?? second.getCurrentContext(),
  })
  return merged
}

function checkContext(kubeConfig: KubeConfig): void {
  const name = kubeConfig.getCurrentContext()
  const names = kubeConfig.getContexts().map(context => context.name)
  const choose = names.length === 0 ? 'the kubeconfig has none' : `pass one of ${names.join(', ')} with --context`
  if (!name) throw new KubeConfigFault(`The kubeconfig has no current-context: ${choose}.`)
  const context = kubeConfig.getContextObject(name)
  if (context === null) throw new KubeConfigFault(`There is no context "${name}": ${choose}.`)
  const cluster = kubeConfig.getCurrentCluster()
  if (cluster === null)
    throw new KubeConfigFault(
      `The context "${name}" names the cluster "${context.cluster}", which is not in the kubeconfig.`,
    )
  const user = kubeConfig.getCurrentUser()
  if (user === null)
    throw new KubeConfigFault(`The context "${name}" names the user "${context.user}", which is not in the kubeconfig.`)
  checkServer(cluster)
  for (const path of [cluster.caFile, user.certFile, user.keyFile]) checkReadable(path)
}

function checkServer({ name, server, skipTLSVerify, proxyUrl }: ReturnType<KubeConfig['getClusters']>[number]): void {
  const say = (what: string) => new KubeConfigFault(`The cluster "${name}" of the kubeconfig ${what}.`)
  const scheme = URL.parse(server)?.protocol
  if (scheme === 'http:' && !skipTLSVerify) {
    throw say(`is reached without TLS (${server}): use https, or set insecure-skip-tls-verify to accept that`)
  }
  if (scheme !== 'https:' && scheme !== 'http:')
    throw say(`has no usable server ("${server}"): it must be an https:// URL`)
  const proxy = proxyUrl === undefined ? undefined : (URL.parse(proxyUrl)?.protocol ?? 'none')
  if (proxy !== undefined && !['http:', 'https:', 'socks5:'].includes(proxy)) {
    throw say('has a proxy-url that is neither http://, https:// nor socks5://')
  }
}

function checkReadable(path: string | undefined): void {
  if (!path) return
  try {
    accessSync(path, constants.R_OK)
  } catch (error) {
    throw new KubeConfigFault(
      `The kubeconfig names the file ${path}, which cannot be read (${getString(error, 'code')}).`,
    )
  }
}
