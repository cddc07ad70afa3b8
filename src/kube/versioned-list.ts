import type { ListOptions, Pager } from './pager.ts'
import { getString } from './untyped.ts'

/** An object of a list, with the version of it that the list shows. */
export interface Versioned<T> {
  readonly name: string
  readonly version: bigint
  readonly value: T
}

/** A list, and the moment in the history of the cluster that it shows. */
export interface VersionedList<T> {
  readonly items: readonly Versioned<T>[]
  readonly version: bigint
}

/** Where there is no version that can be compared. */
export const NO_VERSION = -1n

/** Lists all pages; what is not kept of an object is gone before the next page is asked for. */
export async function listVersions<T>(
  pager: Pager,
  path: string,
  fieldSelector: string | undefined,
  strip: (object: unknown, name: string) => T,
  options: ListOptions,
): Promise<VersionedList<T>> {
  const items: Versioned<T>[] = []
  let version = NO_VERSION
  for await (const page of pager.list(path, fieldSelector === undefined ? {} : { fieldSelector }, options)) {
    version = parseVersion(page.resourceVersion)
    for (const object of page.items) {
      const name = getString(object, 'metadata', 'name') ?? ''
      const objectVersion = parseVersion(getString(object, 'metadata', 'resourceVersion'))
      if (name !== '') items.push({ name, version: objectVersion, value: strip(object, name) })
    }
  }
  return { items, version }
}

/**
 * Of objects of one name the one that was written last; `disagreed` where that cannot be said.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions (they are numbers that grow)
 */
export function newest<T>(versions: readonly Versioned<T>[]): Versioned<T> | 'disagreed' | undefined {
  const [first, ...others] = versions
  if (first === undefined) return undefined
  let last = first
  for (const next of others) {
    if (next.version === last.version) return 'disagreed'
    if (next.version > last.version) last = next
  }
  return last
}

/** Of an object or a list; {@link NO_VERSION} for what is no number. */
export function parseVersion(version: string | undefined): bigint {
  return version !== undefined && /^\d{1,40}$/.test(version) ? BigInt(version) : NO_VERSION
}
