import type { SecretReading } from '../kubelet/secret.ts'
import { hasExpired, keyringOf } from './coverage.ts'
import type { PodCase } from './facts.ts'
import type { ImageUse } from './image-use.ts'
import { isUnread } from './known.ts'
import { injectionOf } from './labels.ts'
import { matchImage } from './match.ts'
import { NO_PLAN, noPlan, type Plan, type Planned, type Skipped, type SkipReason } from './plan.ts'
import { namesOf, stepsOfNames, type WrittenName } from './reference.ts'

/** References that a plan brings to one Pod. */
const MAX_PLANNED_REFERENCES = 16

/**
 * Plans the references that make a Pod pull, in three steps; each looks at what is still uncovered after the one before.
 *
 * Planning again on a Pod that has the plan adds nothing more: what is listed counts towards the limit.
 */
export function makePlan(pod: PodCase): Plan {
  const { facts, lookup, listed } = pod
  if (facts.traits.change !== 'create') return NO_PLAN
  const { does, decidedBy } = injectionOf(facts.traits, facts.namespaceState, facts.rulebook.settings)
  if (does === 'nothing') return noPlan(STOPS[decidedBy])
  if (facts.serviceAccount.state === 'unknown') return noPlan('unknown')
  const open = facts.images.filter(use => use.pulled && use.name !== undefined && !listed.covers(use))
  if (open.length === 0 && lookup.writtenNames().length === 0) return NO_PLAN
  const plan = new Planning(pod, open).plan()
  return does === 'record' ? { ...plan, add: [], wouldAdd: plan.add } : plan
}

/** Why nothing is injected, by what decided that. */
const STOPS = {
  mirrorPod: 'mirrorPod',
  podAnnotation: 'optedOut',
  unknownNamespace: 'unknown',
  label: 'namespaceDisabled',
  configuration: 'disabled',
  mode: 'modeOff',
} as const

class Planning {
  readonly #pod: PodCase
  /** What the Pod has and what is added. */
  readonly #listed: Set<string>
  /** The images that still lack a usable, unexpired credential. */
  #open: ReadonlySet<ImageUse>
  readonly #add: Planned[] = []
  /** Each name once for a reason, at its first source: for several images, or after all, match may come upon it again. */
  readonly #skipped = new Map<string, Skipped>()
  /** How many more names the limit leaves room for. */
  #room: number
  /** A name has found no room, and no further one is looked for. */
  #isFull = false
  /** The names that may be referenced; undefined where any may. */
  readonly #mountable: ReadonlySet<string> | undefined

  /** @param open the images that its references leave without a usable, unexpired credential */
  constructor(pod: PodCase, open: readonly ImageUse[]) {
    const { facts, lookup } = pod
    this.#pod = pod
    this.#listed = new Set(namesOf(facts.references))
    this.#open = new Set(open)
    const written = new Set(namesOf(lookup.writtenNames()))
    const brought = facts.references.filter(({ secret, origin }) => origin === 'configuration' || written.has(secret))
    this.#room = MAX_PLANNED_REFERENCES - brought.length
    const account = facts.serviceAccount
    if (account.state === 'value' && account.value.enforcesMountable)
      this.#mountable = new Set(account.value.references)
  }

  plan(): Plan {
    const names = this.#pod.lookup.writtenNames()
    if (!this.#pod.budget.spend(stepsOfNames(namesOf(names)))) return NO_PLAN
    const missing = names.filter(name => !this.#takeIfItHelps(name))
    if (this.#pod.facts.rulebook.settings.inject.match) this.#takeMatches()
    for (const name of missing) this.#takeMissing(name)
    if (this.#add.length + this.#skipped.size === 0) return NO_PLAN
    return { add: this.#add, wouldAdd: [], skipped: [...this.#skipped.values()] }
  }

  /** Step 1: a written-down name whose Secret covers an image that is still open; false if it is to be seen to later. */
  #takeIfItHelps(name: WrittenName): boolean {
    const state = this.#pod.lookup.secret(name.secret)
    if (this.#listed.has(name.secret)) this.#skip(name, 'alreadyListed')
    else if (!this.#mayReference(name.secret)) this.#skip(name, 'mountableSecretsEnforced')
    else if (state.state !== 'value' || isUnread(state)) return false
    else if (this.#room <= 0) this.#skip(name, 'tooMany')
    else if (!this.#pod.budget.spend(stepsOf(state.value))) return true
    else if (!isUsable(state.value, this.#pod.facts.now)) this.#skip(name, 'notUsable')
    else this.#append(name, 'nothingToCover')
    return true
  }

  /** Step 2: for each image the one pull secret of the namespace that fits it best. */
  #takeMatches(): void {
    for (const use of [...this.#open]) {
      if (this.#isFull) return
      if (this.#open.has(use)) this.#takeMatch(use)
    }
  }

  #takeMatch(use: ImageUse): void {
    const { secret, reason } = matchImage(use, this.#pod, name => this.#mayReference(name))
    if (secret === undefined) return
    if (reason !== undefined) this.#skip({ secret, source: 'match' }, reason)
    else this.#append({ secret, source: 'match' }, 'notUsable')
  }

  /**
   * Step 3: a written-down name that may arrive later; a Pod's references can't be changed, while the kubelet retries. One
   * that is there and cannot be looked into is not missing.
   */
  #takeMissing(name: WrittenName): void {
    const state = this.#pod.lookup.secret(name.secret)
    if (!this.#isInWant()) this.#skip(name, 'nothingToCover')
    else if (isUnread(state) || this.#pod.facts.rulebook.settings.inject.whenMissing === 'reference') this.#append(name)
    else this.#skip(name, state.state === 'unknown' ? 'unknown' : 'notThere')
  }

  /** Whether an image is left that nobody pulls without credentials. */
  #isInWant(): boolean {
    for (const { registryClass } of this.#open) {
      if (registryClass !== 'public' && registryClass !== 'node') return true
      if (!this.#pod.budget.spend(1)) return false
    }
    return false
  }

  /** @param otherwise why it is skipped if it covers nothing; what is not there yet is added all the same */
  #append(planned: Planned, otherwise?: SkipReason): void {
    const { secret, source } = planned
    if (this.#room <= 0) {
      this.#isFull = true
      this.#skip(planned, 'tooMany')
      return
    }
    const open = this.#openWith(secret)
    if (otherwise !== undefined && open.size === this.#open.size) this.#skip(planned, otherwise)
    else {
      this.#room -= 1
      this.#add.push({ secret, source })
      this.#listed.add(secret)
      this.#open = open
    }
  }

  /** What is still open with one more name: what a Secret does not cover by itself it does not cover among others. */
  #openWith(secret: string): ReadonlySet<ImageUse> {
    const alone = keyringOf([secret], this.#pod)
    if (![...this.#open].some(use => alone.covers(use))) return this.#open
    const keyring = keyringOf([...this.#listed, secret], this.#pod)
    return new Set([...this.#open].filter(use => !keyring.covers(use)))
  }

  #skip({ secret, source }: Planned, reason: SkipReason): void {
    const key = `${reason} ${secret}`
    if (!this.#skipped.has(key)) this.#skipped.set(key, { secret, source, reason })
  }

  /** The API server refuses a reference that a ServiceAccount with enforced mountable secrets does not list. */
  #mayReference(secret: string): boolean {
    return this.#mountable?.has(secret) ?? true
  }
}

/** What it costs to go through the entries of a Secret. */
function stepsOf(reading: SecretReading): number {
  return 1 + (reading.kind === 'pullSecret' ? reading.entries.length / 8 : 0)
}

/** Whether the kubelet could use any entry of this Secret today. */
function isUsable(reading: SecretReading, now: number): boolean {
  return reading.kind === 'pullSecret' && reading.entries.some(entry => entry.usable && !hasExpired(entry, now))
}
