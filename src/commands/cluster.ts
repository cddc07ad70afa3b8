import type { KubeConfig } from '@kubernetes/client-node'
import type { Cluster } from '../app.ts'
import { ApiError } from '../cluster/api-error.ts'
import { connect } from '../cluster/api-server-view.ts'
import { systemClock } from '../cluster/clock.ts'
import type { ChangeListener } from '../cluster/held.ts'
import { loadKubeConfig } from '../cluster/kubeconfig.ts'
import { ManifestView } from '../cluster/manifest-view.ts'
import { readManifests } from '../cluster/manifests.ts'
import { Transport } from '../cluster/transport.ts'
import type { ClosableLog } from '../telemetry/log.ts'
import { readVersion } from '../version.ts'
import { CommandError } from './command-error.ts'

/** How long the API server may take to answer at the start, in milliseconds. */
const FIRST_ANSWER = 10_000

/** Which cluster is meant: a folder of manifests, or the one of a kubeconfig. */
export interface ClusterFlags {
  readonly kubeconfig?: string
  readonly context?: string
  readonly manifests?: string
}

/** Whoever wants to know what happens between us and the cluster. */
export interface ClusterWitness {
  readonly secrets: ChangeListener
  liveRead(read: string, outcome: string): void
}

/** A cluster that has to be followed and left again. */
export interface OpenCluster extends Cluster {
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
  log: ClosableLog['log'],
  witness: ClusterWitness,
): Promise<OpenCluster> {
  return flags.manifests === undefined ? await connectTo(flags, log, witness) : await openManifests(flags.manifests)
}

async function connectTo(
  { kubeconfig, context }: ClusterFlags,
  log: ClosableLog['log'],
  witness: ClusterWitness,
): Promise<OpenCluster> {
  const source = { ...(kubeconfig && { file: kubeconfig }), ...(context && { context }) }
  const loaded = loadKubeConfig(source)
  if (!loaded.ok) throw new CommandError(loaded.fault)
  const userAgent = `regcred/${readVersion()}`
  await tryOnce(loaded.kubeConfig, userAgent)
  const cluster = connect({
    kubeConfig: loaded.kubeConfig,
    reload: () => {
      const again = loadKubeConfig(source)
      return again.ok ? again.kubeConfig : undefined
    },
    userAgent,
    log,
    secretListener: witness.secrets,
    observer: { ended: (kind, outcome) => witness.liveRead(kind, outcome) },
  })
  return { ...cluster, resources: () => cluster.status().resources }
}

/**
 * Asks the API server once, so that a wrong address or user is a sentence at the start. What may mend itself does not
 * count (it is busy, its own rules are not there yet), and a server that runs never ends over its API server.
 *
 * @throws {CommandError}
 */
async function tryOnce(kubeConfig: KubeConfig, userAgent: string): Promise<void> {
  const transport = new Transport({ kubeConfig, userAgent, clock: systemClock })
  try {
    await transport.getJson('/version', {}, { signal: AbortSignal.timeout(FIRST_ANSWER) })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.code === 'refused' && error.status !== 401) return
    const why = error.code === 'stopped' ? `It said nothing for ${FIRST_ANSWER / 1000} s.` : error.message
    const server = kubeConfig.getCurrentCluster()?.server
    throw new CommandError(`${server}: ${why} Correct the server or the user that the kubeconfig names, or start it.`)
  } finally {
    await transport.close()
  }
}

async function openManifests(path: string): Promise<OpenCluster> {
  const read = await readManifests([path])
  if (!read.ok) throw new CommandError(read.faults.join('\n'))
  const view = new ManifestView(read.manifests)
  return {
    view,
    live: view,
    resources: () => [{ name: 'manifests', inStep: true, objects: view.size, stalenessSeconds: 0 }],
    start: () => undefined,
    stop: () => Promise.resolve(),
  }
}
