import { writeTold } from '../../src/advice/advice.ts'
import { lookup } from '../../src/kubelet/keyring.ts'
import type { PullSecret, SecretReading } from '../../src/kubelet/secret.ts'
import { keyringOf } from '../../src/policy/coverage.ts'
import type { NamespaceLookup, NearName, PodCase, PodFacts, PodTraits } from '../../src/policy/facts.ts'
import type { Finding } from '../../src/policy/finding.ts'
import type { ImageUse } from '../../src/policy/image-use.ts'
import { type Judgement, judge } from '../../src/policy/judgement.ts'
import { ABSENT, type SecretState, type ServiceAccount } from '../../src/policy/known.ts'
import { makePlan } from '../../src/policy/make-plan.ts'
import type { Origin, Reference, WrittenName } from '../../src/policy/reference.ts'
import type { RegistryClass } from '../../src/policy/registries/classifier.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings, type Settings } from '../../src/policy/settings.ts'
import { Budget } from '../../src/runtime/budget.ts'

export const NOW = Date.parse('2026-06-01T00:00:00Z')
export const HOST = 'registry.example.com'
export const IMAGE = `${HOST}/acme/web:1`

/** A Secret by its name, as it was read, or what is known of it where it was not. */
type Secrets = Readonly<Record<string, SecretReading | SecretState>>

/** What is other than in the minimal Pod: created by hand, of one unlisted image, in a namespace that holds nothing. */
export interface PodTweak {
  /** Names of images, or what is other about them; each is the image of a container `c0`, `c1`, … */
  readonly images?: readonly (string | Partial<ImageUse>)[]
  /** The class of all images; as configured without it. */
  readonly registryClass?: RegistryClass
  /** Names; those of other than the object's own are in `origins`. */
  readonly references?: readonly string[]
  readonly origins?: Readonly<Record<string, Origin>>
  readonly secrets?: Secrets
  /** A near name, which is the only one unless it says something else. */
  readonly nearNames?: Readonly<Record<string, string | NearName>>
  readonly written?: readonly WrittenName[]
  /** Whether the cache is; it is without it. */
  readonly settled?: boolean
  readonly traits?: Partial<PodTraits>
  readonly account?: Partial<ServiceAccount>
  readonly facts?: Partial<PodFacts>
  readonly settings?: Partial<Settings>
}

type NamespaceTweak = Pick<PodTweak, 'secrets' | 'nearNames' | 'written' | 'settled'>

/** A Pod of a minimal cluster, as it is evaluated. */
export function podCase(tweak: PodTweak = {}): PodCase {
  const facts = podFacts(tweak)
  const found = new FakeLookup(tweak)
  const around = { facts, lookup: found, budget: new Budget() }
  return { ...around, listed: keyringOf(tweak.references ?? [], around) }
}

/** The same, planned for and judged. */
export function judgedCase(tweak: PodTweak = {}): Judgement {
  const pod = podCase(tweak)
  return judge(pod, makePlan(pod))
}

export function podFacts({ images = [IMAGE], references = [], ...tweak }: PodTweak = {}): PodFacts {
  const rulebook = prepareRulebook({ ...defaultSettings, ...tweak.settings })
  const origin = (secret: string): Reference => ({ secret, origin: tweak.origins?.[secret] ?? 'object' })
  return {
    traits: { about: 'pod', form: 'stored', change: 'create', mirror: false, optedOut: false, ...tweak.traits },
    home: { isFile: false, list: 'spec.imagePullSecrets' },
    namespace: 'team-a',
    images: images.map((image, i): ImageUse => {
      const use = typeof image === 'string' ? { image } : { image: IMAGE, ...image }
      const read = rulebook.readImage(use.image)
      const registryClass = tweak.registryClass ?? read.registryClass
      return { ...read, registryClass, container: `c${i}`, pulled: true, ...use }
    }),
    references: references.map(origin),
    otherImages: [],
    matchesUnknown: false,
    namespaceState: { state: 'value', value: { name: 'team-a' } },
    serviceAccount: {
      state: 'value',
      value: { name: 'default', references: [], enforcesMountable: false, annotations: [], ...tweak.account },
    },
    rulebook,
    missingSecrets: rulebook.settings.enforce.missingSecrets,
    now: NOW,
    ...tweak.facts,
  }
}

/** A namespace that holds these Secrets and no others. */
class FakeLookup implements NamespaceLookup {
  readonly #secrets: ReadonlyMap<string, SecretState>
  readonly #near: Readonly<Record<string, string | NearName>>
  readonly #written: readonly WrittenName[]
  readonly #settled: boolean

  constructor({ secrets = {}, nearNames = {}, written = [], settled = true }: NamespaceTweak) {
    const states = Object.entries(secrets).map(([name, known]): [string, SecretState] => [
      name,
      'state' in known ? known : { state: 'value', value: known },
    ])
    this.#secrets = new Map(states)
    this.#near = nearNames
    this.#written = written
    this.#settled = settled
  }

  secret(name: string): SecretState {
    return this.#secrets.get(name) ?? ABSENT
  }

  matches({ name }: ImageUse): ReturnType<NamespaceLookup['matches']> {
    if (name === undefined) return []
    const readings = [...this.#secrets.values()].flatMap(state => (state.state === 'value' ? [state.value] : []))
    return readings.flatMap(reading => (reading.kind === 'pullSecret' ? lookup([reading], name) : []))
  }

  nearName(missing: string): NearName | undefined {
    const near = this.#near[missing]
    return typeof near === 'string' ? { name: near, isOnly: true } : near
  }

  writtenNames(): readonly WrittenName[] {
    return this.#written
  }

  isSettled(): boolean {
    return this.#settled
  }
}

/** A pull secret with a usable entry for each of these keys. */
export function pullSecret(name: string, ...keys: readonly string[]): PullSecret {
  return { kind: 'pullSecret', name, generated: false, entries: keys.map(key => ({ key, usable: true })) }
}

/** A pull secret whose only credentials expired a minute ago. */
export function expiredSecret(name: string, key = HOST): PullSecret {
  return { ...pullSecret(name), entries: [{ key, usable: true, expires: NOW - 60_000 }] }
}

/** Findings with what is told of each in one line. */
export function asTold(findings: readonly Finding[]) {
  return findings.map(({ problem, advice, ...finding }) => ({ ...finding, message: writeTold({ problem, advice }) }))
}

/** Names that the configuration writes down for every Pod. */
export function configured(...names: readonly string[]): WrittenName[] {
  return names.map(secret => ({ secret, source: 'configuration' }))
}
