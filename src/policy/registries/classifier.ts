import type { ImageName } from '../../kubelet/image-name.ts'
import { type AccountNeeds, annotationsOf, type NodeEntry, patternOf } from './node-entry.ts'
import { type Host, hostOf, isBelow, matchesHost, type Pattern, parsePattern } from './pattern.ts'

/** The classes that a registry can be listed in, in the order in which they win where patterns are equally specific. */
export const LISTED_CLASSES = ['private', 'node', 'public', 'mixed'] as const
export type ListedClass = (typeof LISTED_CLASSES)[number]

/** Where an image's registry stands, by configuration. */
export type RegistryClass = ListedClass | 'unlisted'

/** Patterns by class, as the configuration lists them; no pattern stands in two. */
export interface Registries extends Readonly<Record<Exclude<ListedClass, 'node'>, readonly string[]>> {
  readonly node: readonly NodeEntry[]
  /** The class of what no pattern matches. */
  readonly default: 'unlisted' | 'private'
}

/** The class of an image, and the pattern that decided; without one it is the default. */
export interface ClassDecision {
  readonly registryClass: RegistryClass
  readonly pattern?: ListedPattern
  /** Of class `node`: what the ServiceAccount of the Pod has to have for it; absent where any will do. */
  readonly needs?: AccountNeeds
}

/** A pattern of the configuration, and where it is listed. */
interface ListedPattern {
  readonly listed: ListedClass
  /** In the list of its class, from 0. */
  readonly index: number
  readonly text: string
}

/** A pattern with its place among all of them. */
interface Ranked {
  readonly pattern: Pattern
  readonly rank: number
  readonly decision: ClassDecision & { readonly registryClass: ListedClass }
  readonly annotations: readonly string[]
}

/**
 * Prepares the classification of images. The most specific pattern wins: by segments of its path, then by parts of its
 * host without globs; then the classes in the order private, node, public, mixed. What does not parse is left out.
 *
 * That the nodes log in themselves holds for the port as it is written, since the kubelet asks its credential providers so. It
 * asks every one that matches, so where the winner needs something of a ServiceAccount, any other pattern of the class will do.
 */
export function classifier(registries: Registries): (image: ImageName) => ClassDecision {
  const byDefault: ClassDecision = { registryClass: registries.default }
  const patterns = LISTED_CLASSES.flatMap(listed =>
    registries[listed].map((entry, index) => ({ listed, index, entry })),
  )
    .flatMap(({ entry, ...place }, rank): Ranked[] => {
      const text = patternOf(entry)
      const pattern = parsePattern(text)
      if ('fault' in pattern) return []
      const decision = { registryClass: place.listed, pattern: { ...place, text } }
      return [{ pattern, rank, decision, annotations: annotationsOf(entry) }]
    })
    .sort(compareRanks)
  const globs = patterns.filter(({ pattern }) => pattern.globs !== undefined)
  const literal = Map.groupBy(
    patterns.filter(({ pattern }) => pattern.globs === undefined),
    ({ pattern }) => pattern.authority,
  )
  const ofNodes = patterns.filter(({ decision }) => decision.registryClass === 'node')
  return image => {
    const host = hostOf(image.registry)
    const exact = literal.get(host.authority)?.find(listed => fits(listed, image, host))
    const glob = globs.find(listed => fits(listed, image, host) && matchesHost(listed.pattern, host))
    if (exact === undefined || glob === undefined) return decide(exact ?? glob, image, host)
    return decide(compareRanks(exact, glob) < 0 ? exact : glob, image, host)
  }

  function decide(winner: Ranked | undefined, image: ImageName, host: Host): ClassDecision {
    if (winner === undefined) return byDefault
    if (winner.annotations.length === 0) return winner.decision
    const all = ofNodes.filter(listed => fits(listed, image, host) && matchesHost(listed.pattern, host))
    const needs = all.map(({ annotations }) => annotations)
    return needs.some(keys => keys.length === 0) ? winner.decision : { ...winner.decision, needs }
  }
}

function fits({ pattern, decision }: Ranked, image: ImageName, host: Host): boolean {
  return (
    isBelow(image.path, pattern.path) && (decision.registryClass !== 'node' || pattern.writtenPort === host.writtenPort)
  )
}

function compareRanks(a: Pick<Ranked, 'pattern' | 'rank'>, b: Pick<Ranked, 'pattern' | 'rank'>): number {
  return b.pattern.segments - a.pattern.segments || b.pattern.literals - a.pattern.literals || a.rank - b.rank
}
