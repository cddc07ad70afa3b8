import { visible } from './visible.ts'

/** Blanks between two columns. */
const GAP = '  '

/**
 * Lays a table out, in lines of at most `width` characters if that is possible: each column is as wide as its widest cell, but the last,
 * which has what is left. What does not fit goes on below, in its own column.
 *
 * @param maxWidths of all columns but the last
 */
export function layOutTable(
  rows: readonly (readonly string[])[],
  width: number,
  maxWidths: readonly number[],
): readonly string[] {
  const cells = rows.map(row => row.map(visible))
  const widths = maxWidths.map((max, column) =>
    cells.reduce((widest, row) => Math.max(widest, Math.min(max, (row[column] ?? '').length)), 0),
  )
  const before = widths.reduce((sum, one) => sum + one + GAP.length, 0)
  const all = [...widths, Math.max(MIN_LAST_LENGTH, width - before)]
  return cells.flatMap(row => layOutRow(row, all))
}

/** Characters of the last column, however little is left for it. */
const MIN_LAST_LENGTH = 16

function layOutRow(row: readonly string[], widths: readonly number[]): readonly string[] {
  const columns = widths.map((width, column) => ({ width, lines: wrap(row[column] ?? '', width) }))
  const height = Math.max(...columns.map(({ lines }) => lines.length))
  return Array.from({ length: height }, (_, line) =>
    columns
      .map(({ width, lines }) => (lines[line] ?? '').padEnd(width))
      .join(GAP)
      .trimEnd(),
  )
}

/** A text in lines of at most `width` characters, all but the first indented by as much as `prefix` is long. */
export function hang(prefix: string, text: string, width: number): readonly string[] {
  const [first = '', ...rest] = wrap(visible(text), Math.max(MIN_LAST_LENGTH, width - prefix.length))
  return [`${prefix}${first}`, ...rest.map(line => `${' '.repeat(prefix.length)}${line}`)]
}

/** Breaks at blanks, and a word that is longer than a line wherever it has to. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`
    if (joined.length <= width) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (line.length > width) {
      const end = breakOf(line, width)
      lines.push(line.slice(0, end))
      line = line.slice(end)
    }
  }
  return [...lines, line]
}

/** Where a word is broken that is too long: behind a dot or a slash in the second half of a line, or at its end. */
function breakOf(word: string, width: number): number {
  const end = Math.max(word.lastIndexOf('/', width - 1), word.lastIndexOf('.', width - 1)) + 1
  if (end > width / 2) return end
  // Half of a character is none.
  return word.slice(0, width).isWellFormed() ? width : width - 1
}
