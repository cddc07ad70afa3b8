/** Fields and list items of a value that are looked through for what is wrong with it. */
const MAX_PRUNED_ITEMS = 10_000
/** Those of one list, or of one object. */
const MAX_BRANCH_ITEMS = 1000
/** Characters of a name in it. */
const MAX_PRUNED_NAME_LENGTH = 300

type Branch = Record<string, unknown> | unknown[]

/**
 * Copies the first fields and items of each part of a JSON value, those further up before those further down, and leaves out the
 * rest. Long names are cut.
 */
export function prune(value: unknown): unknown {
  if (!isBranch(value)) return value
  const root = emptyLike(value)
  const pending = [{ from: value, to: root }]
  let left = MAX_PRUNED_ITEMS
  for (const { from, to } of pending) {
    let leftHere = MAX_BRANCH_ITEMS
    for (const key in from) {
      if (left === 0) return root
      if (leftHere === 0) break
      left -= 1
      leftHere -= 1
      const child: unknown = Reflect.get(from, key)
      const copy = isBranch(child) ? emptyLike(child) : child
      // Defined, not set: a key may be `__proto__`.
      const name = key.slice(0, MAX_PRUNED_NAME_LENGTH)
      Object.defineProperty(to, name, { value: copy, writable: true, enumerable: true, configurable: true })
      if (isBranch(child) && isBranch(copy)) pending.push({ from: child, to: copy })
    }
  }
  return root
}

function isBranch(value: unknown): value is Branch {
  return typeof value === 'object' && value !== null
}

function emptyLike(value: Branch): Branch {
  return Array.isArray(value) ? [] : {}
}
