import { get, getString } from '../kube/untyped.ts'
import type { PodSubject } from '../review/review.ts'
import type { Manifest } from './found.ts'

/** Whether an object is in a cluster already: only an API server gives it a uid. */
export function isLive(object: unknown): boolean {
  return getString(object, 'metadata', 'uid') !== undefined
}

/** Controllers above one another: a Deployment, a ReplicaSet, a Pod, and what an operator puts on top. */
const MAX_DEPTH = 10

/**
 * Who owns what among the objects of an input, so that what a controller made a hundred times is told once.
 *
 * | the owner of a Pod                       | the Pod is told of                              |
 * | ---------------------------------------- | ----------------------------------------------- |
 * | none                                     | yes                                             |
 * | is in the input, and so is its template  | no: the template says it                        |
 * | is in the input as another object's own  | if that one is not in the input                 |
 * | is not in the input, or has no template  | the first of its Pods with the same names in it |
 */
export class Owners {
  /** By object, its owner. */
  readonly #ownerOf = new Map<string, string>()
  readonly #withTemplate = new Set<string>()
  readonly #told = new Set<string>()

  note({ kind, object }: Manifest, key: string, isTemplate: boolean): void {
    if (isTemplate) this.#withTemplate.add(key)
    const namespace = key.slice(kind.length + 1, key.lastIndexOf('/'))
    const references = get(object, 'metadata', 'ownerReferences')
    const controller = Array.isArray(references) ? references.find(one => get(one, 'controller') === true) : undefined
    const owner = getString(controller, 'kind')
    if (owner !== undefined) this.#ownerOf.set(key, `${owner} ${namespace}/${getString(controller, 'name')}`)
  }

  /** Whether nothing else says what there is to say of a Pod. */
  isToldOnce(key: string, { images, references }: PodSubject): boolean {
    const owner = this.#ownerOf.get(key)
    if (owner === undefined) return true
    let above: string | undefined = owner
    for (let depth = 0; above !== undefined && depth < MAX_DEPTH; depth++) {
      if (this.#withTemplate.has(above)) return false
      above = this.#ownerOf.get(above)
    }
    const alike = JSON.stringify([owner, images, references])
    if (this.#told.has(alike)) return false
    this.#told.add(alike)
    return true
  }
}
