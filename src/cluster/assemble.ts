import leven from 'leven'
import { keyringOf } from '../policy/coverage.ts'
import type { Known, Namespace, PodFacts, SecretState, ServiceAccount } from '../policy/facts.ts'
import { CredentialIndex } from '../registry/credential-index.ts'
import type { Credential } from '../registry/keyring.ts'
import type { PullSecret, SecretReading } from '../registry/secret.ts'
import type { PodSubject } from '../review/review.ts'
import { referencesOf, writtenFor } from './references.ts'
import type { Sources } from './sources.ts'

/** What has been read live so far; it goes before what the view says. */
export interface Confirmed {
  readonly secrets: Map<string, SecretState>
  namespaceState: Known<Namespace> | undefined
  serviceAccount: Known<ServiceAccount> | undefined
  /** All pull secrets of the namespace, once they have been read. */
  pullSecrets: Known<readonly SecretReading[]> | undefined
}

/** Puts together the facts about a Pod from the view and from what has been confirmed. Reads nothing. */
export function assemble(
  subject: PodSubject,
  namespace: string,
  { view, rulebook, now }: Sources,
  confirmed: Confirmed,
): PodFacts {
  const { about, form, change, mirror, optedOut } = subject
  const namespaceState = confirmed.namespaceState ?? view.namespace(namespace)
  const serviceAccount = confirmed.serviceAccount ?? view.serviceAccount(namespace, subject.serviceAccountName)
  const pullSecrets = knownValue(confirmed.pullSecrets)
  const inNamespace = new Map((pullSecrets ?? []).map(reading => [reading.name, reading]))
  const images = subject.images.map(field => ({ ...field, ...rulebook.readImage(field.image) }))
  const written = writtenFor(subject, namespaceState, images, rulebook)
  const references = referencesOf(subject, serviceAccount)
  const secrets = new Map<string, SecretState>()
  for (const { secret } of references) secrets.set(secret, stateOf(secret))
  for (const { secret } of written) secrets.set(secret, stateOf(secret))
  for (const secret of knownValue(serviceAccount)?.references ?? []) secrets.set(secret, stateOf(secret))
  const known = {
    form,
    secrets,
    serviceAccount,
    matchesUnknown: confirmed.pullSecrets?.state === 'unknown',
    now: now(),
    rulebook,
  }
  const listed = keyringOf(
    references.map(({ secret }) => secret),
    known,
  )
  return {
    ...known,
    about,
    change,
    namespace,
    mirror,
    optedOut,
    images,
    references,
    listed,
    written,
    matches: change === 'create' && rulebook.settings.inject.match ? findMatches() : new Map(),
    near: nearNames(),
    namespaceState,
  }

  function stateOf(name: string): SecretState {
    const read = inNamespace.get(name)
    return confirmed.secrets.get(name) ?? (read ? { state: 'value', value: read } : view.secret(namespace, name))
  }

  /** Only where the references leave something to be desired, so that this costs nothing where nothing is wrong. */
  function findMatches(): PodFacts['matches'] {
    const matches = new Map<string, readonly Credential<PullSecret>[]>()
    const lacking = images.filter(use => use.pulled && !listed.covers(use))
    if (lacking.length === 0) return matches
    const read = indexOf(confirmed.secrets, inNamespace)
    for (const { image, name } of lacking) {
      if (name === undefined || matches.has(image)) continue
      const held = pullSecrets === undefined ? view.credentials(namespace, name) : []
      const found = [...held.filter(({ secret }) => !confirmed.secrets.has(secret.name)), ...read.find(name)]
      matches.set(image, found)
      for (const { secret } of found) secrets.set(secret.name, { state: 'value', value: secret })
    }
    return matches
  }

  /** Only a missing name asks for its neighbours. */
  function nearNames(): Map<string, string> {
    const missing = [...secrets].filter(([, { state }]) => state === 'absent').map(([name]) => name)
    if (!rulebook.settings.suggestions || missing.length === 0) return new Map()
    const neighbours = [...new Set([...view.secretNames(namespace), ...inNamespace.keys()])]
    return new Map(
      missing.slice(0, MOST_SUGGESTED).flatMap(name => {
        const near = findNearest(name, neighbours)
        return near === undefined ? [] : [[name, near]]
      }),
    )
  }
}

/** A suggestion is no reason to compare thousands of names with thousands. */
const MOST_SUGGESTED = 16

/** An index of what has been read live: what was read of one Secret goes before what was read of all of them. */
function indexOf(each: ReadonlyMap<string, SecretState>, all: ReadonlyMap<string, SecretReading>): CredentialIndex {
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

function knownValue<T>(known: Known<T> | undefined): T | undefined {
  return known?.state === 'value' ? known.value : undefined
}
