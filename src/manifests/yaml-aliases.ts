import { type Document, isAlias, isCollection, isNode, isPair, type ParsedNode } from 'yaml'

/** Aliases of a document. */
const MAX_ALIASES = 1000
/** Values that the aliases of a document stand for, all together. */
const MAX_ALIASED_VALUES = 1_000_000
/** Anchors and aliases that the parser goes through to resolve the aliases of a document: for each of them all. */
const MAX_RESOLVING_STEPS = 20_000_000

/**
 * Whether what the aliases of a document stand for can be afforded: a merge key copies it, and whoever reads the document comes
 * by it again. Where an alias stands for others what they stand for counts as well, so that nothing multiplies unseen. Every node is
 * looked at once.
 */
export function isAffordable(document: Document.Parsed<ParsedNode, false>): boolean {
  const counts = new Counts()
  counts.weigh(document.contents)
  return counts.isAffordable
}

class Counts {
  /** By anchor, how many values the last node with it comes to, those behind its aliases too. */
  readonly #weights = new Map<string, number>()
  #anchors = 0
  #aliases = 0
  #aliased = 0
  /** Keys that are no text are written out, anew with all anchors. */
  #oddKeys = 0

  get isAffordable(): boolean {
    const lookUps = this.#aliases + this.#oddKeys
    return (
      this.#aliases <= MAX_ALIASES &&
      this.#aliased <= MAX_ALIASED_VALUES &&
      lookUps * (this.#anchors + this.#aliases) <= MAX_RESOLVING_STEPS
    )
  }

  weigh(node: unknown): number {
    if (isPair(node)) {
      if (isCollection(node.key) || isAlias(node.key)) this.#oddKeys += 1
      return this.weigh(node.key) + this.weigh(node.value)
    }
    if (isAlias(node)) {
      const weight = this.#weights.get(node.source) ?? 0
      this.#aliases += 1
      this.#aliased += weight
      return weight
    }
    let weight = 1
    if (isCollection(node)) for (const item of node.items) weight += this.weigh(item)
    if (isNode(node) && node.anchor !== undefined) {
      this.#anchors += 1
      this.#weights.set(node.anchor, weight)
    }
    return weight
  }
}
