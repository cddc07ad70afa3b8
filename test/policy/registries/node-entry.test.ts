import t from 'tap'
import type { Known, ServiceAccount } from '../../../src/policy/known.ts'
import { annotationsOf, describeNeeds, isServed, patternOf } from '../../../src/policy/registries/node-entry.ts'

const account = (annotations: readonly string[] | undefined): Known<ServiceAccount> => ({
  state: 'value',
  value: { name: 'default', references: [], enforcesMountable: false, annotations },
})

t.test('the nodes log in for a ServiceAccount that has all of one list', async t => {
  const needs = [['a', 'b'], ['c']]
  const cases = [
    { name: 'all of the first', account: account(['b', 'x', 'a']), served: true },
    { name: 'all of another', account: account(['c']), served: true },
    { name: 'a part', account: account(['a']), served: false },
    { name: 'none', account: account([]), served: false },
    { name: 'too many to keep', account: account(undefined), served: undefined },
    { name: 'unknown', account: { state: 'unknown' }, served: undefined },
    { name: 'not there yet', account: { state: 'absent' }, served: undefined },
  ] as const
  for (const { name, account, served } of cases) t.equal(isServed(needs, account, false), served, name)
  t.equal(isServed(needs, { state: 'absent' }, true), false, 'absent for good')
  t.equal(isServed(needs, { state: 'unknown' }, true), undefined)
})

t.test('an entry is a pattern, or has one', async t => {
  const entry = { pattern: 'quay.io', serviceAccountAnnotations: ['a'] }
  t.equal(patternOf('quay.io'), patternOf(entry))
  t.strictSame([annotationsOf('quay.io'), annotationsOf(entry)], [[], ['a']])
})

t.test('what is needed is told, and of many lists the first', async t => {
  t.equal(describeNeeds([['a']]), 'the annotation a')
  t.equal(describeNeeds([['a', 'b'], ['c'], ['d'], ['e']]), 'the annotations a, b or c or d')
})
