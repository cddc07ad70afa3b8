import type { AskFlags } from '../../ask/ask-flags.ts'
import { type AskedCluster, openAskedCluster } from '../../ask/cluster.ts'
import { findPresent } from '../../ask/missing.ts'
import { apiVersionOf, RESOURCES, type Resource, WORKLOADS } from '../../ask/resources.ts'
import { inspectSecret } from '../../inspection/inspect-secret.ts'
import type { Inspected, InspectOptions } from '../../inspection/inspected.ts'
import { UsersOfSecrets } from '../../inspection/used-by.ts'
import { checkSecret } from '../../review/schema.ts'
import { CommandError } from '../../runtime/command-error.ts'
import type { Streams } from '../streams.ts'
import { Collected, type InspectedAll } from './collected.ts'

/**
 * Inspects a Secret of a cluster, or every pull secret of a namespace, and finds out who uses it.
 *
 * @param given the name of a Secret; undefined for all
 * @throws {CommandError} if there is none; {AskError}
 */
export async function inspectCluster(
  given: string | undefined,
  limit: number,
  flags: AskFlags,
  options: Omit<InspectOptions, 'namespace'>,
  streams: Pick<Streams, 'stderr'>,
): Promise<InspectedAll> {
  const cluster = openAskedCluster(flags, streams)
  try {
    const inside = { ...options, namespace: cluster.namespace }
    const { shown, more, moreWrong } = await (given === undefined
      ? inspectAll(cluster, limit, inside)
      : inspectOne(cluster, given.replace(/^secrets?\//, ''), limit, inside))
    const { users, unlisted } = await findUsers(cluster, shown)
    const used = shown.map(inspected => ({ inspected, usedBy: users.of(inspected.name), unlisted }))
    return { shown: used, more, moreWrong, faults: [] }
  } finally {
    await cluster.close()
  }
}

async function inspectOne(
  cluster: AskedCluster,
  name: string,
  limit: number,
  options: InspectOptions,
): Promise<Collected> {
  if (name === '') throw new CommandError('give the name of the Secret: regcred inspect NAME')
  const collected = new Collected(limit)
  collected.add(inspectObject(await findPresent(cluster, { resource: RESOURCES.Secret, name }), options))
  return collected
}

/** One after another: of each no more is kept than will be shown. */
async function inspectAll(cluster: AskedCluster, limit: number, options: InspectOptions): Promise<Collected> {
  const collected = new Collected(limit)
  for await (const object of cluster.listPullSecrets()) collected.add(inspectObject(object, options))
  if (collected.shown.length > 0) return collected
  const { namespace } = cluster
  throw new CommandError(
    `there is no pull secret in namespace "${namespace}"; see: kubectl get secrets --namespace ${namespace}`,
  )
}

function inspectObject(object: unknown, options: InspectOptions): Inspected {
  const checked = checkSecret(object)
  if ('fault' in checked) throw new CommandError(`the API server sent a Secret that is none: ${checked.fault}`)
  return inspectSecret(checked.value, options)
}

/** Goes through what may name a Secret. What cannot be listed is told, and takes nothing from the rest. */
async function findUsers(
  cluster: AskedCluster,
  secrets: readonly Inspected[],
): Promise<{ readonly users: UsersOfSecrets; readonly unlisted: readonly string[] }> {
  const users = new UsersOfSecrets(secrets.map(({ name }) => name))
  const look = async (resource: Resource) => {
    try {
      for await (const object of cluster.list(resource)) users.note(apiVersionOf(resource), resource.kind, object)
      return []
    } catch {
      return [resource.name]
    }
  }
  const unlisted = await Promise.all([RESOURCES.ServiceAccount, ...WORKLOADS, RESOURCES.Pod].map(look))
  return { users, unlisted: unlisted.flat() }
}
