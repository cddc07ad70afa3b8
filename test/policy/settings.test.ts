import t from 'tap'
import { defaultSettings, freeze, isExempt, leavesOf } from '../../src/policy/settings.ts'

t.test('the defaults are frozen, however deep', async t => {
  t.ok(Object.isFrozen(defaultSettings))
  t.ok(Object.isFrozen(defaultSettings.registries))
  t.ok(Object.isFrozen(defaultSettings.registries.mixed))
})

t.test('freezing reaches objects in lists and leaves plain values alone', async t => {
  const tree = freeze({ list: [{ deep: 1 }], nothing: null })
  t.ok(Object.isFrozen(tree.list[0]))
  t.equal(freeze('text'), 'text')
})

t.test('a list is one setting, a mapping as many as it has fields', async t => {
  const paths = leavesOf(defaultSettings).map(({ path }) => path.join('.'))
  t.equal(paths.length, 25)
  t.strictSame(paths.slice(0, 4), ['mode', 'ignore', 'enforce.controllers', 'enforce.unknown'])
  t.ok(paths.includes('controllers.builtin'))
})

t.test('a namespace or a user is exempt that configuration lists', async t => {
  const settings = { ...defaultSettings, exemptions: { namespaces: ['kube-system'], usernames: ['jane'] } }
  t.ok(isExempt(settings, 'kube-system', 'joe'))
  t.ok(isExempt(settings, 'team-a', 'jane'))
  t.notOk(isExempt(settings, 'team-a', 'joe'))
  t.notOk(isExempt(settings, 'team-a', undefined))
})
