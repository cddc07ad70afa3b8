import { AskError } from '../ask/ask-error.ts'

/** What was read; or why it may not be. */
export type Reading<T> = { readonly value: T } | { readonly forbidden: string }

/**
 * Reads something without which the rest can be told all the same.
 *
 * @throws {AskError} where something else goes wrong than that it may not be read
 */
export async function unlessForbidden<T>(reading: Promise<T>): Promise<Reading<T>> {
  try {
    return { value: await reading }
  } catch (error) {
    // Whom to ask for it is the same for each part.
    if (error instanceof AskError && error.isForbidden) return { forbidden: error.message.replace(/;.*/s, '') }
    throw error
  }
}
