import type { Fault, Manifest, Origin } from './found.ts'

/** Of each kind that configuration says has a Pod template, its first object, and whether any has one. */
export class TemplateKinds {
  readonly #kinds = new Map<string, { readonly first: Origin; readonly kind: string; hasTemplate: boolean }>()

  note({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>, first: Origin, hasTemplate: boolean): void {
    const key = `${apiVersion.split('/', 1)[0]} ${kind}`
    const known = this.#kinds.get(key)
    if (known === undefined) this.#kinds.set(key, { first, kind, hasTemplate })
    else known.hasTemplate ||= hasTemplate
  }

  /** A fault for each kind of which no object has a template where configuration says. */
  get faults(): readonly Fault[] {
    return [...this.#kinds.values()].flatMap(({ first, kind, hasTemplate }) => {
      const message = `no path under templates in the configuration leads to a Pod template in any ${kind}; correct it`
      return hasTemplate ? [] : [{ ...first, message }]
    })
  }
}
