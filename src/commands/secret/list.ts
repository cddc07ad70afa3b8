import { decodeUtf8 } from '../../kubelet/go/utf8.ts'
import type { ListedLogin } from '../../logins/list-logins.ts'
import type { Shown, Terminal } from '../../runtime/terminal.ts'
import { cutVisible } from '../../runtime/visible.ts'

/** Characters of a cell; a longer one is cut. */
const MAX_CELL_LENGTH = 100

/** A table of logins: which registry, who, and what keeps the password. */
export function tableOf(logins: readonly ListedLogin[], out: Terminal): readonly Shown[] {
  const rows = [
    ['REGISTRY', 'USER', 'KEPT IN'],
    ...logins.map(({ registry, user, keptIn }) => [registry, decodeUtf8(user) || '-', keptIn]),
  ].map(row => row.map(cell => cutVisible(cell, MAX_CELL_LENGTH)))
  const widthOf = (column: number) => rows.reduce((width, row) => Math.max(width, (row[column] ?? '').length), 0)
  const [first, second] = [widthOf(0), widthOf(1)]
  return rows.map(
    ([registry = '', user = '', kept = '']) => out.line`${registry.padEnd(first)}  ${user.padEnd(second)}  ${kept}`,
  )
}
