import jsonpatch from 'fast-json-patch'
import t from 'tap'
import { appendReferences } from '../../src/decision/patch.ts'

const add = [
  { secret: 'a', source: 'match' },
  { secret: 'b', source: 'pod' },
] as const
const NEW = [{ name: 'a' }, { name: 'b' }]

t.test('where there is no list there will be one', async t => {
  t.strictSame(appendReferences(undefined, add), [{ op: 'add', path: '/spec/imagePullSecrets', value: NEW }])
})

t.test('what is in a list stays, whatever it holds beside its names', async t => {
  const object = { spec: { imagePullSecrets: [{ name: 'own', more: 1 }, {}] } }
  const patch = appendReferences(['own', ''], add)
  t.strictSame(jsonpatch.applyPatch(structuredClone(object), [...patch]).newDocument, {
    spec: { imagePullSecrets: [{ name: 'own', more: 1 }, {}, ...NEW] },
  })
})

t.test('an empty list is filled', async t => {
  const { newDocument } = jsonpatch.applyPatch({ spec: { imagePullSecrets: [] } }, [...appendReferences([], add)])
  t.strictSame(newDocument, { spec: { imagePullSecrets: NEW } })
})
