import { layOutTable } from '../../runtime/columns.ts'
import { nameFirst } from '../../runtime/count.ts'
import { writeSpan } from '../../runtime/duration.ts'
import type { Shown, Terminal } from '../../runtime/terminal.ts'
import type { Scan, ScannedSecret, TextOptions } from '../scan.ts'
import { writeCsv } from './csv.ts'
import { MAX_WIDE_LENGTH } from './scan-text.ts'

/** Registries, and names of who uses it, that a row has. */
const MAX_IN_ROW = 2
/** Characters of each column but the last, beyond which a cell goes on in its next line. */
const MAX_CELL_LENGTH = 24

const ALL = Number.POSITIVE_INFINITY

/** Writes the pull secrets for people, a row each, those that expire first before the others. */
export function writeSecrets(scan: Scan, { width, isWide }: TextOptions, out: Terminal): readonly Shown[] {
  const secrets = secretsOf(scan)
  if (secrets.length === 0) return [out.line`No pull secret was found.`]
  const max = isWide ? ALL : MAX_IN_ROW
  const rows = secrets.map(secret => [
    secret.namespace,
    secret.secret,
    secret.registryCount === 0 ? 'none that can be read' : nameSome(secret.registries, secret.registryCount, max),
    sayExpiry(secret, scan.now),
    sayUsers(secret, max),
  ])
  const head = ['NAMESPACE', 'SECRET', 'FOR', 'EXPIRES', 'USED BY']
  const [length, cell] = isWide ? [MAX_WIDE_LENGTH, MAX_WIDE_LENGTH] : [width, MAX_CELL_LENGTH]
  return layOutTable([head, ...rows], length, [cell, cell, cell, cell]).map(line => out.line`${line}`)
}

/** Writes the pull secrets as CSV, with a row of column names. */
export function writeSecretsCsv(scan: Scan): string {
  const head = ['namespace', 'secret', 'registries', 'expires', 'usedBy', 'users']
  const rows = secretsOf(scan).map(({ namespace, secret, registries, registryCount, expires, usedBy, named }) => [
    ...[namespace, secret, nameSome(registries, registryCount, ALL)],
    ...[
      expires === undefined ? '' : new Date(expires).toISOString(),
      String(usedBy ?? ''),
      nameSome(named, usedBy ?? 0, ALL),
    ],
  ])
  return writeCsv([head, ...rows])
}

function secretsOf({ namespaces }: Scan): readonly ScannedSecret[] {
  return namespaces
    .flatMap(({ secrets }) => secrets)
    .sort(({ expires: a = ALL }, { expires: b = ALL }) => (a === b ? 0 : a - b))
}

function nameSome(names: readonly string[], all: number, max: number): string {
  return nameFirst(names.slice(0, max), all)
}

function sayExpiry({ expires }: ScannedSecret, now: number): string {
  if (expires === undefined) return 'does not say'
  return expires > now ? `in ${writeSpan(expires - now)}` : `${writeSpan(now - expires)} ago`
}

function sayUsers({ named, usedBy }: ScannedSecret, max: number): string {
  if (usedBy === undefined) return 'not known: -l leaves out others'
  return usedBy === 0 ? 'nothing that was read' : nameSome(named, usedBy, max)
}
