import leven from 'leven'
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
import { namesIn } from '../policy/labels.ts'
import { parseImageName } from '../registry/image.ts'
import { type Credential, lookup } from '../registry/keyring.ts'
import type { PullSecret, SecretReading } from '../registry/secret.ts'
import type { PodSubject } from '../review/review.ts'
import type { Sources } from './sources.ts'

/** What stands around a Pod. */
export interface Account {
  readonly namespaceState: Known<Namespace>
  readonly serviceAccount: Known<ServiceAccount>
}

/** What has been read live so far; it goes before what the view says. */
export interface Confirmed {
  readonly secrets: Map<string, SecretState>
  /** All pull secrets of the namespace, once they have been read. */
  pullSecrets?: Known<readonly SecretReading[]> | undefined
}

/** Puts together the facts about a Pod from the view and from what has been confirmed. Reads nothing. */
export function assemble(
  subject: PodSubject,
  namespace: string,
  { view, rulebook, now }: Sources,
  account: Account,
  confirmed: Confirmed,
): PodFacts {
  const images = subject.images.map(field => useOf(field, rulebook))
  const written = writtenNames(subject, account.namespaceState, images, rulebook)
  const references = referencesOf(subject, account.serviceAccount)
  const inNamespace = new Map((knownValue(confirmed.pullSecrets) ?? []).map(reading => [reading.name, reading]))
  const matches = new Map(images.flatMap(use => withMatches(use)))
  const secrets = new Map<string, SecretState>()
  for (const { secret } of [...references, ...written]) secrets.set(secret, stateOf(secret))
  for (const secret of knownValue(account.serviceAccount)?.references ?? []) secrets.set(secret, stateOf(secret))
  for (const { secret } of [...matches.values()].flat()) secrets.set(secret.name, { state: 'value', value: secret })
  return {
    about: subject.about,
    form: subject.form,
    change: subject.change,
    namespace,
    controlled: subject.controlled,
    mirror: subject.mirror,
    optedOut: subject.optedOut,
    images,
    references,
    written,
    secrets,
    matches,
    near: nearNames(),
    ...account,
    rulebook,
    now: now(),
  }

  function stateOf(name: string): SecretState {
    const read = inNamespace.get(name)
    return confirmed.secrets.get(name) ?? (read ? { state: 'value', value: read } : view.secret(namespace, name))
  }

  function withMatches(use: ImageUse): [string, readonly Credential<PullSecret>[]][] {
    const found = matchesFor(use)
    return found.length === 0 ? [] : [[use.image, found]]
  }

  function matchesFor({ name, pulled }: ImageUse): readonly Credential<PullSecret>[] {
    if (name === undefined || !pulled || subject.change !== 'create' || !rulebook.settings.inject.match) return []
    const live = knownValue(confirmed.pullSecrets)
    return live === undefined ? view.credentials(namespace, name) : lookup(live.filter(isPullSecret), name)
  }

  /** Only a missing name asks for its neighbours, so this costs nothing where nothing is wrong. */
  function nearNames(): Map<string, string> {
    const missing = [...secrets].filter(([, { state }]) => state === 'absent').map(([name]) => name)
    if (!rulebook.settings.suggestions || missing.length === 0) return new Map()
    const names = [...new Set([...view.secretNames(namespace), ...inNamespace.keys()])]
    return new Map(
      missing.flatMap(name => {
        const near = nearest(name, names)
        return near === undefined ? [] : [[name, near]]
      }),
    )
  }
}

function useOf({ container, image, pulled }: PodSubject['images'][number], rulebook: Sources['rulebook']): ImageUse {
  const name = parseImageName(image)
  if (name === undefined) return { container, image, pulled, registryClass: 'unlisted' }
  return { container, image, pulled, name, registryClass: rulebook.classify(name) }
}

/** Written-down names in the order in which they are taken, each at its first source. */
function writtenNames(
  subject: PodSubject,
  namespace: Known<Namespace>,
  images: readonly ImageUse[],
  rulebook: Sources['rulebook'],
): WrittenName[] {
  const byRule = images.flatMap(({ name, pulled }) => (name && pulled ? rulebook.ruleSecrets(name) : []))
  const sources: [WrittenName['source'], readonly string[]][] = [
    ['configuration', rulebook.settings.inject.secrets],
    ['rule', byRule],
    ['namespace', namesIn(knownValue(namespace)?.pullSecrets)],
    ['pod', namesIn(subject.pullSecrets)],
  ]
  const first = new Map<string, WrittenName>()
  for (const [source, names] of sources) {
    for (const secret of names) if (!first.has(secret)) first.set(secret, { secret, source })
  }
  return [...first.values()]
}

/**
 * Finds out who brought each reference.
 *
 * | the Pod                                    | its own names         | other names                               |
 * | ------------------------------------------ | --------------------- | ----------------------------------------- |
 * | as its author wrote it, with a list        | all                   |                                           |
 * | as its author wrote it, without one        |                       | the ServiceAccount's, still to be copied  |
 * | whose field owners are recorded            | those its author owns | the ServiceAccount's, else injected       |
 * | that starts with the ServiceAccount's list | the rest              | the ServiceAccount's                      |
 * | any other                                  | all                   |                                           |
 */
function referencesOf(subject: PodSubject, serviceAccount: Known<ServiceAccount>): Reference[] {
  const { references, written, form, pullSecrets } = subject
  const accounts = knownValue(serviceAccount)?.references ?? []
  if (form === 'written') {
    const own = references.map(secret => ({ secret, origin: 'object' }) as const)
    return own.length > 0 ? own : accounts.map(secret => ({ secret, origin: 'serviceAccount' }))
  }
  if (written !== undefined) {
    const asked = new Set([...written, ...namesIn(pullSecrets)])
    return references.map(secret => {
      if (asked.has(secret)) return { secret, origin: 'object' }
      return { secret, origin: accounts.includes(secret) ? 'serviceAccount' : 'configuration' }
    })
  }
  const copied = accounts.every((name, i) => references[i] === name) ? accounts.length : 0
  return references.map((secret, i) => ({ secret, origin: i < copied ? 'serviceAccount' : 'object' }))
}

/** The name that differs least, if it differs by little: a letter or two, or a quarter of a long name. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(name.length / 4))
  const [best] = names
    .filter(candidate => candidate !== name && Math.abs(candidate.length - name.length) <= limit)
    .map(candidate => ({ candidate, distance: leven(name, candidate) }))
    .filter(({ distance }) => distance <= limit && distance < name.length)
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
  return best?.candidate
}

function isPullSecret(reading: SecretReading): reading is PullSecret {
  return reading.kind === 'pullSecret'
}

function knownValue<T>(known: Known<T> | undefined): T | undefined {
  return known?.state === 'value' ? known.value : undefined
}
