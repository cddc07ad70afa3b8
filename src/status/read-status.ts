import type { WholeCluster } from '../ask/cluster.ts'
import { findInstallations, type Installation } from './installation.ts'
import { readNamespaces, tellMode } from './namespaces.ts'
import type { Part } from './part.ts'
import { readCertificate } from './read-certificate.ts'
import { readConfiguration } from './read-configuration.ts'
import { readReplicas, readVersionPart } from './read-replicas.ts'
import { isOfPods, readFailurePolicy, readWebhooks } from './read-webhooks.ts'
import { tryPod } from './try-pod.ts'

/** What there is to say about a release. */
export interface ReleaseStatus {
  /** Empty where it is not known. */
  readonly namespace: string
  readonly name: string
  readonly parts: readonly Part[]
}

export interface StatusOptions {
  /** Where to look for it; undefined for the whole cluster. */
  readonly namespace: string | undefined
  /** The version of this program. */
  readonly client: string
  /** Milliseconds since the epoch. */
  readonly today: () => number
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
}

/**
 * Looks at every part of each release. What may not be read is a part that says so, and takes nothing from the others.
 *
 * @throws {AskError} where the cluster does not answer
 */
export async function readStatus(cluster: WholeCluster, options: StatusOptions): Promise<readonly ReleaseStatus[]> {
  const { installations, forbidden } = await findInstallations(cluster, options.namespace)
  if (installations.length === 0 && forbidden !== undefined) return [await readUnseen(cluster, forbidden, options)]
  const all: ReleaseStatus[] = []
  for (const installation of installations) all.push(await readRelease(cluster, installation, options))
  return all
}

async function readRelease(
  cluster: WholeCluster,
  installation: Installation,
  options: StatusOptions,
): Promise<ReleaseStatus> {
  const { namespace, name } = installation
  const { part, webhooks } = await readWebhooks(cluster, installation)
  const configuration = await readConfiguration(cluster, installation)
  const namespaces = await readNamespaces(cluster, webhooks, configuration)
  return {
    namespace,
    name,
    parts: [
      await readVersionPart(cluster, installation, options.client),
      readReplicas(installation),
      part,
      await readCertificate(cluster, installation, webhooks, options.today()),
      ...(await tryWith(cluster, webhooks, namespaces, options)),
      tellMode(configuration, namespaces, namespace),
      ...(webhooks.some(isOfPods) ? [readFailurePolicy(webhooks)] : []),
    ],
  }
}

/** What can be told of a release whose Deployment may not be read. */
async function readUnseen(cluster: WholeCluster, forbidden: string, options: StatusOptions): Promise<ReleaseStatus> {
  const unseen: Installation = { namespace: options.namespace ?? '', name: '', deployment: undefined }
  const { part, webhooks } = await readWebhooks(cluster, unseen)
  const namespaces = await readNamespaces(cluster, webhooks, { unknown: '' })
  return {
    namespace: unseen.namespace,
    name: '',
    parts: [
      { part: 'replicas', state: 'unknown', text: forbidden },
      part,
      ...(await tryWith(cluster, webhooks, namespaces, options)),
      ...(webhooks.some(isOfPods) ? [readFailurePolicy(webhooks)] : []),
    ],
  }
}

async function tryWith(
  cluster: WholeCluster,
  webhooks: readonly unknown[],
  namespaces: Awaited<ReturnType<typeof readNamespaces>>,
  { now }: StatusOptions,
): Promise<readonly Part[]> {
  const ofPods = webhooks.filter(isOfPods)
  const isFailing = ofPods.length === 0 ? undefined : readFailurePolicy(webhooks).state === 'good'
  // Where it is known that Pods come to no webhook, nothing answers.
  const known = ofPods.length === 0 ? undefined : namespaces
  return [await tryPod(cluster, { preferred: cluster.namespace, namespaces: known, isFailing, now })]
}
