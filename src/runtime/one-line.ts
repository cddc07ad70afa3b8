/**
 * Makes one line of a text that may come from anybody: what breaks a line, controls a terminal or turns the direction of the
 * text is replaced, so that no line is forged, and what is longer than `maxLength` is cut.
 */
export function oneLine(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text
  return cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{FFFD}').toWellFormed()
}
