import { writeMarkdownTable } from '../../scan/formats/scan-table.ts'
import type { Page, Table } from '../page.ts'

/** Rows of a table: a comment has not room for more. */
const MAX_MARKDOWN_ROWS = 50

/** Writes the tables of a page as Markdown, in which nothing is taken for Markdown or HTML. */
export function writePageMarkdown({ verdict, subject, tables }: Page): string {
  return [`**${verdict}** (${subject})\n`, ...tables.map(writeTable)].join('\n')
}

function writeTable({ title, head, rows, after }: Table): string {
  const left = rows.length - MAX_MARKDOWN_ROWS
  const table = writeMarkdownTable(
    head,
    rows.slice(0, MAX_MARKDOWN_ROWS).map(({ cells }) => cells),
  )
  const rest = left > 0 ? `\n${left} more rows: -o html has them.\n` : ''
  return `### ${title}\n\n${table}${rest}${after === '' ? '' : `\n${after}\n`}`
}
