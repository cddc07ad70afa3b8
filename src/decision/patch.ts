import jsonpatch, { type Operation } from 'fast-json-patch'
import type { Plan } from '../policy/plan.ts'

/**
 * The patch that appends references to `spec.imagePullSecrets`.
 *
 * Only the names are compared, before and after: what is in the list stays as it is, first and in order.
 *
 * @param names in the list; undefined where there is none
 */
export function appendReferences(names: readonly string[] | undefined, add: Plan['add']): readonly Operation[] {
  const list = names?.map(toReference)
  const before = list === undefined ? { spec: {} } : { spec: { imagePullSecrets: list } }
  const added = add.map(({ secret }) => toReference(secret))
  return jsonpatch.compare(before, { spec: { imagePullSecrets: [...(list ?? []), ...added] } })
}

function toReference(name: string): { readonly name: string } {
  return { name }
}
