/** How large an object is, as far as that decides what it costs to look it through. */
export interface ObjectSize {
  readonly images: number
  /** Entries of its `imagePullSecrets`, or of its ServiceAccount's. */
  readonly references: number
  /** Names that configuration and annotations write down for it. */
  readonly names: number
}

/** What was too much for the budget of one review. */
export interface TooMuch extends ObjectSize {
  /** The object itself is too large, or the namespace that it is in holds too much. */
  readonly by: 'object' | 'namespace'
}

/** Images times pull secrets, listed or written down: up to so many an object is never too much by itself. */
const MAX_OBJECT_PAIRS = 10_000
/** Images of an object, or pull secrets, up to which it is never too much by itself, however few there are of the other. */
const MAX_OBJECT_PARTS = 1000

/**
 * Tells why a budget did not suffice. An object can be made smaller by whoever makes it; a namespace that holds too much is
 * nothing that this object could change, so of that nothing is known.
 */
export function explainTooMuch(size: ObjectSize): TooMuch {
  const pullSecrets = size.references + size.names
  const isLarge =
    size.images * pullSecrets > MAX_OBJECT_PAIRS || size.images > MAX_OBJECT_PARTS || pullSecrets > MAX_OBJECT_PARTS
  return { by: isLarge ? 'object' : 'namespace', ...size }
}
