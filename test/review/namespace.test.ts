import t from 'tap'
import { findNotStrings, namespaceOf, readNamespace } from '../../src/review/namespace.ts'

t.test('our labels and our annotation are kept, and nothing else', async t => {
  t.strictSame(
    readNamespace('team-a', {
      labels: { 'regcred.dev/mode': 'warn', 'regcred.dev/inject': 'enabled', other: 'x' },
      annotations: { 'regcred.dev/pull-secrets': 'a,b', other: 'x' },
    }),
    { name: 'team-a', mode: 'warn', inject: 'enabled', pullSecrets: 'a,b' },
  )
})

t.test('a value that is no text counts as not set', async t => {
  t.strictSame(readNamespace('team-a', {}), { name: 'team-a' })
  t.strictSame(readNamespace('team-a', { labels: null, annotations: null }), { name: 'team-a' })
  const labels = { 'regcred.dev/mode': 7, 'regcred.dev/inject': null }
  t.strictSame(readNamespace('team-a', { labels, annotations: { 'regcred.dev/pull-secrets': [] } }), { name: 'team-a' })
})

t.test('a value that is no text is found, unless it is empty', async t => {
  const labels = { 'regcred.dev/mode': false, 'regcred.dev/inject': null, other: 7 }
  t.strictSame(findNotStrings({ labels, annotations: { 'regcred.dev/pull-secrets': 7 } }), [
    { key: 'regcred.dev/mode', value: false },
    { key: 'regcred.dev/pull-secrets', value: 7 },
  ])
  t.strictSame(findNotStrings({ labels: { 'regcred.dev/mode': 'off' } }), [])
})

t.test('a Namespace goes by its own settings', async t => {
  t.equal(
    namespaceOf({ about: 'namespace', namespace: { name: 'team-b' }, notStrings: [], isFile: false }, ''),
    'team-b',
  )
  t.equal(namespaceOf({ about: 'nothing' }, 'team-a'), 'team-a')
})
