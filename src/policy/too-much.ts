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

/** Images of an object, or pull secrets, up to which the budget always suffices but for what its namespace holds. */
const MAX_OBJECT_PARTS = 100

/**
 * Tells why a budget did not suffice. An object can be made smaller by whoever makes it; a namespace that holds too much is
 * nothing that this object could change, so of that nothing is known.
 */
export function explainTooMuch(size: ObjectSize): TooMuch {
  const pullSecrets = size.references + size.names
  const isLarge = size.images > MAX_OBJECT_PARTS || pullSecrets > MAX_OBJECT_PARTS
  return { by: isLarge ? 'object' : 'namespace', ...size }
}
