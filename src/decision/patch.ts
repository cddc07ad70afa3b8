import jsonpatch, { type Operation } from 'fast-json-patch'
import type { Plan } from '../policy/plan.ts'

/**
 * The patch that appends references to `spec.imagePullSecrets`.
 *
 * Only the list is compared, before and after: what is in it stays as it is, first and in order.
 */
export function appendReferences(list: readonly unknown[] | null | undefined, add: Plan['add']): readonly Operation[] {
  const before = list === undefined ? { spec: {} } : { spec: { imagePullSecrets: list } }
  const after = { spec: { imagePullSecrets: [...(list ?? []), ...add.map(({ secret }) => ({ name: secret }))] } }
  return jsonpatch.compare(before, after)
}
