import t from 'tap'
import { applicationOf } from '../../src/manifests/application.ts'

t.test('an application is what the first of the labels says that has a value', async t => {
  const of = (labels: unknown) => applicationOf({ metadata: { labels } })
  t.equal(
    of({ 'app.kubernetes.io/part-of': 'shop', 'app.kubernetes.io/instance': '' }),
    'app.kubernetes.io/part-of=shop',
  )
  t.equal(
    of({ 'app.kubernetes.io/part-of': 'shop', 'app.kubernetes.io/instance': 'a' }),
    'app.kubernetes.io/instance=a',
  )
  t.equal(of({ app: 'shop' }), undefined)
  t.equal(of(7), undefined)
})
