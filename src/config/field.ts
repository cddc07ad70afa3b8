import Type, { type TSchema } from 'typebox'

/** A mapping that refuses fields that it does not know. */
export function closed<P extends Record<string, TSchema>>(
  properties: P,
  options: { readonly title?: string; readonly description: string },
) {
  return Type.Object(properties, { ...options, additionalProperties: false })
}

/** A mapping that may be left out. */
export function section<P extends Record<string, TSchema>>(description: string, properties: P) {
  return Type.Optional(closed(properties, { description }))
}

/** @param value the default */
export function list<T extends TSchema>(
  items: T,
  value: readonly unknown[],
  options: { readonly description: string; readonly maxItems?: number },
) {
  return Type.Optional(Type.Array(items, { ...options, default: value }))
}

/**
 * One of several values, which need not all be strings.
 *
 * @param value the default
 */
export function choice<const T>(values: readonly T[], value: T, description: string) {
  return Type.Optional(Type.Unsafe<T>({ enum: [...values], description, default: value }))
}

/** @param value the default */
export function flag(description: string, value: boolean) {
  return Type.Optional(Type.Boolean({ description, default: value }))
}
