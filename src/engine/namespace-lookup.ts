import type { View } from '../cluster/view.ts'
import { CredentialIndex } from '../kubelet/credential-index.ts'
import type { Credential } from '../kubelet/keyring.ts'
import type { PullSecret, SecretReading } from '../kubelet/secret.ts'
import type { NamespaceLookup, NearName } from '../policy/facts.ts'
import type { ImageUse } from '../policy/image-use.ts'
import { isUnread, type Known, type Namespace, type SecretState, type ServiceAccount } from '../policy/known.ts'
import type { WrittenName } from '../policy/reference.ts'
import type { Budget } from '../runtime/budget.ts'
import { nearestOf } from '../runtime/nearest-name.ts'

/** What has been read live so far; it goes before what the view says. */
export interface Confirmed {
  secrets: Map<string, SecretState>
  namespaceState: Known<Namespace> | undefined
  serviceAccount: Known<ServiceAccount> | undefined
  /** All pull secrets of the namespace by name, once they have been read. */
  pullSecrets: Known<ReadonlyMap<string, SecretReading>> | undefined
}

/** Where everything is as the view says. */
export const NOTHING_CONFIRMED: Readonly<Confirmed> = {
  secrets: new Map(),
  namespaceState: undefined,
  serviceAccount: undefined,
  pullSecrets: undefined,
}

/** Missing names for which a similar one is looked for: each is compared with all names of the namespace. */
const MAX_SUGGESTED_NAMES = 16
/** Letters that differ, beyond which nobody means the same name. */
const MAX_NAME_DISTANCE = 6

/**
 * Answers about one namespace from the view and from what has been confirmed. Reads nothing.
 *
 * What it is not asked for is not made. A Secret is looked up once, so that all that is said of it is of the same moment.
 */
export class ViewLookup implements NamespaceLookup {
  readonly #namespace: string
  readonly #view: View
  readonly #confirmed: Readonly<Confirmed>
  readonly #budget: Budget
  readonly #writeNames: () => readonly WrittenName[]
  /** The pull secrets of the namespace, if they have been read. */
  readonly #inNamespace: ReadonlyMap<string, SecretReading> | undefined
  readonly #secrets = new Map<string, SecretState>()
  readonly #matches = new Map<string, readonly Credential<PullSecret>[]>()
  readonly #near: Map<string, NearName | undefined>
  #compared = 0
  #names: readonly string[] | undefined
  #read: CredentialIndex | undefined
  #written: readonly WrittenName[] | undefined

  /**
   * @param writeNames makes the written-down names, at most once
   * @param nearNames remembers near names
   */
  constructor(
    namespace: string,
    view: View,
    confirmed: Readonly<Confirmed>,
    budget: Budget,
    writeNames: () => readonly WrittenName[],
    nearNames: Map<string, NearName | undefined> = new Map(),
  ) {
    this.#namespace = namespace
    this.#budget = budget
    this.#view = view
    this.#confirmed = confirmed
    this.#writeNames = writeNames
    this.#near = nearNames
    const { pullSecrets } = confirmed
    this.#inNamespace = pullSecrets?.state === 'value' ? pullSecrets.value : undefined
  }

  secret(name: string): SecretState {
    let state = this.#secrets.get(name)
    if (state === undefined) {
      state = this.#lookUp(name)
      this.#secrets.set(name, state)
    }
    return state
  }

  /**
   * The names for which {@link secret} was asked, and nothing is known.
   *
   * @param reads whether contents are read at all: then what a Secret is not filled with yet is not known either
   */
  unknownSecrets(reads: boolean): string[] {
    const names: string[] = []
    for (const [name, state] of this.#secrets)
      if (state.state === 'unknown' || (reads && isUnread(state))) names.push(name)
    return names
  }

  matches({ image, name }: ImageUse): readonly Credential<PullSecret>[] {
    if (name === undefined) return []
    const known = this.#matches.get(image)
    if (known !== undefined) return known
    this.#read ??= indexOf(this.#confirmed.secrets, this.#inNamespace, this.#budget)
    const cached = this.#inNamespace === undefined ? this.#view.credentials(this.#namespace, name, this.#budget) : []
    const { secrets } = this.#confirmed
    const read = this.#read.find(name, this.#budget)
    if (!this.#budget.spend(2 * (cached.length + read.length))) return []
    const found = [...cached.filter(({ secret }) => !secrets.has(secret.name)), ...read]
    this.#matches.set(image, found)
    return found
  }

  nearName(missing: string): NearName | undefined {
    const key = `${this.#namespace}/${missing}`
    if (this.#near.has(key)) return this.#near.get(key)
    if (this.#compared >= MAX_SUGGESTED_NAMES) return undefined
    this.#compared += 1
    const names = this.#listNames()
    if (names === undefined) return undefined
    // A letter or two, or a quarter of a long name.
    const limit = Math.min(Math.max(2, Math.floor(missing.length / 4)), MAX_NAME_DISTANCE)
    const candidates = names.filter(name => Math.abs(name.length - missing.length) <= limit)
    const steps = names.length / 4 + candidates.length * (1 + missing.length ** 2 / 60)
    if (!this.#budget.explanations.spend(steps)) return undefined
    const nearest = nearestOf(missing, candidates, { limit }) ?? generatedNear(missing, names)
    const near = nearest !== undefined && mayBePullSecret(this.#lookUp(nearest.name)) ? nearest : undefined
    this.#near.set(key, near)
    return near
  }

  /** The names of all pull secrets there, once for all that are missing; undefined where that is too much. */
  #listNames(): readonly string[] | undefined {
    if (this.#names === undefined) {
      const names = [...this.#view.secretNames(this.#namespace), ...(this.#inNamespace?.keys() ?? [])]
      if (!this.#budget.explanations.spend(names.length)) return undefined
      this.#names = names
    }
    return this.#names
  }

  isSettled(): boolean {
    return this.#view.isSettled(this.#namespace)
  }

  writtenNames(): readonly WrittenName[] {
    this.#written ??= this.#writeNames()
    return this.#written
  }

  #lookUp(name: string): SecretState {
    const confirmed = this.#confirmed.secrets.get(name)
    if (confirmed !== undefined) return confirmed
    const value = this.#inNamespace?.get(name)
    return value === undefined ? this.#view.secret(this.#namespace, name) : { state: 'value', value }
  }
}

/**
 * Whether kustomize made a name of another: it puts a prefix before it, and a suffix and a hash of ten characters behind it.
 *
 * @see sigs.k8s.io/kustomize/api/hasher, encode
 */
function isGeneratedFrom(name: string, generated: string): boolean {
  const base = /^(.+)-[2456789bcdfghkmt]{10}$/.exec(generated)?.[1]
  return base !== undefined && name !== '' && base.endsWith(name)
}

function generatedNear(missing: string, names: readonly string[]): NearName | undefined {
  const name = names.find(generated => isGeneratedFrom(missing, generated))
  return name === undefined ? undefined : { name, isOnly: false }
}

/** Whether the kubelet could use a Secret, as far as is known: no other is worth being suggested. */
function mayBePullSecret(secret: SecretState): boolean {
  return secret.state === 'value' && (secret.value.kind === 'pullSecret' || secret.value.kind === 'unread')
}

/** An index of what has been read live: what was read of one Secret goes before what was read of all of them. */
function indexOf(
  each: Confirmed['secrets'],
  all: ReadonlyMap<string, SecretReading> | undefined,
  budget: Budget,
): CredentialIndex {
  const index = new CredentialIndex()
  const readings = [...(all ?? [])].flatMap(([name, reading]) => (each.has(name) ? [] : [reading]))
  for (const state of each.values()) if (state.state === 'value') readings.push(state.value)
  for (const reading of readings) {
    if (reading.kind !== 'pullSecret') continue
    if (!budget.spend(CredentialIndex.stepsToAdd(reading))) break
    index.add(reading)
  }
  return index
}
