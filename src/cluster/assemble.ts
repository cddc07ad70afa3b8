import leven from 'leven'
import { isCovered, keyringOf } from '../policy/coverage.ts'
import type { ImageUse, Known, Namespace, PodFacts, SecretState, ServiceAccount } from '../policy/facts.ts'
import { type ImageName, parseImageName } from '../registry/image.ts'
import { type Credential, lookup } from '../registry/keyring.ts'
import type { PullSecret, SecretReading } from '../registry/secret.ts'
import type { PodSubject } from '../review/review.ts'
import { referencesOf, writtenFor } from './references.ts'
import type { Sources } from './sources.ts'

/** What has been read live so far; it goes before what the view says. */
export interface Confirmed {
  readonly secrets: Map<string, SecretState>
  readonly namespaceState: Known<Namespace> | undefined
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
  const images = subject.images.map(field => useOf(field, rulebook))
  const written = writtenFor(subject, namespaceState, images, rulebook)
  const references = referencesOf(subject, serviceAccount)
  const accounts = knownValue(serviceAccount)?.references ?? []
  const names = new Set([...[...references, ...written].map(({ secret }) => secret), ...accounts])
  const secrets = new Map([...names].map(name => [name, stateOf(name)]))
  const matches = new Map<string, readonly Credential<PullSecret>[]>()
  const facts: PodFacts = {
    about,
    form,
    change,
    namespace,
    mirror,
    optedOut,
    images,
    references,
    written,
    secrets,
    matches,
    matchesUnknown: confirmed.pullSecrets?.state === 'unknown',
    near: nearNames(),
    namespaceState,
    serviceAccount,
    rulebook,
    now: now(),
  }
  if (change === 'create' && rulebook.settings.inject.match) addMatches()
  return facts

  function stateOf(name: string): SecretState {
    const read = inNamespace.get(name)
    return confirmed.secrets.get(name) ?? (read ? { state: 'value', value: read } : view.secret(namespace, name))
  }

  /** Only where the references leave something to be desired, so that this costs nothing where nothing is wrong. */
  function addMatches(): void {
    const listed = references.map(({ secret }) => secret)
    const keyring = keyringOf(listed, facts)
    for (const use of images) {
      if (use.name === undefined || !use.pulled || matches.has(use.image) || isCovered(use, keyring)) continue
      const found = findMatches(use.name)
      matches.set(use.image, found)
      for (const { secret } of found) secrets.set(secret.name, { state: 'value', value: secret })
    }
  }

  /** What has been read of one Secret goes before what was held, and before what was read of all of them. */
  function findMatches(image: ImageName): readonly Credential<PullSecret>[] {
    const held = pullSecrets === undefined ? view.credentials(namespace, image) : matchEach(pullSecrets, image)
    const others = held.filter(({ secret }) => !confirmed.secrets.has(secret.name))
    const read = [...confirmed.secrets.values()].flatMap(state => knownValue(state) ?? [])
    return [...others, ...matchEach(read, image)]
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

/** Every entry that the kubelet would try for an image if its Secret were the only one. */
function matchEach(readings: readonly SecretReading[], image: ImageName): Credential<PullSecret>[] {
  return readings.flatMap(reading => (reading.kind === 'pullSecret' ? lookup([reading], image) : []))
}

function useOf({ container, image, pulled }: PodSubject['images'][number], rulebook: Sources['rulebook']): ImageUse {
  const name = parseImageName(image)
  if (name === undefined) return { container, image, pulled, registryClass: 'unlisted' }
  return { container, image, pulled, name, registryClass: rulebook.classify(name) }
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
