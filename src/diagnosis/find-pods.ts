import type { AskedCluster } from '../ask/cluster.ts'
import { findPresent } from '../ask/missing.ts'
import { RESOURCES, type Target } from '../ask/resources.ts'
import { get, getItems, getString, getText, strings } from '../kube/untyped.ts'
import { findWaiting, mayWaitForVolume } from './waiting.ts'

/** The Pod that is looked at, and how many there are like it. */
export interface FoundPods {
  /** The newest that waits for an image, else the newest that may, else the newest of all; undefined where there is none. */
  readonly pod: unknown
  /** Pods of the object. */
  readonly all: number
  /** Those of them that wait for an image. */
  readonly waiting: number
  /** Those of the others that may wait for an image volume: their events tell. */
  readonly open: number
}

/**
 * Finds the Pods of an object.
 *
 * @throws {CommandError} where there is no such object, with a near name; or where the cluster does not answer
 */
export async function findPods(cluster: AskedCluster, target: Target): Promise<FoundPods> {
  const object = await findPresent(cluster, target)
  const { resource } = target
  if (resource === RESOURCES.Pod) {
    const rank = rankOf(object)
    return { pod: object, all: 1, waiting: Number(rank === RANK.waits), open: Number(rank === RANK.mayWait) }
  }
  const owner = resource === RESOURCES.CronJob ? await newestJob(cluster, object) : object
  if (owner === undefined) return { pod: undefined, all: 0, waiting: 0, open: 0 }
  return await newestOf(cluster, owner, resource === RESOURCES.Deployment)
}

async function newestOf(cluster: AskedCluster, owner: unknown, isDeployment: boolean): Promise<FoundPods> {
  let pod: unknown
  let best: number = RANK.runs
  const ranks: number[] = []
  for await (const one of cluster.list(RESOURCES.Pod, { labelSelector: selectorOf(owner) })) {
    if (!isOwn(one, owner, isDeployment)) continue
    const rank = rankOf(one)
    ranks.push(rank)
    if (rank > best || (rank === best && isNewer(one, pod))) {
      pod = one
      best = rank
    }
  }
  const countOf = (wanted: number) => ranks.filter(rank => rank === wanted).length
  return { pod, all: ranks.length, waiting: countOf(RANK.waits), open: countOf(RANK.mayWait) }
}

const RANK = { runs: 0, mayWait: 1, waits: 2 } as const

function rankOf(pod: unknown): (typeof RANK)[keyof typeof RANK] {
  if (findWaiting(pod).length > 0) return RANK.waits
  return mayWaitForVolume(pod) ? RANK.mayWait : RANK.runs
}

/** Whether it made a Pod, which others may have given its labels; a Deployment does so by ReplicaSets that are named after it. */
function isOwn(pod: unknown, owner: unknown, isDeployment: boolean): boolean {
  return getItems(pod, 'metadata', 'ownerReferences').some(reference => {
    if (get(reference, 'controller') !== true) return false
    if (!isDeployment) return getString(reference, 'uid') === getString(owner, 'metadata', 'uid')
    return (
      getString(reference, 'kind') === 'ReplicaSet' &&
      getText(reference, 'name').startsWith(`${getText(owner, 'metadata', 'name')}-`)
    )
  })
}

/** The Job that a CronJob made last. */
async function newestJob(cluster: AskedCluster, cronJob: unknown): Promise<unknown> {
  const uid = getString(cronJob, 'metadata', 'uid')
  let newest: unknown
  for await (const job of cluster.list(RESOURCES.Job)) {
    const isOwn = getItems(job, 'metadata', 'ownerReferences').some(owner => getString(owner, 'uid') === uid)
    if (isOwn && isNewer(job, newest)) newest = job
  }
  return newest
}

function isNewer(one: unknown, other: unknown): boolean {
  const made = (object: unknown) => getText(object, 'metadata', 'creationTimestamp')
  return other === undefined || made(one) > made(other)
}

/** The selector of a workload, as a query has it. An older kind has labels alone. */
function selectorOf(workload: unknown): string {
  const selector = get(workload, 'spec', 'selector')
  const labels = Object.entries(strings(get(selector, 'matchLabels') ?? selector)).map(
    ([key, value]) => `${key}=${value}`,
  )
  const expressions = getItems(selector, 'matchExpressions').map(writeExpression)
  return [...labels, ...expressions].join(',')
}

function writeExpression(expression: unknown): string {
  const key = getText(expression, 'key')
  const values = getItems(expression, 'values').join(',')
  switch (getString(expression, 'operator')) {
    case 'In':
      return `${key} in (${values})`
    case 'NotIn':
      return `${key} notin (${values})`
    case 'DoesNotExist':
      return `!${key}`
    default:
      return key
  }
}
