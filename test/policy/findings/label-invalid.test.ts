import t from 'tap'
import { findInvalidLabels } from '../../../src/policy/findings/label-invalid.ts'
import type { Namespace } from '../../../src/policy/known.ts'
import { podFacts } from '../pod-case.ts'

const invalid = (labels: Partial<Namespace>) =>
  findInvalidLabels({ about: 'namespace', namespace: { name: 'team-a', ...labels }, rulebook: podFacts().rulebook })

t.test('a value that is near one that exists', async t => {
  t.strictSame(invalid({ mode: 'enfroce' }), [
    {
      code: 'LabelInvalid',
      effect: 'mayBlock',
      suggestion: { of: 'value', text: 'enforce' },
      origin: 'object',
      affectsPrivate: false,
      message: 'label regcred.dev/mode has the unknown value "enfroce" and is ignored; did you mean "enforce"?',
    },
  ])
})

t.test('a value that is near none', async t => {
  t.strictSame(invalid({ inject: 'sometimes' }), [
    {
      code: 'LabelInvalid',
      effect: 'mayBlock',
      origin: 'object',
      affectsPrivate: false,
      message:
        'label regcred.dev/inject has the unknown value "sometimes" and is ignored; use one of enabled, disabled',
    },
  ])
})

t.test('capitals count, and are seen through', async t => {
  t.match(invalid({ mode: 'WARN', inject: 'Enabled' }), [
    { suggestion: { text: 'warn' } },
    { suggestion: { text: 'enabled' } },
  ])
})

t.test('values that exist, and no labels', async t => {
  t.strictSame(invalid({ mode: 'off', inject: 'disabled' }), [])
  t.strictSame(invalid({ mode: 'audit', inject: 'enabled' }), [])
  t.strictSame(invalid({}), [])
})
