import t from 'tap'
import type { Manifest } from '../../src/manifests/found.ts'
import { isControlled, toProbe, toSend } from '../../src/server-side/sent-object.ts'

const found = (metadata: unknown, spec: unknown = {}): Manifest => ({
  ...{ file: 'a.yaml', apiVersion: 'v1', kind: 'Pod' },
  object: { apiVersion: 'v1', kind: 'Pod', metadata, spec, status: {} },
})

t.test('an object is sent as it is written, and nothing of a cluster with it', async t => {
  const written = { name: 'web', labels: { a: 'b' }, annotations: { c: 'd' } }
  const stored = { uid: '1', resourceVersion: '5', ownerReferences: [{}], finalizers: ['x'], managedFields: [] }
  t.strictSame(toSend(found({ ...written, ...stored }), 'team-a'), {
    ...{ namespace: 'team-a', title: 'Pod web' },
    object: { apiVersion: 'v1', kind: 'Pod', metadata: { ...written, namespace: 'team-a' }, spec: {} },
  })
  t.equal(toSend(found({ name: 'web', namespace: 'b' }), 'team-a').namespace, 'b')
})

for (const [metadata, suffix, title] of [
  [{ name: 'web' }, 'x1', 'Pod web-x1'],
  [{ name: 'a'.repeat(253) }, 'x1', `Pod ${'a'.repeat(40)}-x1`],
  [{ name: `${'a'.repeat(38)}.-b` }, 'x1', `Pod ${'a'.repeat(38)}-x1`],
  [{ generateName: 'web-' }, undefined, 'Pod web'],
  [{ generateName: 'web-' }, 'x1', 'Pod web-x1'],
  [{}, 'x1', 'Pod x1'],
  [undefined, undefined, 'Pod '],
] as const) {
  t.test(`${JSON.stringify(metadata)} with ${suffix} is ${title}`, async t => {
    t.equal(toSend(found(metadata), 'team-a', suffix).title, title)
  })
}

t.test('a probe has an image that none can have, and leaves the object as it is', async t => {
  const spec = {
    containers: [
      { name: 'web', image: 'nginx' },
      { name: 'b', image: 'c' },
    ],
  }
  const object = found({ name: 'web' }, spec)
  const probe = toProbe(object, ['spec'], 'team-a', 'x')
  t.match(probe?.object, { spec: { containers: [{ name: 'web', image: 'Registry.invalid/NO' }, { image: 'c' }] } })
  t.equal(spec.containers[0]?.image, 'nginx')
  for (const odd of [{}, { containers: [] }, { containers: [null] }, { containers: ['x'] }, { containers: 'x' }])
    t.equal(toProbe(found({ name: 'web' }, odd), ['spec'], 'team-a', 'x'), undefined)
})

t.test('what something controls is told apart', async t => {
  t.equal(isControlled({ metadata: { ownerReferences: [{ controller: false }, { controller: true }] } }), true)
  t.equal(isControlled({ metadata: { ownerReferences: [{ kind: 'App' }] } }), false)
  t.equal(isControlled({}), false)
})
