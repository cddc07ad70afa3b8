import type { Keeper } from '../advice/on-secrets.ts'
import type { CheckedFinding, CheckedObject } from '../engine/checked.ts'
import { parseImageName } from '../kubelet/image-name.ts'
import type { RegistryClass } from '../policy/registries/classifier.ts'
import type { PullError } from './pull-error.ts'
import type { WaitingContainer } from './waiting.ts'

/** What is kept of the metadata of a Secret. */
export interface KnownSecret {
  /** When its contents were written last, in milliseconds since the epoch; 0 where it does not say. */
  readonly writtenAt: number
  /** What would write it again as it was. */
  readonly keeper: Keeper
}

/** A container that waits for its image, and all that is known about it. */
export interface PullCase {
  readonly namespace: string
  readonly waiting: WaitingContainer
  readonly error: PullError
  /** When the node said so, in milliseconds since the epoch; undefined where nobody wrote it down. */
  readonly at: number | undefined
  /** The Pod as it is, judged by the kubelet's rules with what the namespace holds now. */
  readonly object: CheckedObject
  /** Whether the pull secrets of the namespace could be read. */
  readonly areSecretsKnown: boolean
  /** The kind of what made the Pod; undefined where somebody did by hand. */
  readonly owner: string | undefined
  /** What the configuration says of the registry. */
  readonly registryClass: RegistryClass
  /** Names in the Pod's own list. */
  readonly references: readonly string[]
  /** What its ServiceAccount lists now. */
  readonly account: { readonly name: string; readonly references: readonly string[] }
  /** What is known of a Secret that is there. */
  readonly secret: (name: string) => KnownSecret
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Secrets that the Pod lists and the node used for the image, in its order. */
export function coveringSecrets({ object, waiting, references }: PullCase): readonly string[] {
  const used = usableOf({ object, waiting }).map(({ secret }) => secret)
  return [...new Set(used)].filter(secret => references.includes(secret))
}

/** Those of them of which no login for the image is still good. */
export function expiredSecrets(pull: PullCase): ReadonlySet<string> {
  const good = usableOf(pull).filter(({ expires }) => expires === undefined || expires > pull.now)
  return new Set(coveringSecrets(pull).filter(secret => good.every(one => one.secret !== secret)))
}

/** What a container, or a volume of it, would be pulled with is the same for all of the image. */
function usableOf({ object, waiting }: Pick<PullCase, 'object' | 'waiting'>) {
  const image = object.images.find(one => one.image === waiting.image)
  return (image?.credentials ?? []).filter(({ usable }) => usable)
}

/** What is wrong with the pull secrets of this image, the gravest first. */
export function findingsOf({ object, waiting }: PullCase): readonly CheckedFinding[] {
  const own = object.findings.filter(({ image }) => image === undefined || image === waiting.image)
  return own.toSorted((a, b) => RANK[a.effect] - RANK[b.effect])
}

const RANK = { blocks: 0, mayBlock: 1, degrades: 2 } as const

/** Host and port of the registry, as far as the name of the image tells. */
export function registryOf({ waiting }: PullCase): string {
  return parseImageName(waiting.image)?.registry ?? 'the registry'
}
