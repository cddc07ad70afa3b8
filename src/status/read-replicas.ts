import type { WholeCluster } from '../ask/cluster.ts'
import { RESOURCES } from '../ask/resources.ts'
import { get, getText } from '../kube/untyped.ts'
import { CommandError } from '../runtime/command-error.ts'
import { findInstallations, type Installation, selectorOf } from './installation.ts'
import type { Part } from './part.ts'
import { unlessForbidden } from './unless-forbidden.ts'

const VERSION_LABEL = 'app.kubernetes.io/version'

/**
 * | replicas                                   | state |
 * | ------------------------------------------ | ----- |
 * | none is wanted, or none is ready           | bad   |
 * | fewer are ready than are wanted            | bad   |
 * | all are ready, and some are not of today's template | odd: a rollout is under way |
 * | all are ready                              | good  |
 */
export function readReplicas({ deployment, name, namespace }: Installation): Part {
  const wanted = numberOf(get(deployment, 'spec', 'replicas'), 1)
  const ready = numberOf(get(deployment, 'status', 'readyReplicas'), 0)
  const updated = numberOf(get(deployment, 'status', 'updatedReplicas'), 0)
  const facts = { ready, wanted, updated }
  const text = `${ready} of ${wanted} replicas ready`
  if (wanted === 0) {
    const next = `Start some: kubectl scale deployment ${name} --namespace ${namespace} --replicas 2`
    return { part: 'replicas', state: 'bad', text: 'no replica is wanted (replicas is 0)', facts, next }
  }
  if (ready < wanted) {
    const next = `See why: kubectl describe pods --namespace ${namespace} --selector regcred.dev/release=${name}`
    return { part: 'replicas', state: 'bad', text, facts, next }
  }
  if (updated < wanted) return { part: 'replicas', state: 'odd', text: `${text}, and a rollout is under way`, facts }
  return { part: 'replicas', state: 'good', text, facts }
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise
}

/** The versions that run, the first one first; that of the Deployment where Pods may not be listed. */
async function readVersions(cluster: WholeCluster, installation: Installation): Promise<readonly string[]> {
  const { deployment, namespace } = installation
  const versions = new Set<string>()
  const labelSelector = selectorOf(installation)
  await unlessForbidden(
    (async () => {
      for await (const pod of cluster.within(namespace).list(RESOURCES.Pod, { labelSelector }))
        versions.add(getText(pod, 'metadata', 'labels', VERSION_LABEL))
    })(),
  )
  versions.delete('')
  if (versions.size === 0) versions.add(getText(deployment, 'metadata', 'labels', VERSION_LABEL) || 'unknown')
  return [...versions].sort()
}

/** @param client the version of this program */
export async function readVersionPart(
  cluster: WholeCluster,
  installation: Installation,
  client: string,
): Promise<Part> {
  const versions = await readVersions(cluster, installation)
  const [server = '', ...others] = versions
  const facts = { client, server: versions }
  if (others.length > 0)
    return { part: 'version', state: 'odd', text: `replicas have the versions ${versions.join(', ')}`, facts }
  if (server === client) return { part: 'version', state: 'good', text: `version ${server}, as this program`, facts }
  return { part: 'version', state: 'odd', text: `version ${server}, and this program is ${client}`, facts }
}

/** The versions of each release. @throws {AskError}; {CommandError} where nothing may be looked for */
export async function readServerVersions(
  cluster: WholeCluster,
  namespace: string | undefined,
): Promise<readonly { readonly namespace: string; readonly name: string; readonly versions: readonly string[] }[]> {
  const { installations, forbidden } = await findInstallations(cluster, namespace)
  if (installations.length === 0 && forbidden !== undefined) throw new CommandError(forbidden)
  const all = []
  for (const installation of installations) {
    const { namespace, name } = installation
    all.push({ namespace, name, versions: await readVersions(cluster, installation) })
  }
  return all
}
