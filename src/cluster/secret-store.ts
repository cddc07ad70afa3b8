import { LRUCache } from 'lru-cache'
import { CredentialIndex } from '../kubelet/credential-index.ts'
import type { ImageName } from '../kubelet/image-name.ts'
import type { Credential } from '../kubelet/keyring.ts'
import type { LargeSecret, PullSecret, SecretReading } from '../kubelet/secret.ts'
import { type Known, UNKNOWN } from '../policy/known.ts'
import { type StepCounter, UNCOUNTED } from '../runtime/budget.ts'
import { type Clock, systemClock } from '../runtime/clock.ts'
import type { Holding } from './held/held-objects.ts'
import { type ChangeListener, ObjectStore } from './object-store.ts'
import { RecentLosses } from './recent-losses.ts'

/** Namespaces with an index; making one takes a time that grows with the Secrets of its namespace alone. */
const MAX_INDEXES = 1000
/** Memory of all indexes, about. */
const MAX_INDEX_BYTES = 32 * 1024 * 1024
/** Memory of one that is kept; a larger one is made for each review that asks, as far as its budget goes. */
const MAX_NAMESPACE_INDEX_BYTES = 8 * 1024 * 1024

/** A large one is unknown here, so that it is read live where it matters. */
export type StoredSecret = SecretReading | LargeSecret

/**
 * The store of pull secrets, which two reflectors fill, one for each type.
 *
 * Deleted and made again with the other type, a Secret is removed by one and put by the other, in any order. So each has a
 * store of its own, and a name that is in both is unknown until one of them has caught up.
 */
export class SecretStore {
  readonly dockerConfigJson: ObjectStore<StoredSecret>
  readonly dockerCfg: ObjectStore<StoredSecret>
  readonly #indexes = new LRUCache<string, CredentialIndex>({
    max: MAX_INDEXES,
    maxSize: MAX_INDEX_BYTES,
    maxEntrySize: MAX_NAMESPACE_INDEX_BYTES,
    sizeCalculation: index => index.bytes,
  })
  readonly #losses: RecentLosses

  constructor(listener: ChangeListener, holding: Holding<StoredSecret>, clock: Clock = systemClock) {
    this.#losses = new RecentLosses(clock)
    const both: ChangeListener = {
      changed: (namespace, name) => {
        this.#update(namespace, name)
        listener.changed(namespace, name)
      },
      lost: namespace => this.#losses.note(namespace),
      replaced: () => {
        this.#indexes.clear()
        listener.replaced()
      },
    }
    this.dockerConfigJson = new ObjectStore(both, holding)
    this.dockerCfg = new ObjectStore(both, holding)
  }

  get(namespace: string, name: string): Known<SecretReading> {
    const json = this.dockerConfigJson.get(namespace, name)
    const cfg = this.dockerCfg.get(namespace, name)
    if (json.state === 'value' && cfg.state === 'value') return UNKNOWN
    const only = json.state === 'value' || cfg.state === 'absent' ? json : cfg
    if (only.state !== 'value') return only
    const { value } = only
    return value.kind === 'large' ? UNKNOWN : { state: 'value', value }
  }

  /** Whether a pull secret of this namespace was deleted or changed a moment ago. */
  hasLost(namespace: string): boolean {
    return this.#losses.has(namespace)
  }

  /** One that has just been made again with the other type may come twice. */
  *names(namespace: string): Iterable<string> {
    yield* this.dockerConfigJson.names(namespace)
    yield* this.dockerCfg.names(namespace)
  }

  /** @param steps counts the lookup, and the making of the namespace's index where there is none yet */
  find(namespace: string, image: ImageName, steps: StepCounter = UNCOUNTED): readonly Credential<PullSecret>[] {
    if (this.#isEmpty(namespace)) return []
    const index = this.#indexes.get(namespace) ?? this.#makeIndex(namespace, steps)
    return index?.find(image, steps) ?? []
  }

  #isEmpty(namespace: string): boolean {
    return !this.dockerConfigJson.has(namespace) && !this.dockerCfg.has(namespace)
  }

  /** What is parsed of a namespace for which the steps do not suffice stays parsed: the next review gets further. */
  #makeIndex(namespace: string, steps: StepCounter): CredentialIndex | undefined {
    const index = new CredentialIndex()
    for (const name of this.names(namespace)) {
      const known = this.get(namespace, name)
      if (known.state !== 'value' || known.value.kind !== 'pullSecret') continue
      if (!steps.spend(CredentialIndex.stepsToAdd(known.value))) return undefined
      index.add(known.value)
    }
    this.#indexes.set(namespace, index)
    return index
  }

  #update(namespace: string, name: string): void {
    const index = this.#indexes.peek(namespace)
    if (index === undefined) return
    index.remove({ name })
    this.#addTo(index, namespace, name)
    // Its size is asked for when it is put in.
    this.#indexes.delete(namespace)
    if (!this.#isEmpty(namespace)) this.#indexes.set(namespace, index)
  }

  #addTo(index: CredentialIndex, namespace: string, name: string): void {
    const known = this.get(namespace, name)
    if (known.state === 'value' && known.value.kind === 'pullSecret') index.add(known.value)
  }
}
