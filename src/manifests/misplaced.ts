import { get, getItems } from '../kube/untyped.ts'
import { nearestName } from '../runtime/nearest-name.ts'
import type { Manifest } from './found.ts'

/** A field that Kubernetes does not know where it stands, or not in this shape: it ignores it, or refuses the object. */
export interface Misplaced {
  readonly path: readonly (string | number)[]
  readonly message: string
}

const FIELD = 'imagePullSecrets'
/** Fields of an object that are told of: nobody reads more. */
const MAX_TOLD = 10

/**
 * Finds imagePullSecrets in the wrong place, under a name that is nearly it, or in another shape than it has.
 *
 * | where                                   | what                                   |
 * | --------------------------------------- | -------------------------------------- |
 * | in a container                          | belongs in the Pod spec                |
 * | beside a Pod template, or beside a spec | belongs in the Pod spec                |
 * | in a Pod spec or a ServiceAccount       | a name that is nearly it               |
 * | in a ServiceAccount                     | no list, or a list of strings          |
 *
 * What a Pod spec has in another shape its schema says.
 *
 * @param specPath the path of the Pod spec; undefined for an object without one
 * @param isBuiltIn what a custom kind has beside its template is its own
 */
export function findMisplaced(
  { apiVersion, kind, object }: Pick<Manifest, 'apiVersion' | 'kind' | 'object'>,
  specPath: readonly string[] | undefined,
  isBuiltIn: boolean,
): readonly Misplaced[] {
  const found =
    specPath !== undefined
      ? [...inPodSpec(object, specPath), ...(isBuiltIn ? aroundPodSpec(object, specPath) : [])]
      : apiVersion === 'v1' && kind === 'ServiceAccount'
        ? inServiceAccount(object)
        : []
  return found.slice(0, MAX_TOLD)
}

function inPodSpec(object: unknown, at: readonly string[]): Misplaced[] {
  const spec = get(object, ...at)
  const inContainers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap(list =>
    getItems(spec, list).flatMap((container, i) =>
      keysLike(container, true).map(key => misplaced([...at, list, i, key], at)),
    ),
  )
  return [...keysLike(spec, false).map(key => misspelt([...at, key])), ...inContainers]
}

/** The template, the metadata, and the spec of what has a template. */
function aroundPodSpec(object: unknown, at: readonly string[]): Misplaced[] {
  const around = at.map((_, i) => at.slice(0, i))
  return [...around, ['metadata']].flatMap(path =>
    keysLike(get(object, ...path), true).map(key => misplaced([...path, key], at)),
  )
}

function inServiceAccount(object: unknown): Misplaced[] {
  const list = get(object, FIELD)
  const near = keysLike(object, false).map(key => misspelt([key]))
  if (list === undefined || list === null) return near
  if (!Array.isArray(list)) return [...near, { path: [FIELD], message: `${FIELD} must be a list; ${SHAPE}` }]
  return [
    ...near,
    ...list.flatMap((item, i) => {
      const isMapping = typeof item === 'object' && item !== null && !Array.isArray(item)
      return isMapping ? [] : [{ path: [FIELD, i], message: `${FIELD}[${i}] must be a mapping; ${SHAPE}` }]
    }),
  ]
}

/** How the list is written. */
export const SHAPE = 'write each as "- name: NAME"'

/** The keys of an object that are nearly our field's name, or that it is where it does not belong. */
function keysLike(value: unknown, orExact: boolean): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.keys(value).filter(key => (key === FIELD ? orExact : isLike(key)))
}

function isLike(key: string): boolean {
  return (
    key.toLowerCase() === FIELD.toLowerCase() || nearestName(key, [FIELD], { limit: 2, ignoreCase: true }) !== undefined
  )
}

function misplaced(path: readonly (string | number)[], spec: readonly string[]): Misplaced {
  return {
    path,
    message: `${write(path)} is no field there, so Kubernetes ignores or refuses it; write it as ${write([...spec, FIELD])}`,
  }
}

function misspelt(path: readonly (string | number)[]): Misplaced {
  return { path, message: `${write(path)} is no field of Kubernetes; did you mean ${FIELD}?` }
}

function write(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}${text === '' ? '' : '.'}${key}`),
    '',
  )
}
