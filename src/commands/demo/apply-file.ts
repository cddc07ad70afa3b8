import { get, getItems, getText } from '../../kube/untyped.ts'
import type { Manifest } from '../../manifests/found.ts'
import { readManifests } from '../../manifests/read.ts'
import type { Settings } from '../../policy/settings.ts'
import { groupOf } from '../../review/manifest.ts'
import { templatesOf } from '../../review/workload.ts'
import { CommandError } from '../../runtime/command-error.ts'
import type { Streams } from '../streams.ts'
import type { SentObject } from './apply-object.ts'

/** An object of a file, and the webhook that is asked about it last; undefined where regcred is asked about no such object. */
export interface ObjectToSend {
  readonly object: SentObject
  /** As kubectl names it, e.g. `deployment.apps/web`. */
  readonly title: string
  readonly webhook: string | undefined
}

/** @throws {CommandError} where the file is none of manifests */
export async function readToApply(file: string, stdin?: Streams['stdin']): Promise<readonly Manifest[]> {
  const read = await readManifests([file], stdin)
  if (!read.ok) throw new CommandError(read.faults)
  if (read.manifests.length > 0) return read.manifests
  throw new CommandError(`there is no Kubernetes object in ${file === '-' ? 'standard input' : file}`)
}

/**
 * What would be sent of a file, in its order.
 *
 * | the object                            | the webhook of the chart that is asked last |
 * | ------------------------------------- | ------------------------------------------- |
 * | a Pod                                 | validate                                    |
 * | a kind with a Pod template            | templates                                   |
 * | a Secret, a Namespace                 | secrets, namespaces                         |
 * | any other                             | none                                        |
 */
export function objectsToSend(
  manifests: readonly Manifest[],
  templates: Settings['templates'],
): readonly ObjectToSend[] {
  return manifests.map(manifest => {
    const { apiVersion, kind } = manifest
    const group = groupOf(apiVersion)
    const object = withAccount(asSent(manifest), manifests)
    const type = group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`
    const hasTemplate = templatesOf(group, kind, templates).length > 0
    const webhook = group === '' ? OF_CORE.get(kind) : undefined
    return {
      object,
      title: `${type}/${object.metadata.name}`,
      webhook: webhook ?? (hasTemplate ? 'templates' : undefined),
    }
  })
}

const OF_CORE: ReadonlyMap<string, string> = new Map([
  ['Pod', 'validate'],
  ['Secret', 'secrets'],
  ['Namespace', 'namespaces'],
])

function asSent({ apiVersion, kind, object }: Manifest): SentObject {
  const metadata = { ...Object(get(object, 'metadata')), name: getText(object, 'metadata', 'name') }
  return { ...object, apiVersion, kind, metadata }
}

/** The API server gives a Pod without a list that of its ServiceAccount, before any webhook is asked. */
function withAccount(object: SentObject, manifests: readonly Manifest[]): SentObject {
  if (object.kind !== 'Pod' || getItems(object, 'spec', 'imagePullSecrets').length > 0) return object
  const spec = get(object, 'spec')
  const name = getText(spec, 'serviceAccountName') || 'default'
  const namespace = object.metadata.namespace ?? 'default'
  const account = manifests.find(
    ({ kind, object: other }) =>
      kind === 'ServiceAccount' &&
      getText(other, 'metadata', 'name') === name &&
      (getText(other, 'metadata', 'namespace') || 'default') === namespace,
  )
  const listed = getItems(account?.object, 'imagePullSecrets')
  if (listed.length === 0) return object
  const given: object = { ...Object(spec), imagePullSecrets: listed }
  return { ...object, ...{ spec: given } }
}
