import t from 'tap'
import type { NotString } from '../../../src/policy/facts.ts'
import { findInvalidLabels } from '../../../src/policy/findings/label-invalid.ts'
import type { Namespace } from '../../../src/policy/known.ts'
import { asTold, podFacts } from '../pod-case.ts'

const invalid = (labels: Partial<Namespace>, ...notStrings: NotString[]) => {
  const namespace = { name: 'team-a', ...labels }
  const facts = { about: 'namespace', namespace, notStrings, isFile: false, rulebook: podFacts().rulebook } as const
  return asTold(findInvalidLabels(facts))
}

t.test('a value that is no string', async t => {
  const [off, ...others] = invalid(
    {},
    { key: 'regcred.dev/mode', value: false },
    { key: 'regcred.dev/mode', value: true },
    { key: 'regcred.dev/inject', value: false },
    { key: 'regcred.dev/pull-secrets', value: ['a'] },
    { key: 'regcred.dev/inject', value: {} },
  )
  t.match(off, {
    code: 'LabelInvalid',
    suggestion: { of: 'value', text: 'off' },
    message:
      'label regcred.dev/mode is false, not a string, so Kubernetes rejects this Namespace; write "off" in quotes',
  })
  t.strictSame(
    others.map(({ message }) => message),
    [
      'label regcred.dev/mode is true, not a string, so Kubernetes rejects this Namespace; put it in quotes',
      'label regcred.dev/inject is false, not a string, so Kubernetes rejects this Namespace; put it in quotes',
      'annotation regcred.dev/pull-secrets is a list, not a string, so Kubernetes rejects this Namespace; put it in quotes',
      'label regcred.dev/inject is a mapping, not a string, so Kubernetes rejects this Namespace; put it in quotes',
    ],
  )
})

t.test('a value that is near one that exists', async t => {
  t.strictSame(invalid({ mode: 'enfroce' }), [
    {
      code: 'LabelInvalid',
      effect: 'mayBlock',
      suggestion: { of: 'value', text: 'enforce' },
      origin: 'object',
      affectsPrivate: false,
      message:
        'label regcred.dev/mode has the unknown value "enfroce" and is ignored; did you mean "enforce"? kubectl label --overwrite namespace team-a regcred.dev/mode=enforce',
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
        'label regcred.dev/inject has the unknown value "sometimes" and is ignored; use one of enabled, disabled, or remove it: kubectl label namespace team-a regcred.dev/inject-',
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
