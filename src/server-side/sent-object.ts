import { get, getItems, getString, getText } from '../kube/untyped.ts'
import type { Manifest } from '../manifests/found.ts'

/** Characters of a name that is made up: no kind wants a shorter one. */
const MAX_MADE_NAME_LENGTH = 40

/** What is sent of an object, and what it is called there. */
export interface SentObject {
  readonly namespace: string
  readonly object: object
  /** E.g. `Pod web`. */
  readonly title: string
}

/**
 * An object as it is sent to be created on a dry run: as it is written, without what only a cluster writes, and without owners, so that it
 * is judged as a person's.
 *
 * @param namespace of an object that names none
 * @param suffix for the end of its name, where there is an object of its own name; or where it is to be made up
 */
export function toSend({ apiVersion, kind, object }: Manifest, namespace: string, suffix?: string): SentObject {
  const metadata = get(object, 'metadata')
  const own = getString(metadata, 'name')
  const name =
    own !== undefined && suffix === undefined ? own : makeName(own ?? getText(metadata, 'generateName'), suffix)
  const home = getText(metadata, 'namespace') || namespace
  const [labels, annotations] = [get(metadata, 'labels'), get(metadata, 'annotations')]
  const { status: _, ...rest } = object
  return {
    namespace: home,
    object: { ...rest, apiVersion, kind, metadata: { name, namespace: home, labels, annotations } },
    title: `${kind} ${name}`,
  }
}

/** No image has such a name, which follows from the object alone. */
const INVALID_IMAGE = 'Registry.invalid/NO'

/**
 * The same object, with an image that regcred says something about wherever it says anything; undefined without a container.
 *
 * @param specPath where its Pod spec is
 */
export function toProbe(
  found: Manifest,
  specPath: readonly string[],
  namespace: string,
  suffix: string,
): SentObject | undefined {
  const object = structuredClone(found.object)
  const [container] = getItems(object, ...specPath, 'containers')
  if (typeof container !== 'object' || container === null) return undefined
  Object.assign(container, { image: INVALID_IMAGE })
  return toSend({ ...found, object }, namespace, suffix)
}

function makeName(base: string, suffix = ''): string {
  const beginning = base.slice(0, MAX_MADE_NAME_LENGTH).replace(/[^a-z0-9]+$/, '')
  return [beginning, suffix].filter(part => part !== '').join('-')
}

/** Whether something controls an object, which is judged in its place. */
export function isControlled(object: unknown): boolean {
  return getItems(object, 'metadata', 'ownerReferences').some(one => get(one, 'controller') === true)
}
