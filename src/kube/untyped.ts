/** Reads untyped JSON: the value at a path of own members, e.g. `get(object, 'metadata', 'name')`, or undefined. */
export function get(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined), value)
}

/** As {@link get}, and undefined unless it is a string. */
export function getString(value: unknown, ...path: readonly string[]): string | undefined {
  const found = get(value, ...path)
  return typeof found === 'string' ? found : undefined
}

/** As {@link getString}, and empty where there is none. */
export function getText(value: unknown, ...path: readonly string[]): string {
  return getString(value, ...path) ?? ''
}

/** As {@link get}: the items of a list, and none where there is something else. */
export function getItems(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = get(value, ...path)
  return Array.isArray(found) ? found : []
}

/** The members of an object that are strings: what is left of labels, annotations or data when the odd is dropped. */
export function strings(value: unknown): Record<string, string> {
  const entries = isObject(value) ? Object.entries(value) : []
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
