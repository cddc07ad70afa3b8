import { visible } from '../../runtime/visible.ts'

/** What some spreadsheet takes for the begin of a formula, in full width as well, and after blanks. */
const FORMULA = /^\s*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/
/** What ends a cell somewhere: where a comma is the decimal point a semicolon does. */
const SEPARATOR = /[",;]/

/**
 * Writes CSV. A cell that a spreadsheet would compute gets an apostrophe. Lines end as in all that we write, in a line feed.
 *
 * @see RFC 4180; OWASP, CSV Injection
 */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map(writeRow).join('')
}

/** The rows for which there is room, and how many there are. */
export function writeCsvWithin(
  maxLength: number,
  rows: readonly (readonly string[])[],
): { readonly text: string; readonly rows: number } {
  const lines: string[] = []
  let length = 0
  for (const row of rows) {
    const line = writeRow(row)
    length += line.length
    if (length > maxLength) break
    lines.push(line)
  }
  return { text: lines.join(''), rows: lines.length }
}

function writeRow(cells: readonly string[]): string {
  return `${cells.map(writeCell).join(',')}\n`
}

function writeCell(text: string): string {
  // Before it is made visible: a tab is then none any more.
  const safe = `${FORMULA.test(text) ? "'" : ''}${visible(text)}`
  return SEPARATOR.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
