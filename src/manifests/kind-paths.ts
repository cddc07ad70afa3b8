import { groupOf } from '../review/manifest.ts'
import type { Fault, Manifest, Origin } from './found.ts'

/** Of each kind of which configuration says where something is in it, its first object, and whether it is there in any. */
export class KindPaths {
  readonly #kinds = new Map<string, { readonly first: Origin; readonly kind: string; isFound: boolean }>()
  readonly #key: string
  readonly #what: string

  /**
   * @param key of the configuration, e.g. `templates`
   * @param what is to be found, e.g. `a Pod template`
   */
  constructor(key: string, what: string) {
    this.#key = key
    this.#what = what
  }

  note({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>, first: Origin, isFound: boolean): void {
    const key = `${groupOf(apiVersion)} ${kind}`
    const known = this.#kinds.get(key)
    if (known === undefined) this.#kinds.set(key, { first, kind, isFound })
    else known.isFound ||= isFound
  }

  /** A fault for each kind of which no object has it where configuration says. */
  get faults(): readonly Fault[] {
    return [...this.#kinds.values()].flatMap(({ first, kind, isFound }) => {
      const message = `no path under ${this.#key} in the configuration leads to ${this.#what} in any ${kind}; correct it`
      return isFound ? [] : [{ ...first, message }]
    })
  }
}
