/**
 * Makes one line of a text with names from objects that may not be validated yet: what would break or forge a line is
 * replaced, and what is longer than `longest` characters is cut.
 */
export function oneLine(text: string, longest = Number.POSITIVE_INFINITY): string {
  const cut = text.length > longest ? `${text.slice(0, longest - 1)}…` : text
  return cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{FFFD}').toWellFormed()
}
