import type { Pager } from '../kube/pager.ts'
import { listVersions, NO_VERSION, newest, type VersionedList } from '../kube/versioned-list.ts'
import type { SecretReading } from '../kubelet/secret.ts'
import { ABSENT, type Known, UNKNOWN } from '../policy/known.ts'
import { DOCKER_CFG, DOCKER_CONFIG_JSON, type SecretForm } from './resources.ts'

/** Reads pull secrets by lists by type, so that the contents of no other Secret are ever received. */
export class SecretLists {
  readonly #pager: Pager
  readonly #form: SecretForm

  constructor(pager: Pager, form: SecretForm) {
    this.#pager = pager
    this.#form = form
  }

  /**
   * | a pull secret of this name | metadata of this name | the Secret is |
   * | --- | --- | --- |
   * | in one of the two lists by type | not asked for | that |
   * | in both: made again meanwhile | not asked for | the newer |
   * | in none | none | absent |
   * | in none | as old as both lists or older, so that they would have had it | of another type |
   * | in none | newer than one of them | unknown |
   */
  async find(namespace: string, name: string, signal: AbortSignal): Promise<Known<SecretReading>> {
    const byName = `metadata.name=${name}`
    const lists = await this.#listBothTypes(namespace, `,${byName}`, signal)
    const found = newest(lists.flatMap(({ items }) => items))
    if (found === 'disagreed') return UNKNOWN
    if (found !== undefined) return { state: 'value', value: found.value }
    const options = { signal, metadataOnly: true }
    const all = await listVersions(this.#pager, pathOf(namespace), byName, toNothing, options)
    const [other] = all.items
    if (other === undefined) return ABSENT
    const wasListed = other.version !== NO_VERSION && lists.every(({ version }) => other.version <= version)
    return wasListed ? { state: 'value', value: { kind: 'wrongType', name } } : UNKNOWN
  }

  /** All pull secrets of a namespace. */
  async list(namespace: string, signal: AbortSignal): Promise<Known<readonly SecretReading[]>> {
    const lists = await this.#listBothTypes(namespace, '', signal)
    const byName = Map.groupBy(
      lists.flatMap(({ items }) => items),
      ({ name }) => name,
    )
    const value: SecretReading[] = []
    for (const found of byName.values()) {
      const last = newest(found)
      if (last === undefined || last === 'disagreed') return UNKNOWN
      value.push(last.value)
    }
    return { state: 'value', value }
  }

  async #listBothTypes(
    namespace: string,
    selector: string,
    signal: AbortSignal,
  ): Promise<VersionedList<SecretReading>[]> {
    const { strip, metadataOnly } = this.#form
    const list = (type: string) =>
      listVersions(this.#pager, pathOf(namespace), `${type}${selector}`, strip, { signal, metadataOnly })
    return await Promise.all([DOCKER_CONFIG_JSON, DOCKER_CFG].map(list))
  }
}

function pathOf(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/secrets`
}

function toNothing(): undefined {
  return undefined
}
