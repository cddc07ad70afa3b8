import { getItems, getString } from '../kube/untyped.ts'
import { readHome } from '../review/home.ts'
import { groupOf } from '../review/manifest.ts'
import { metadataOf } from '../review/schema.ts'
import { findAt, templatesOf } from '../review/workload.ts'

/** Who names a pull secret, e.g. `Deployment web`: some of them, and how many there are. */
export interface UsedBy {
  readonly named: readonly string[]
  readonly count: number
}

/** Names that are kept: nobody reads more. */
const MAX_NAMED = 10

/** Finds out who names each of some Secrets, from the objects of their namespace one after another. */
export class UsersOfSecrets {
  /** By the name of a Secret. */
  readonly #users: ReadonlyMap<string, Set<string>>

  constructor(secrets: Iterable<string>) {
    this.#users = new Map([...secrets].map(secret => [secret, new Set<string>()]))
  }

  /**
   * Takes a ServiceAccount, a Pod, or an object with a Pod template into account. What a controller made counts as that one: of a
   * hundred Pods of a Deployment only that is told.
   */
  note(apiVersion: string, kind: string, object: unknown): void {
    const names = new Set(listsOf(apiVersion, kind, object).map(item => getString(item, 'name') ?? ''))
    if (names.size === 0) return
    const user = describe(apiVersion, kind, object)
    for (const name of names) this.#users.get(name)?.add(user)
  }

  of(secret: string): UsedBy {
    const users = [...(this.#users.get(secret) ?? [])]
    return { named: users.slice(0, MAX_NAMED), count: users.length }
  }
}

/** The items of its lists of pull secrets. */
function listsOf(apiVersion: string, kind: string, object: unknown): readonly unknown[] {
  if (kind === 'ServiceAccount') return getItems(object, 'imagePullSecrets')
  if (kind === 'Pod') return getItems(object, 'spec', 'imagePullSecrets')
  return templatesOf(groupOf(apiVersion), kind).flatMap(({ path }) => {
    const result = findAt(object, path)
    return 'found' in result ? result.found.flatMap(({ value }) => getItems(value, 'spec', 'imagePullSecrets')) : []
  })
}

function describe(apiVersion: string, kind: string, object: unknown): string {
  const metadata = metadataOf(object)
  const { owner } = readHome(metadata, { group: groupOf(apiVersion), kind }, '', 'stored')
  return owner === undefined ? `${kind} ${metadata.name ?? ''}` : `${owner.kind} ${owner.name}`
}
