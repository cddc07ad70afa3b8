import type { Cluster } from '../app.ts'
import type { SecretExtent } from '../cluster/resources.ts'
import type { Objects } from '../kube/objects.ts'
import type { Manifest } from '../manifests/found.ts'
import { readVersion } from '../package.ts'
import { CommandError } from '../runtime/command-error.ts'
import type { ClosableLog } from '../telemetry/log.ts'

/** Which cluster is meant: a folder of manifests, or the one of a kubeconfig. */
export interface ClusterFlags {
  readonly kubeconfig?: string
  readonly context?: string
  readonly manifests?: string
}

/** Whoever wants to know what happens between us and the cluster. */
export interface ClusterObserver {
  liveRead(read: string, outcome: string): void
}

/** A cluster that has to be followed and left again. */
export interface OpenCluster extends Cluster {
  /** Our own objects in it, and the namespace that we are in: a Pod's own, or the context's. Manifests have none. */
  readonly own?: { readonly objects: Objects; readonly namespace: string }
  start(): void
  stop(): Promise<void>
}

/**
 * Opens the cluster that was asked for.
 *
 * @throws {CommandError} one line that says what is wrong and what to do
 */
export async function openCluster(
  flags: ClusterFlags,
  secrets: SecretExtent,
  log: ClosableLog['log'],
  observer: ClusterObserver,
): Promise<OpenCluster> {
  return flags.manifests === undefined
    ? await connectTo(flags, secrets, log, observer)
    : await openManifests(flags.manifests, secrets)
}

async function connectTo(
  { kubeconfig, context }: ClusterFlags,
  secrets: SecretExtent,
  log: ClosableLog['log'],
  observer: ClusterObserver,
): Promise<OpenCluster> {
  const [{ connect }, { loadKubeConfig }, { ping }] = await Promise.all([
    import('../cluster/connect.ts'),
    import('../kube/kubeconfig/load.ts'),
    import('../kube/ping.ts'),
  ])
  const source = { ...(kubeconfig && { file: kubeconfig }), ...(context && { context }) }
  const loaded = loadKubeConfig(source)
  if (!loaded.ok) throw new CommandError(loaded.fault)
  // Once: it is read again whenever credentials are turned down.
  if (loaded.insecure !== undefined) log.warn({ server: loaded.kubeConfig.server }, loaded.insecure)
  const userAgent = `regcred/${readVersion()}`
  // Only at the start: a server that runs never ends over its API server.
  const fault = await ping(loaded.kubeConfig, userAgent)
  if (fault !== undefined) throw new CommandError(fault)
  const cluster = connect({
    kubeConfig: loaded.kubeConfig,
    reload: () => {
      const again = loadKubeConfig(source)
      return again.ok ? again.kubeConfig : undefined
    },
    userAgent,
    secrets,
    log,
    observer: { ended: (kind, outcome) => observer.liveRead(kind, outcome) },
  })
  const namespace = loaded.namespace
  return { ...cluster, own: { objects: cluster.objects, namespace }, resources: () => cluster.status().resources }
}

/**
 * Takes a file or folder of manifests as the cluster.
 *
 * @throws {CommandError} with every fault, a line each
 */
export async function openManifests(path: string, secrets: SecretExtent = 'contents'): Promise<OpenCluster> {
  const { readManifests } = await import('../manifests/read.ts')
  const read = await readManifests([path])
  if (!read.ok) throw new CommandError(read.faults)
  return await clusterOf(read.manifests, secrets)
}

/** Takes manifests as the cluster. */
export async function clusterOf(manifests: readonly Manifest[], secrets: SecretExtent): Promise<OpenCluster> {
  const { ManifestView } = await import('../manifests/view.ts')
  const view = new ManifestView(manifests, { secrets })
  return {
    view,
    live: view,
    resources: () => [
      { name: 'manifests', synced: true, objects: view.size, bytes: 0, partialNamespaces: 0, stalenessSeconds: 0 },
    ],
    start: () => undefined,
    stop: () => Promise.resolve(),
  }
}
