import { nearestName } from '../../runtime/nearest-name.ts'
import type { NamespaceFacts } from '../facts.ts'
import type { Finding } from '../finding.ts'
import { INJECT_LABEL, INJECT_VALUES, MODE_LABEL } from '../labels.ts'
import { MODES } from '../settings.ts'

/** LabelInvalid: a value of one of our labels that does not exist; such a label counts as not set. */
export function findInvalidLabels({ namespace }: NamespaceFacts): Finding[] {
  return [
    ...invalidValue(MODE_LABEL, namespace.mode, MODES),
    ...invalidValue(INJECT_LABEL, namespace.inject, INJECT_VALUES),
  ]
}

function invalidValue(label: string, value: string | undefined, allowed: readonly string[]): Finding[] {
  if (value === undefined || allowed.includes(value)) return []
  const near = nearestName(value, allowed, { limit: 2, ignoreCase: true })
  const advice = near === undefined ? `use one of ${allowed.join(', ')}` : `did you mean "${near}"?`
  return [
    {
      code: 'LabelInvalid',
      effect: 'mayBlock',
      ...(near === undefined ? {} : { suggestion: { of: 'value', text: near } }),
      origin: 'object',
      affectsPrivate: false,
      message: `label ${label} has the unknown value "${value}" and is ignored; ${advice}`,
    },
  ]
}
