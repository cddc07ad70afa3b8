import t from 'tap'
import { isObjectName } from '../../src/kube/object-name.ts'

t.test('names that an object can have', async t => {
  for (const name of ['a', '1', 'my-secret', 'a.b-c.d', 'x'.repeat(253)]) t.equal(isObjectName(name), true, name)
})

t.test('names that would become something else in a path or a selector', async t => {
  const names = ['', '.', '..', 'a..b', '-a', 'a-', 'A', 'a/b', 'a,type!=b', 'a=b', 'a b', 'a\n', 'ä', 'x'.repeat(254)]
  for (const name of names) t.equal(isObjectName(name), false, name)
})
