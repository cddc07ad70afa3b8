/**
 * What a shell takes as one word and as it stands, and kubectl for no flag: every name that an object of Kubernetes can have. Names
 * in a file or in the list of a Pod may be anything, and a message is copied.
 */
const PLAIN = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/
/** Characters of a name in a command: with a longer one it would be cut off before its end. */
const MAX_PLAIN_LENGTH = 63

function isPlain(name: string): boolean {
  return name.length <= MAX_PLAIN_LENGTH && PLAIN.test(name)
}

/**
 * A command that works when it is copied, whatever namespace the current context has; undefined where there is none, since a name
 * is not one that could be typed.
 *
 * @param names that the command holds
 */
export function command(names: readonly string[], text: string): string | undefined {
  return names.every(isPlain) ? text : undefined
}
