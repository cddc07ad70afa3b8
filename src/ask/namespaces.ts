import { isObjectName } from '../kube/object-name.ts'
import { get, getText, strings } from '../kube/untyped.ts'
import { CommandError } from '../runtime/command-error.ts'
import { AskError } from './ask-error.ts'
import type { ScannedCluster } from './cluster.ts'

/** A namespace to be read. */
export interface FoundNamespace {
  readonly name: string
  /** The Namespace, with what is read of its metadata; undefined where it may not be read. */
  readonly object: unknown
}

/**
 * All namespaces.
 *
 * @param command the one that wants them, e.g. `scan`
 * @throws {CommandError} if they may not be listed; {AskError}
 */
export async function findNamespaces(cluster: ScannedCluster, command: string): Promise<readonly FoundNamespace[]> {
  const found: FoundNamespace[] = []
  try {
    for await (const object of cluster.listNamespaces()) {
      const name = getText(object, 'metadata', 'name')
      if (isObjectName(name)) found.push({ name, object: slim(object) })
    }
  } catch (error) {
    if (!(error instanceof AskError && error.isForbidden)) throw error
    throw new CommandError(
      `you may not list namespaces (403); ${command} one: regcred ${command} --namespace NAME, or see the role that is needed: regcred ${command} --rbac`,
    )
  }
  return found
}

/** What is read of a Namespace: there may be ten thousand, with annotations of a megabyte. */
function slim(object: unknown): unknown {
  const metadata = get(object, 'metadata')
  const annotations = Object.entries(strings(get(metadata, 'annotations'))).filter(([key]) => key.startsWith(OURS))
  const [name, uid, labels] = ['name', 'uid', 'labels'].map(key => get(metadata, key))
  return { metadata: { name, uid, labels, annotations: Object.fromEntries(annotations) } }
}

const OURS = 'regcred.dev/'

/**
 * The namespace of the cluster. Who may read it often may not read the Namespace itself; then nothing is known of its labels.
 *
 * @throws {CommandError} if it does not exist; {AskError}
 */
export async function findOwnNamespace(cluster: ScannedCluster): Promise<FoundNamespace> {
  const found = await lookForNamespace(cluster)
  if (found !== undefined) return found
  throw new CommandError(`namespace "${cluster.namespace}" does not exist; see: kubectl get namespaces`)
}

/** The same; undefined if it does not exist. @throws {AskError} */
export async function lookForNamespace(cluster: ScannedCluster): Promise<FoundNamespace | undefined> {
  const { namespace: name } = cluster
  try {
    for await (const object of cluster.listNamespaces(name)) return { name, object }
  } catch (error) {
    if (error instanceof AskError && error.isForbidden) return { name, object: undefined }
    throw error
  }
  return undefined
}
