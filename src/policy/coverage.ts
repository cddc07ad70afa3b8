import type { Entry } from '../kubelet/entry.ts'
import { type Credential, KubeletKeyring } from '../kubelet/keyring.ts'
import type { PullSecret } from '../kubelet/secret.ts'
import type { Budget } from '../runtime/budget.ts'
import type { ImageUse } from './image-use.ts'
import { isUnread, type Known, type SecretState, type ServiceAccount } from './known.ts'
import type { Rulebook } from './rulebook.ts'

/**
 * What the listed pull secrets do for one image.
 *
 * | among the known pull secrets          | a listed Secret is unknown | coverage  |
 * | ------------------------------------- | -------------------------- | --------- |
 * | a usable entry that has not expired   | either                     | covered   |
 * | anything else                         | yes, or one is unread      | unknown   |
 * | usable entries, every one has expired | no                         | expired   |
 * | none                                  | no                         | uncovered |
 * | whatever, once the budget is spent    | either                     | unknown   |
 */
type Coverage = 'covered' | 'expired' | 'uncovered' | 'unknown'

/** The coverage of an image, and every entry that matches it, in the order in which the kubelet would try them. */
export interface Cover {
  readonly coverage: Coverage
  readonly credentials: readonly Credential<PullSecret>[]
}

/** What decides what a list of references comes to. */
interface KeyringCase {
  readonly facts: {
    readonly traits: { readonly form: 'written' | 'mutating' | 'stored' }
    readonly serviceAccount: Known<ServiceAccount>
    readonly matchesUnknown: boolean
    readonly referencesUnknown?: boolean
    readonly rulebook: Rulebook
    readonly now: number
  }
  readonly lookup: { secret(name: string): SecretState }
  readonly budget: Budget
}

/** What one name of a list costs. */
const NAME_STEPS = 2

/**
 * Makes the keyring of these names, for any number of images.
 *
 * A Secret that is missing, malformed or of another type holds nothing here: that it breaks the keyring of the whole Pod
 * is a finding of its own. Where only the names of Secrets are received, nobody can say what any list of them holds.
 */
export function keyringOf(names: readonly string[], { facts, lookup, budget }: KeyringCase): Keyring {
  const secrets: PullSecret[] = []
  let unknown = mayHaveMore(facts)
  for (const name of names) {
    if (!budget.spend(NAME_STEPS)) break
    const state = lookup.secret(name)
    if (state.state === 'unknown' || isUnread(state)) unknown = true
    if (state.state === 'value' && state.value.kind === 'pullSecret') secrets.push(state.value)
  }
  return new Keyring(secrets, unknown, facts.now, budget)
}

/** Whether nobody here could find out what all references hold, or which ones a Pod that is still to be made is given. */
function mayHaveMore({ traits, serviceAccount, matchesUnknown, ...facts }: KeyringCase['facts']): boolean {
  if (facts.rulebook.settings.view.secrets === 'names' || facts.referencesUnknown === true) return true
  return traits.form === 'written' && (serviceAccount.state === 'unknown' || matchesUnknown)
}

/** What a list of references comes to. */
export class Keyring {
  /** Those that are known to be pull secrets, in the order of the list. */
  readonly secrets: readonly PullSecret[]
  /** Whether there may be more of them than that. */
  readonly unknown: boolean
  readonly #now: number
  readonly #budget: Budget
  readonly #kubelets: KubeletKeyring<PullSecret>
  /** By image as written: containers often share one, and it is asked for more than once. */
  readonly #covers = new Map<string, Cover>()

  /** @param now milliseconds since the epoch */
  constructor(secrets: readonly PullSecret[], unknown: boolean, now: number, budget: Budget) {
    this.secrets = secrets
    this.unknown = unknown
    this.#now = now
    this.#budget = budget
    this.#kubelets = new KubeletKeyring(secrets, budget)
  }

  cover(use: ImageUse): Cover {
    const known = this.#covers.get(use.image)
    if (known !== undefined) return known
    const cover = this.#look(use)
    this.#covers.set(use.image, cover)
    return cover
  }

  covers(use: ImageUse): boolean {
    return this.cover(use).coverage === 'covered'
  }

  #look({ name }: ImageUse): Cover {
    if (name === undefined) return { coverage: 'uncovered', credentials: [] }
    const credentials = this.#kubelets.lookup(name)
    if (this.#budget.isSpent) return { coverage: 'unknown', credentials: [] }
    let coverage: Coverage = 'uncovered'
    for (const { entry } of credentials) {
      if (!entry.usable) continue
      if (!hasExpired(entry, this.#now)) return { coverage: 'covered', credentials }
      coverage = 'expired'
    }
    return { coverage: this.unknown ? 'unknown' : coverage, credentials }
  }
}

/** Whether an entry says when it expires, and that has passed. */
export function hasExpired(entry: Entry, now: number): boolean {
  return entry.expires !== undefined && entry.expires <= now
}
