import leven from 'leven'
import { type Keyring, keyringOf } from '../policy/coverage.ts'
import type {
  ImageUse,
  Known,
  Namespace,
  PodFacts,
  Reference,
  SecretState,
  ServiceAccount,
  WrittenName,
} from '../policy/facts.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import { CredentialIndex } from '../registry/credential-index.ts'
import type { Credential } from '../registry/keyring.ts'
import type { PullSecret, SecretReading } from '../registry/secret.ts'
import type { PodSubject } from '../review/review.ts'
import { referencesOf, writtenFor } from './references.ts'
import type { Sources } from './sources.ts'
import type { View } from './view.ts'

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

/**
 * The facts about a Pod, from the view and from what has been confirmed. Reads nothing.
 *
 * Most Pods have nothing wrong with them. What they are not asked for is not made: what is written down, what matches, and the
 * names that are near. A Secret is looked up once, so that all that is said of it is of the same moment.
 */
export class AssembledFacts implements PodFacts {
  readonly about: PodFacts['about']
  readonly form: PodFacts['form']
  readonly change: PodFacts['change']
  readonly namespace: string
  readonly mirror: boolean
  readonly optedOut: boolean
  readonly images: readonly ImageUse[]
  readonly references: readonly Reference[]
  readonly listed: Keyring
  readonly matchesUnknown: boolean
  readonly namespaceState: Known<Namespace>
  readonly serviceAccount: Known<ServiceAccount>
  readonly rulebook: Rulebook
  readonly now: number
  readonly #subject: PodSubject
  readonly #view: View
  readonly #confirmed: Readonly<Confirmed>
  /** The pull secrets of the namespace, if they have been read. */
  readonly #inNamespace: ReadonlyMap<string, SecretReading>
  readonly #secrets = new Map<string, SecretState>()
  #written: readonly WrittenName[] | undefined
  #matches: PodFacts['matches'] | undefined
  #near: PodFacts['near'] | undefined

  constructor(
    subject: PodSubject,
    namespace: string,
    { view, rulebook, now }: Sources,
    confirmed: Readonly<Confirmed>,
  ) {
    this.about = subject.about
    this.form = subject.form
    this.change = subject.change
    this.namespace = namespace
    this.mirror = subject.mirror
    this.optedOut = subject.optedOut
    this.matchesUnknown = confirmed.pullSecrets?.state === 'unknown'
    this.namespaceState = confirmed.namespaceState ?? view.namespace(namespace)
    this.serviceAccount = confirmed.serviceAccount ?? view.serviceAccount(namespace, subject.serviceAccountName)
    this.rulebook = rulebook
    this.now = now()
    this.#subject = subject
    this.#view = view
    this.#confirmed = confirmed
    this.#inNamespace = confirmed.pullSecrets?.state === 'value' ? confirmed.pullSecrets.value : NONE_READ
    this.images = subject.images.map(({ container, image, pulled }) => {
      const { name, registryClass, ruleSecrets } = rulebook.readImage(image)
      return { container, image, pulled, name, registryClass, ruleSecrets }
    })
    this.references = referencesOf(subject, this.serviceAccount)
    this.listed = keyringOf(namesOf(this.references), this)
  }

  secret(name: string): SecretState {
    let state = this.#secrets.get(name)
    if (state === undefined) {
      state = this.#lookUp(name)
      this.#secrets.set(name, state)
    }
    return state
  }

  unknownSecrets(): string[] {
    const names: string[] = []
    for (const [name, { state }] of this.#secrets) if (state === 'unknown') names.push(name)
    return names
  }

  get written(): readonly WrittenName[] {
    this.#written ??= writtenFor(this.#subject, this.namespaceState, this.images, this.rulebook)
    return this.#written
  }

  get matches(): PodFacts['matches'] {
    this.#matches ??= this.#findMatches()
    return this.#matches
  }

  get near(): PodFacts['near'] {
    this.#near ??= this.#findNear()
    return this.#near
  }

  #lookUp(name: string): SecretState {
    const confirmed = this.#confirmed.secrets.get(name)
    if (confirmed !== undefined) return confirmed
    const value = this.#inNamespace.get(name)
    return value === undefined ? this.#view.secret(this.namespace, name) : { state: 'value', value }
  }

  #findMatches(): PodFacts['matches'] {
    const matches = new Map<string, readonly Credential<PullSecret>[]>()
    const { secrets } = this.#confirmed
    const read = indexOf(secrets, this.#inNamespace)
    for (const use of this.images) {
      const { image, name } = use
      if (!use.pulled || name === undefined || matches.has(image) || this.listed.covers(use)) continue
      const held = this.#inNamespace === NONE_READ ? this.#view.credentials(this.namespace, name) : []
      matches.set(image, [...held.filter(({ secret }) => !secrets.has(secret.name)), ...read.find(name)])
    }
    return matches
  }

  /** Only a missing name asks for its neighbours. */
  #findNear(): PodFacts['near'] {
    const near = new Map<string, string>()
    if (!this.rulebook.settings.suggestions) return near
    const names = namesOf([...this.references, ...this.written])
    const missing = [...new Set(names)].filter(name => this.secret(name).state === 'absent')
    const neighbours = [...new Set([...this.#view.secretNames(this.namespace), ...this.#inNamespace.keys()])]
    for (const name of missing.slice(0, MOST_SUGGESTED)) {
      const nearest = findNearest(name, neighbours)
      if (nearest !== undefined) near.set(name, nearest)
    }
    return near
  }
}

const NONE_READ: ReadonlyMap<string, SecretReading> = new Map()

/** A suggestion is no reason to compare thousands of names with thousands. */
const MOST_SUGGESTED = 16

/** An index of what has been read live: what was read of one Secret goes before what was read of all of them. */
function indexOf(each: Confirmed['secrets'], all: ReadonlyMap<string, SecretReading>): CredentialIndex {
  const index = new CredentialIndex()
  for (const [name, reading] of all) if (reading.kind === 'pullSecret' && !each.has(name)) index.add(reading)
  for (const state of each.values()) {
    if (state.state === 'value' && state.value.kind === 'pullSecret') index.add(state.value)
  }
  return index
}

/** The name that differs least, if it differs by little: a letter or two, or a quarter of a long name. */
function findNearest(name: string, neighbours: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(name.length / 4))
  const [best] = neighbours
    .filter(candidate => candidate !== name && Math.abs(candidate.length - name.length) <= limit)
    .map(candidate => ({ candidate, distance: leven(name, candidate, { maxDistance: limit + 1 }) }))
    .filter(({ distance }) => distance <= limit && distance < name.length)
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
  return best?.candidate
}

function namesOf(references: readonly { readonly secret: string }[]): string[] {
  return references.map(({ secret }) => secret)
}
