import { AskError } from '../ask/ask-error.ts'
import type { ScannedCluster } from '../ask/cluster.ts'
import { type FoundNamespace, lookForNamespace } from '../ask/namespaces.ts'
import { RESOURCES } from '../ask/resources.ts'
import { stripNamespace, stripSecret, stripServiceAccount } from '../cluster/strip.ts'
import type { KnownNamespace, KnownSecret } from '../cluster/view.ts'
import { isObjectName } from '../kube/object-name.ts'
import { getText } from '../kube/untyped.ts'
import type { ServiceAccount } from '../policy/known.ts'

/** Registries of one Secret: of one with more it is known that it is there. */
const MAX_ENTRIES = 10_000
/** Characters of their names. */
const MAX_KEYS_LENGTH = 262_144
/** Namespaces in a row for which the API server fails, before no other is asked for. */
const MAX_FAILURES = 3

/** What of a namespace could not be read, and why: one sentence. */
interface NotRead {
  readonly namespace: string
  readonly reason: string
}

/** What is known of a cluster, and what is not. */
export interface ReadCluster {
  readonly known: readonly KnownNamespace[]
  readonly notRead: readonly NotRead[]
  /** Namespaces that do not exist. */
  readonly absent: readonly string[]
}

/** Told how many namespaces have been read, and of how many. */
type Watch = (done: number, all: number) => void

/** A namespace, and how its Namespace is found. */
interface ToRead {
  readonly name: string
  /** @returns undefined if it does not exist @throws {AskError} */
  find(): Promise<FoundNamespace | undefined>
}

/** Reads these namespaces, some of which may not exist. */
export async function readNamespaces(
  cluster: ScannedCluster,
  names: readonly string[],
  watch: Watch,
): Promise<ReadCluster> {
  const find = (name: string) => async () => await lookForNamespace(cluster.within(name))
  return await readCluster(
    cluster,
    names.filter(isObjectName).map(name => ({ name, find: find(name) })),
    watch,
  )
}

/** Reads these namespaces, each of which was there a moment ago. */
export async function readFound(
  cluster: ScannedCluster,
  namespaces: readonly FoundNamespace[],
  watch: Watch,
): Promise<ReadCluster> {
  return await readCluster(
    cluster,
    namespaces.map(found => ({ name: found.name, find: async () => found })),
    watch,
  )
}

/**
 * Reads the Secrets and ServiceAccounts of namespaces, one after another; of Secrets that are not pull secrets no byte of the contents is
 * received. What cannot be read is told, and takes nothing from the rest.
 */
async function readCluster(cluster: ScannedCluster, namespaces: readonly ToRead[], watch: Watch): Promise<ReadCluster> {
  const known: KnownNamespace[] = []
  const notRead: NotRead[] = []
  const absent: string[] = []
  let failures = 0
  for (const [done, { name, find }] of namespaces.entries()) {
    watch(done, namespaces.length)
    if (failures >= MAX_FAILURES) {
      notRead.push({ namespace: name, reason: 'the API server failed before it was asked' })
      continue
    }
    const { namespace, errors } = await readOne(cluster.within(name), find)
    failures = errors.some(({ isForbidden }) => !isForbidden) ? failures + 1 : 0
    notRead.push(...errors.map(({ message: reason }) => ({ namespace: name, reason })))
    if (namespace !== undefined) known.push(namespace)
    else if (errors.length === 0) absent.push(name)
  }
  return { known, notRead, absent }
}

async function readOne(
  cluster: ScannedCluster,
  find: ToRead['find'],
): Promise<{ readonly namespace?: KnownNamespace; readonly errors: readonly AskError[] }> {
  const { namespace: name } = cluster
  const errors: AskError[] = []
  const attempt = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
    // Where the API server fails it would fail the next time too.
    if (errors.some(({ isForbidden }) => !isForbidden)) return undefined
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof AskError)) throw error
      errors.push(error)
      return undefined
    }
  }
  const found = await attempt(find)
  if (found === undefined) return { errors }
  const { object } = found
  const secrets = await attempt(() => readSecrets(cluster))
  const accounts = await attempt(() => readAccounts(cluster))
  const namespace = object === undefined ? undefined : stripNamespace(object, name)
  return { namespace: { name, namespace, secrets, hasAllSecrets: secrets !== undefined, accounts }, errors }
}

async function readSecrets(cluster: ScannedCluster): Promise<readonly KnownSecret[]> {
  const secrets: KnownSecret[] = []
  for await (const object of cluster.listPullSecrets()) secrets.push(readPullSecret(object))
  for await (const object of cluster.listOtherSecrets()) {
    const name = getText(object, 'metadata', 'name')
    const type = getText(object, 'type')
    secrets.push({ type, reading: { kind: 'wrongType', name, type } })
  }
  return secrets
}

function readPullSecret(object: unknown): KnownSecret {
  const name = getText(object, 'metadata', 'name')
  const stripped = stripSecret(object, name, { maxEntries: MAX_ENTRIES, maxKeyLength: MAX_KEYS_LENGTH })
  return { type: getText(object, 'type'), reading: stripped.kind === 'large' ? { kind: 'unread', name } : stripped }
}

async function readAccounts(cluster: ScannedCluster): Promise<readonly ServiceAccount[]> {
  const accounts: ServiceAccount[] = []
  for await (const object of cluster.list(RESOURCES.ServiceAccount)) {
    accounts.push(stripServiceAccount(object, getText(object, 'metadata', 'name')))
  }
  return accounts
}
