import t from 'tap'
import { selects } from '../../src/status/namespaces.ts'

const LABELS = { team: 'a', stage: 'test' }
const one = (operator: string, key: string, values: readonly string[] = []) => ({
  matchExpressions: [{ key, operator, values }],
})

const cases: { selector: unknown; selected: boolean }[] = [
  { selector: undefined, selected: true },
  { selector: {}, selected: true },
  { selector: { matchLabels: { team: 'a' } }, selected: true },
  { selector: { matchLabels: { team: 'b' } }, selected: false },
  { selector: { matchLabels: { team: 'a' }, ...one('Exists', 'none') }, selected: false },
  { selector: one('In', 'team', ['a', 'b']), selected: true },
  { selector: one('In', 'team', ['b']), selected: false },
  { selector: one('In', 'none', ['a']), selected: false },
  { selector: one('NotIn', 'team', ['a']), selected: false },
  { selector: one('NotIn', 'team', ['b']), selected: true },
  { selector: one('NotIn', 'none', ['a']), selected: true },
  { selector: one('Exists', 'team'), selected: true },
  { selector: one('Exists', 'none'), selected: false },
  { selector: one('DoesNotExist', 'team'), selected: false },
  { selector: one('DoesNotExist', 'none'), selected: true },
]

for (const { selector, selected } of cases) {
  t.test(`${JSON.stringify(selector)} ${selected ? 'selects' : 'does not select'} team=a, stage=test`, async t => {
    t.equal(selects(selector, LABELS), selected)
  })
}
