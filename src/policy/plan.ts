import type { SecretReading } from '../registry/secret.ts'
import { hasExpired, keyringOf } from './coverage.ts'
import { type ImageUse, isUnread, type PodFacts, type WrittenName, type WrittenSource } from './facts.ts'
import { matchImage } from './match.ts'

/** The most references that a plan brings to one Pod. */
const MOST_PLANNED = 16

type Source = WrittenSource | 'match'

/** A reference that regcred would add. */
interface Planned {
  readonly secret: string
  readonly source: Source
}

export type SkipReason =
  | 'disabled'
  | 'optedOut'
  | 'namespaceDisabled'
  | 'exempt'
  | 'mirrorPod'
  | 'mountableSecretsEnforced'
  | 'alreadyListed'
  | 'nothingToCover'
  | 'notThere'
  | 'notUsable'
  | 'registryNotEligible'
  | 'tooMany'
  | 'unknown'

/** A decision not to add: of one name, or (without a name) of everything. */
export interface Skipped {
  readonly secret: string | null
  readonly source: Source | null
  readonly reason: SkipReason
}

/** The references to append to a Pod, in order, and each decision not to. */
export interface Plan {
  readonly add: readonly Planned[]
  readonly skipped: readonly Skipped[]
}

/** The plan where there is nothing to decide. */
export const NO_PLAN: Plan = { add: [], skipped: [] }

/** The plan where nothing is to be added, for one reason. */
export function noPlan(reason: SkipReason): Plan {
  return { add: [], skipped: [{ secret: null, source: null, reason }] }
}

/**
 * Plans the references that make a Pod pull, in three steps; each looks at what is still uncovered after the one before.
 *
 * Planning again on a Pod that has the plan adds nothing more: what is listed counts towards the limit.
 */
export function makePlan(facts: PodFacts): Plan {
  if (facts.change !== 'create') return NO_PLAN
  const reason = stopsAll(facts)
  if (reason !== undefined) return noPlan(reason)
  const open = facts.images.filter(use => use.pulled && use.name !== undefined && !facts.listed.covers(use))
  return open.length === 0 && facts.written.length === 0 ? NO_PLAN : new Planning(facts, open).plan()
}

/**
 * What stops all injection, cheapest first.
 *
 * | asked                                    | stops with        |
 * | ---------------------------------------- | ----------------- |
 * | a static Pod's mirror                    | mirrorPod         |
 * | the Pod's annotation, where heeded       | optedOut          |
 * | the Namespace is not known               | unknown           |
 * | its label says disabled                  | namespaceDisabled |
 * | configuration says so, its label nothing | disabled          |
 * | the ServiceAccount is not known          | unknown           |
 */
function stopsAll(facts: PodFacts): SkipReason | undefined {
  const { inject } = facts.rulebook.settings
  if (facts.mirror) return 'mirrorPod'
  if (facts.optedOut && inject.optOut) return 'optedOut'
  if (facts.namespaceState.state === 'unknown') return 'unknown'
  const label = facts.namespaceState.state === 'value' ? facts.namespaceState.value.inject : undefined
  if (label === 'disabled') return 'namespaceDisabled'
  if (!inject.enabled && label !== 'enabled') return 'disabled'
  if (facts.serviceAccount.state === 'unknown') return 'unknown'
  return undefined
}

class Planning {
  readonly #facts: PodFacts
  /** What the Pod has and what is added. */
  readonly #listed: Set<string>
  /** The images that still lack a usable, unexpired credential. */
  #open: ReadonlySet<ImageUse>
  readonly #add: Planned[] = []
  /** Each name once for a reason, at its first source: for several images, or after all, match may come upon it again. */
  readonly #skipped = new Map<string, Skipped>()
  /** How many more names the limit leaves room for. */
  #room: number

  /** @param open the images that its references leave without a usable, unexpired credential */
  constructor(facts: PodFacts, open: readonly ImageUse[]) {
    this.#facts = facts
    this.#listed = new Set(facts.references.map(reference => reference.secret))
    this.#open = new Set(open)
    const written = new Set(facts.written.map(name => name.secret))
    const brought = facts.references.filter(({ secret, origin }) => origin === 'configuration' || written.has(secret))
    this.#room = MOST_PLANNED - brought.length
  }

  plan(): Plan {
    const missing = this.#facts.written.filter(name => !this.#takeIfItHelps(name))
    if (this.#facts.rulebook.settings.inject.match) for (const use of this.#open) this.#takeMatch(use)
    for (const name of missing) this.#takeMissing(name)
    return { add: this.#add, skipped: [...this.#skipped.values()] }
  }

  /** Step 1: a written-down name whose Secret covers an image that is still open; false if it is to be seen to later. */
  #takeIfItHelps(name: WrittenName): boolean {
    const state = this.#facts.secret(name.secret)
    if (this.#listed.has(name.secret)) this.#skip(name, 'alreadyListed')
    else if (!this.#mayReference(name.secret)) this.#skip(name, 'mountableSecretsEnforced')
    else if (state.state !== 'value' || isUnread(state)) return false
    else if (!isUsable(state.value, this.#facts.now)) this.#skip(name, 'notUsable')
    else this.#append(name, 'nothingToCover')
    return true
  }

  /** Step 2: the one pull secret of the namespace that fits an image best. */
  #takeMatch(use: ImageUse): void {
    if (!this.#open.has(use)) return
    const { secret, reason } = matchImage(use, this.#facts, name => this.#mayReference(name))
    if (secret === undefined) return
    if (reason !== undefined) this.#skip({ secret, source: 'match' }, reason)
    else this.#append({ secret, source: 'match' }, 'notUsable')
  }

  /**
   * Step 3: a written-down name that may arrive later; a Pod's references can't be mended, while the kubelet retries. One
   * that is there and cannot be looked into is not missing.
   */
  #takeMissing(name: WrittenName): void {
    const state = this.#facts.secret(name.secret)
    const left = [...this.#open].some(use => use.registryClass !== 'public' && use.registryClass !== 'node')
    if (!left) this.#skip(name, 'nothingToCover')
    else if (isUnread(state) || this.#facts.rulebook.settings.inject.whenMissing === 'reference') this.#append(name)
    else this.#skip(name, state.state === 'unknown' ? 'unknown' : 'notThere')
  }

  /** @param otherwise why it is skipped if it covers nothing; what is not there yet is added all the same */
  #append(planned: Planned, otherwise?: SkipReason): void {
    const { secret, source } = planned
    const open = this.#openWith(secret)
    if (otherwise !== undefined && open.size === this.#open.size) this.#skip(planned, otherwise)
    else if (this.#room <= 0) this.#skip(planned, 'tooMany')
    else {
      this.#room -= 1
      this.#add.push({ secret, source })
      this.#listed.add(secret)
      this.#open = open
    }
  }

  /** What is still open with one more name: what a Secret does not cover by itself it does not cover among others. */
  #openWith(secret: string): ReadonlySet<ImageUse> {
    const alone = keyringOf([secret], this.#facts)
    if (![...this.#open].some(use => alone.covers(use))) return this.#open
    const keyring = keyringOf([...this.#listed, secret], this.#facts)
    return new Set([...this.#open].filter(use => !keyring.covers(use)))
  }

  #skip({ secret, source }: Planned, reason: SkipReason): void {
    const key = `${reason} ${secret}`
    if (!this.#skipped.has(key)) this.#skipped.set(key, { secret, source, reason })
  }

  /** The API server refuses a reference that a ServiceAccount with enforced mountable secrets does not list. */
  #mayReference(secret: string): boolean {
    const account = this.#facts.serviceAccount
    return account.state !== 'value' || !account.value.enforcesMountable || account.value.references.includes(secret)
  }
}

/** Whether the kubelet could use any entry of this Secret today. */
function isUsable(reading: SecretReading, now: number): boolean {
  return reading.kind === 'pullSecret' && reading.entries.some(entry => entry.usable && !hasExpired(entry, now))
}
