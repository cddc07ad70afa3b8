import { nameFirst } from '../runtime/count.ts'
import { writeSpan } from '../runtime/duration.ts'
import type { ScanDocument, SecretDocument } from '../scan/formats/scan-document.ts'
import type { Row, Table } from './page.ts'
import { MAX_TABLE_ROWS } from './sayings.ts'

/** Registries, and names of who uses it, that a row has. */
const MAX_IN_ROW = 3
/** Milliseconds before it expires from which on a pull secret is marked. */
export const SOON_MS = 14 * 86_400_000

export const CSV_OF_CAUSES: readonly string[] = [
  ...['namespace', 'level', 'code', 'kind', 'name', 'waiting', 'secret', 'message', 'advice'],
]
export const CSV_OF_SECRETS: readonly string[] = ['namespace', 'secret', 'registries', 'expires', 'usedBy', 'users']

/** The pull secrets, those that expire first before the others. @param now milliseconds since the epoch */
export function secretsTable(secrets: readonly SecretDocument[], now: number): Table {
  const left = secrets.length - MAX_TABLE_ROWS
  const none = secrets.length === 0 ? 'No pull secret was found.' : ''
  return {
    ...{ id: 'secrets', title: 'Pull secrets', head: ['Namespace', 'Secret', 'For', 'Expires', 'Used by'] },
    rows: soonestFirst(secrets)
      .slice(0, MAX_TABLE_ROWS)
      .map(secret => toRow(secret, now)),
    after: left > 0 ? `${left.toLocaleString('en')} more: regcred scan --secrets -o wide has all.` : none,
  }
}

/** Sorts by when it expires; what does not say comes last. */
function soonestFirst<T extends { readonly expires: string | null }>(all: readonly T[]): readonly T[] {
  const never = Number.POSITIVE_INFINITY
  return all
    .map(one => ({ one, at: one.expires === null ? never : Date.parse(one.expires) }))
    .sort((a, b) => (a.at === b.at ? 0 : a.at - b.at))
    .map(({ one }) => one)
}

/** When something expires, in words and with how bad that is. */
export function sayExpiry(
  expires: string | null,
  now: number,
): { readonly words: string; readonly grade: Row['grade'] } {
  if (expires === null) return { words: 'does not say', grade: 'none' }
  const left = Date.parse(expires) - now
  if (left <= 0) return { words: `${writeSpan(-left)} ago`, grade: 'error' }
  return { words: `in ${writeSpan(left)}`, grade: left < SOON_MS ? 'warning' : 'none' }
}

export function sayRegistries({
  registries,
  registryCount,
}: Pick<SecretDocument, 'registries' | 'registryCount'>): string {
  return registryCount === 0 ? 'none that can be read' : nameFirst(registries.slice(0, MAX_IN_ROW), registryCount)
}

function toRow(secret: SecretDocument, now: number): Row {
  const { namespace, secret: name, named, usedBy } = secret
  const { words, grade } = sayExpiry(secret.expires, now)
  const users = usedBy === 0 ? 'nothing that was read' : nameFirst(named.slice(0, MAX_IN_ROW), usedBy ?? 0)
  return {
    ...{ groups: [namespace], grade },
    cells: [namespace, name, sayRegistries(secret), words, usedBy === null ? 'not known' : users],
  }
}

export function rowsOfCauses({ causes, waiting }: ScanDocument): readonly (readonly string[])[] {
  return [
    ...causes.flatMap(({ level, code, namespace, secret, message, advice, workloads }) => {
      const all = workloads.length === 0 ? [{ kind: '', name: '', waiting: 0 }] : workloads
      return all.map(({ kind, name, waiting }) => {
        return [namespace, level, code, kind, name, `${waiting}`, secret ?? '', message, advice]
      })
    }),
    ...waiting.map(({ namespace, kind, name, waiting }) => {
      return [namespace, 'error', 'Waiting', kind, name, `${waiting}`, '', 'its Pods wait for an image', '']
    }),
  ]
}

export function rowsOfSecrets({ secrets }: ScanDocument): readonly (readonly string[])[] {
  return soonestFirst(secrets).map(({ namespace, secret, registries, registryCount, expires, named, usedBy }) => [
    ...[namespace, secret, nameFirst(registries, registryCount), expires ?? ''],
    ...[String(usedBy ?? ''), nameFirst(named, usedBy ?? 0)],
  ])
}
