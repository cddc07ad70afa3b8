import { decodeUtf8 } from '../../kubelet/go/utf8.ts'
import type { ListedLogin } from '../../logins/list-logins.ts'
import type { Shown, Terminal } from '../../runtime/terminal.ts'
import { cutVisible, visibleJson } from '../../runtime/visible.ts'

/** Characters of a cell; a longer one is cut. */
const MAX_CELL_LENGTH = 100

/** A table of logins: which registry, who, and what keeps the password. */
export function tableOf(logins: readonly ListedLogin[], out: Terminal): readonly Shown[] {
  const rows = [
    { registry: 'REGISTRY', user: 'USER', keptIn: 'KEPT IN' },
    ...logins.map(login => ({ ...login, user: decodeUtf8(login.user) || '-' })),
  ].map(row => ({ registry: cut(row.registry), user: cut(row.user), keptIn: cut(row.keptIn) }))
  const widthOf = (column: 'registry' | 'user') => rows.reduce((width, row) => Math.max(width, row[column].length), 0)
  const [first, second] = [widthOf('registry'), widthOf('user')]
  return rows.map(
    ({ registry, user, keptIn }) => out.line`${registry.padEnd(first)}  ${user.padEnd(second)}  ${keptIn}`,
  )
}

/** The same for programs. */
export function jsonOf(logins: readonly ListedLogin[]): string {
  const rows = logins.map(({ user, ...rest }) => ({ ...rest, ...(user !== '' && { user: decodeUtf8(user) }) }))
  return `${visibleJson(rows, 2)}\n`
}

function cut(cell: string): string {
  return cutVisible(cell, MAX_CELL_LENGTH)
}
