import { CommandError } from '../runtime/command-error.ts'
import { nearestName } from '../runtime/nearest-name.ts'
import type { AskedCluster } from './cluster.ts'
import type { Target } from './resources.ts'

/** Letters that differ, beyond which nobody means the same name. */
const MAX_DISTANCE = 6

/** Gets an object that has to be there. @throws {CommandError} with a near name, if there is none of this name; {AskError} */
export async function findPresent(cluster: AskedCluster, target: Target): Promise<unknown> {
  const found = await cluster.find(target.resource, target.name)
  if (found === undefined) throw await tellMissing(cluster, target)
  return found
}

async function tellMissing(cluster: AskedCluster, { resource, name }: Target): Promise<CommandError> {
  const { namespace } = cluster
  const near = await findNear(cluster, { resource, name })
  const advice =
    near === undefined ? `see: kubectl get ${resource.name} --namespace ${namespace}` : `did you mean "${near}"?`
  return new CommandError(`${resource.kind} "${name}" does not exist in namespace "${namespace}"; ${advice}`)
}

/** The nearest name that there is, as far as who asks may list them. */
async function findNear(cluster: AskedCluster, { resource, name }: Target): Promise<string | undefined> {
  const limit = Math.min(Math.max(2, Math.floor(name.length / 4)), MAX_DISTANCE)
  let near: string | undefined
  try {
    for await (const candidate of cluster.listNames(resource)) {
      const candidates = near === undefined ? [candidate] : [near, candidate]
      near = nearestName(name, candidates, { limit })
    }
  } catch {
    // Who may not list names, or not in time, is told of none.
  }
  return near
}
