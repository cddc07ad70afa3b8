import { AskError } from '../ask/ask-error.ts'
import type { AskedCluster } from '../ask/cluster.ts'
import { RESOURCES } from '../ask/resources.ts'
import { get, getItems, getText } from '../kube/untyped.ts'
import type { Observed } from './examine.ts'

/** Events of a Pod that are read: the API server keeps them for an hour. */
const MAX_EVENTS = 500
/** References of which the type is asked for, where they are no pull secrets: nobody reads more. */
const MAX_TYPES_READ = 10

/**
 * Reads what there is to know about a Pod. What may not be read, but for the Pod, is unknown.
 *
 * @throws {AskError} where something else goes wrong than that it may not be read
 */
export async function observePod(cluster: AskedCluster, pod: unknown): Promise<Observed> {
  const account = getText(pod, 'spec', 'serviceAccountName') || 'default'
  const secrets = readSecrets(cluster, pod)
  const first = await unlessForbidden(secrets.next())
  return {
    namespace: cluster.namespace,
    pod,
    events: (await unlessForbidden(readEvents(cluster, pod)))?.value ?? [],
    account: (await unlessForbidden(cluster.find(RESOURCES.ServiceAccount, account)))?.value,
    maker: await findMaker(cluster, pod),
    secrets: first && resume(first.value, secrets),
  }
}

/** What made the Pod, as its Pod names it; of a Job that a CronJob made, as that names it. */
async function findMaker(cluster: AskedCluster, pod: unknown): Promise<unknown> {
  const owner = controllerIn(pod)
  if (getText(owner, 'kind') !== RESOURCES.Job.kind) return owner
  const job = await unlessForbidden(cluster.find(RESOURCES.Job, getText(owner, 'name')))
  return controllerIn(job?.value) ?? owner
}

function controllerIn(object: unknown): unknown {
  return getItems(object, 'metadata', 'ownerReferences').find(owner => get(owner, 'controller') === true)
}

/** Undefined where it may not be read. */
async function unlessForbidden<T>(reading: Promise<T>): Promise<{ readonly value: T } | undefined> {
  try {
    return { value: await reading }
  } catch (error) {
    if (error instanceof AskError && error.isForbidden) return undefined
    throw error
  }
}

/** What has been begun, to see whether it may be read, and the rest. */
async function* resume(first: IteratorResult<unknown>, rest: AsyncGenerator<unknown>): AsyncGenerator<unknown> {
  if (first.done) return
  yield first.value
  yield* rest
}

async function readEvents(cluster: AskedCluster, pod: unknown): Promise<readonly unknown[]> {
  const events: unknown[] = []
  const name = getText(pod, 'metadata', 'name')
  const uid = getText(pod, 'metadata', 'uid')
  const fieldSelector = `involvedObject.kind=Pod,involvedObject.name=${name},involvedObject.uid=${uid}`
  for await (const event of cluster.list(RESOURCES.Event, { fieldSelector })) {
    if (events.push(event) >= MAX_EVENTS) break
  }
  return events
}

/** All pull secrets of the namespace, and of what else the Pod lists its type. */
async function* readSecrets(cluster: AskedCluster, pod: unknown): AsyncGenerator<unknown> {
  const others = new Set(getItems(pod, 'spec', 'imagePullSecrets').map(one => getText(one, 'name')))
  for await (const secret of cluster.listPullSecrets()) {
    others.delete(getText(secret, 'metadata', 'name'))
    yield secret
  }
  for (const name of [...others].slice(0, MAX_TYPES_READ)) {
    const type = await cluster.findSecretType(name)
    if (type !== undefined) yield { metadata: { name, namespace: cluster.namespace, uid: name }, type }
  }
}
