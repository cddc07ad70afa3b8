import { ApiError } from './api-error.ts'
import { checkMetadata } from './metadata-only.ts'
import { get, getString } from './untyped.ts'

/**
 * What to accept where a list is wanted as `kubectl get` shows it: of each object what its columns say, and its metadata. There is
 * no second choice in it, so the contents of an object are never received.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 */
export const TABLE = 'application/json;as=Table;g=meta.k8s.io;v=v1'

/** An object as a table of Secrets shows it. */
interface SecretRow {
  readonly metadata: unknown
  /** Undefined where the table has no column for it. */
  readonly type: unknown
}

/**
 * The objects of a table of Secrets.
 *
 * @throws ApiError `garbage` for what is no table, or has more of an object than its metadata
 */
export function readSecretTable(body: unknown): readonly SecretRow[] {
  const columns = get(body, 'columnDefinitions') ?? []
  const rows = get(body, 'rows') ?? []
  if (getString(body, 'kind') !== 'Table' || !Array.isArray(rows) || !Array.isArray(columns))
    throw new ApiError('garbage', { detail: 'not a table' })
  const at = columns.findIndex(column => getString(column, 'name') === 'Type')
  return rows.map(row => {
    const object = get(row, 'object')
    checkMetadata(object)
    return { metadata: get(object, 'metadata'), type: get(row, 'cells', `${at}`) }
  })
}
