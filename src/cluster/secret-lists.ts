import { LRUCache } from 'lru-cache'
import type { Finder } from '../kube/finder.ts'
import type { Pager } from '../kube/pager.ts'
import { getString } from '../kube/untyped.ts'
import { listVersions, NO_VERSION, newest, type Versioned, type VersionedList } from '../kube/versioned-list.ts'
import { isPullSecretType, type SecretReading } from '../kubelet/secret.ts'
import { ABSENT, type Known, UNKNOWN } from '../policy/known.ts'
import { present } from '../runtime/present.ts'
import { DOCKER_CFG, DOCKER_CONFIG_JSON, type SecretForm } from './resources.ts'
import type { StoredSecret } from './secret-store.ts'
import type { NamespaceSecrets } from './view.ts'

/** How a list is received. */
export interface Receiving {
  readonly signal: AbortSignal
  readonly onBytes: (bytes: number) => void
}

/** Their field selectors. */
const PULL_SECRET_TYPES = [DOCKER_CONFIG_JSON, DOCKER_CFG]

/** Lists of namespaces of which is remembered how many objects make a page. */
const MAX_PAGERS = 3000

/** Reads pull secrets. Contents are read by lists by type alone, so that the contents of no other Secret are ever received. */
export class SecretLists {
  readonly #makePager: () => Pager
  readonly #finder: Finder
  /** By namespace and selector: how large the objects of one namespace are says nothing about another's. */
  readonly #pagers = new LRUCache<string, Pager>({ max: MAX_PAGERS })
  readonly #form: SecretForm

  constructor(makePager: () => Pager, finder: Finder, form: SecretForm) {
    this.#makePager = makePager
    this.#finder = finder
    this.#form = form
  }

  /**
   * First whether there is one, and of which type, which is all that there is to know of most that are asked for: who names a
   * Secret that is there and right is never asked about.
   *
   * | a Secret of this name              | its contents, by type     | the Secret is   |
   * | ---------------------------------- | ------------------------- | --------------- |
   * | there is none                      | are not asked for         | absent          |
   * | of another type                    | are not asked for         | of another type |
   * | a pull secret, or of unknown type  | there are some            | that            |
   * | a pull secret                      | there are none any more   | unknown         |
   * | of unknown type, before both lists | there are none            | of another type |
   * | of unknown type, newer than a list | there are none            | unknown         |
   */
  async find(namespace: string, name: string, receiving: Receiving): Promise<Known<SecretReading>> {
    const other = await this.#finder.find(pathOf(namespace), name, typeOf, { ...receiving, as: this.#typed })
    if (other === undefined) return ABSENT
    const type = other.value
    if (type !== undefined && !isPullSecretType(type))
      return { state: 'value', value: { kind: 'wrongType', name, type } }
    const types = type === undefined ? PULL_SECRET_TYPES : [`type=${type}`]
    const lists = await this.#listByType(types, namespace, `metadata.name=${name}`, receiving)
    const found = newest(lists.flatMap(list => list.items))
    if (found !== undefined) return readingOf(found)
    return type === undefined ? ofOtherType(other, lists) : UNKNOWN
  }

  /** All pull secrets of a namespace. */
  async list(namespace: string, receiving: Receiving): Promise<Known<readonly SecretReading[]>> {
    return allOf(newestByName(await this.#listByType(PULL_SECRET_TYPES, namespace, undefined, receiving)))
  }

  /** All Secrets of a namespace; of each is known what {@link find} would know. */
  async listAll(namespace: string, receiving: Receiving): Promise<Known<NamespaceSecrets>> {
    const [lists, { items }] = await Promise.all([
      this.#listByType(PULL_SECRET_TYPES, namespace, undefined, receiving),
      this.#listTypes(namespace, receiving),
    ])
    return { state: 'value', value: new ListedSecrets(lists, items) }
  }

  async #listByType(
    types: readonly string[],
    namespace: string,
    byName: string | undefined,
    receiving: Receiving,
  ): Promise<VersionedList<StoredSecret>[]> {
    const { stripLive, metadataOnly } = this.#form
    const options = { ...receiving, as: metadataOnly ? ('metadata' as const) : undefined }
    const list = (type: string) => {
      const [pager, selector] =
        byName === undefined ? [this.#pagerOf(namespace, type), type] : [this.#makePager(), `${type},${byName}`]
      return listVersions(pager, pathOf(namespace), selector, stripLive, options)
    }
    return await Promise.all(types.map(list))
  }

  /** All Secrets, of whatever type, without a byte of their contents; no more than name, type and version is kept. */
  async #listTypes(namespace: string, receiving: Receiving): Promise<VersionedList<string | undefined>> {
    const pager = this.#pagerOf(namespace, 'types')
    return await listVersions(pager, pathOf(namespace), undefined, typeOf, { ...receiving, as: this.#typed })
  }

  /** How a Secret is received without its contents. Where nothing but metadata may be known, the type is not asked for. */
  get #typed(): 'metadata' | 'secretTable' {
    return this.#form.metadataOnly ? 'metadata' : 'secretTable'
  }

  #pagerOf(namespace: string, what: string): Pager {
    const key = `${namespace}/${what}`
    const pager = this.#pagers.get(key) ?? this.#makePager()
    this.#pagers.set(key, pager)
    return pager
  }
}

type Found = Versioned<StoredSecret> | 'disagreed'

/** The Secrets of a namespace as they were listed. Each is looked at when it is asked for: of ten thousand a Pod names a few. */
class ListedSecrets implements NamespaceSecrets {
  readonly #lists: readonly VersionedList<StoredSecret>[]
  readonly #pullSecrets: ReadonlyMap<string, Found>
  readonly #others: ReadonlyMap<string, Versioned<string | undefined>>

  /** @param all of whatever type, without contents */
  constructor(lists: readonly VersionedList<StoredSecret>[], all: readonly Versioned<string | undefined>[]) {
    this.#lists = lists
    this.#pullSecrets = newestByName(lists)
    this.#others = new Map(all.map(secret => [secret.name, secret]))
  }

  get(name: string): Known<SecretReading> {
    const found = this.#pullSecrets.get(name)
    if (found !== undefined) return readingOf(found)
    const other = this.#others.get(name)
    return other === undefined ? ABSENT : ofOtherType(other, this.#lists)
  }

  get pullSecrets(): Known<readonly SecretReading[]> {
    return allOf(this.#pullSecrets)
  }
}

/** The pull secrets of both lists by name, each as it was written last. */
function newestByName(lists: readonly VersionedList<StoredSecret>[]): Map<string, Found> {
  const secrets = new Map<string, Found>()
  for (const { items } of lists) {
    for (const item of items) {
      const known = secrets.get(item.name)
      secrets.set(item.name, known === undefined ? item : later(known, item))
    }
  }
  return secrets
}

function later(known: Found, other: Versioned<StoredSecret>): Found {
  return known === 'disagreed' ? known : present(newest([known, other]))
}

/** Those that were read; unknown if it cannot be said of one which version is newer. What is too large helps nobody. */
function allOf(secrets: ReadonlyMap<string, Found>): Known<readonly SecretReading[]> {
  const value: SecretReading[] = []
  for (const found of secrets.values()) {
    if (found === 'disagreed') return UNKNOWN
    if (found.value.kind !== 'large') value.push(found.value)
  }
  return { state: 'value', value }
}

function readingOf(found: Found): Known<SecretReading> {
  return found === 'disagreed' || found.value.kind === 'large' ? UNKNOWN : { state: 'value', value: found.value }
}

/** A Secret that is in neither list by type: of another type if they would have had it. */
function ofOtherType(
  { name, version, value: type }: Versioned<string | undefined>,
  lists: readonly VersionedList<unknown>[],
): Known<SecretReading> {
  const wasListed = version !== NO_VERSION && lists.every(list => version <= list.version)
  return wasListed
    ? { state: 'value', value: { kind: 'wrongType', name, ...(type !== undefined && { type }) } }
    : UNKNOWN
}

function typeOf(row: unknown): string | undefined {
  return getString(row, 'type')
}

function pathOf(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/secrets`
}
