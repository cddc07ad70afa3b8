/**
 * Makes one line of a text that may come from anybody: a line break or a tab becomes a space, any other character that
 * controls a terminal or turns the direction of the text is replaced, and what is longer than `maxLength` is cut.
 */
export function oneLine(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text
  return cut
    .replace(/[\s--\p{Zs}]/gv, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '\u{FFFD}')
    .toWellFormed()
}
