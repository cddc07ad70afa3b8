import { correctLabel, quoteLabel } from '../../advice/on-objects.ts'
import { nearestName } from '../../runtime/nearest-name.ts'
import type { NamespaceFacts, NotString } from '../facts.ts'
import type { Finding } from '../finding.ts'
import { INJECT_LABEL, INJECT_VALUES, MODE_LABEL, PULL_SECRETS_ANNOTATION } from '../labels.ts'
import { MODES } from '../settings.ts'

/**
 * LabelInvalid: a value of one of our labels that does not exist; such a label counts as not set. In a file also one that is no
 * string, with which the API server rejects the Namespace.
 */
export function findInvalidLabels({ namespace, notStrings, isFile }: NamespaceFacts): Finding[] {
  return [
    ...notStrings.map(explainNotString),
    ...invalidValue(namespace.name, MODE_LABEL, namespace.mode, MODES, isFile),
    ...invalidValue(namespace.name, INJECT_LABEL, namespace.inject, INJECT_VALUES, isFile),
  ]
}

function explainNotString({ key, value }: NotString): Finding {
  // What is no string in YAML 1.1, as kubectl reads it.
  const isOff = key === MODE_LABEL && value === false
  const what = key === PULL_SECRETS_ANNOTATION ? 'annotation' : 'label'
  const found = typeof value === 'object' ? (Array.isArray(value) ? 'a list' : 'a mapping') : String(value)
  return {
    code: 'LabelInvalid',
    effect: 'mayBlock',
    ...(isOff && { suggestion: { of: 'value', text: 'off' } as const }),
    origin: 'object',
    affectsPrivate: false,
    problem: `${what} ${key} is ${found}, not a string, so Kubernetes rejects this Namespace`,
    advice: quoteLabel(isOff),
  }
}

function invalidValue(
  namespace: string,
  label: string,
  value: string | undefined,
  allowed: readonly string[],
  isFile: boolean,
): Finding[] {
  if (value === undefined || allowed.includes(value)) return []
  const near = nearestName(value, allowed, { limit: 2, ignoreCase: true })
  return [
    {
      code: 'LabelInvalid',
      effect: 'mayBlock',
      ...(near === undefined ? {} : { suggestion: { of: 'value', text: near } }),
      origin: 'object',
      affectsPrivate: false,
      problem: `label ${label} has the unknown value "${value}" and is ignored`,
      advice: correctLabel(namespace, label, near, allowed, isFile),
    },
  ]
}
