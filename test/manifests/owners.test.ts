import t from 'tap'
import { isLive, Owners } from '../../src/manifests/owners.ts'
import type { PodSubject } from '../../src/review/review.ts'

const object = (owner?: { kind: string; name: string; controller?: boolean }) => ({
  metadata: { uid: 'u', ownerReferences: owner === undefined ? undefined : [{ controller: true, ...owner }] },
})

function ownersOf(...objects: [kind: string, name: string, owner: object | undefined, isTemplate?: boolean][]) {
  const owners = new Owners()
  for (const [kind, name, owner, isTemplate = false] of objects) {
    const manifest = { file: 'f', apiVersion: 'v1', kind, object: object(Object(owner)) }
    owners.note(owner === undefined ? { ...manifest, object: object() } : manifest, `${kind} ns/${name}`, isTemplate)
  }
  return owners
}

const pod = (image: string): PodSubject => ({
  ...{ about: 'pod', form: 'stored', change: 'update', mirror: false, optedOut: false, owner: 'builtIn' },
  ...{ pullSecrets: undefined, serviceAccountName: 'default', hasList: true, references: [], written: undefined },
  home: { isFile: false, list: 'spec.imagePullSecrets' },
  images: [{ container: 'a', image, pulled: true }],
})

const RS = { kind: 'ReplicaSet', name: 'web-1' }
const DEPLOYMENT = { kind: 'Deployment', name: 'web' }

t.test('only an API server gives an object a uid', async t => {
  t.equal(isLive({ metadata: { uid: 'u' } }), true)
  t.equal(isLive({ metadata: { creationTimestamp: null } }), false)
})

t.test('a Pod is told of unless its owner is', async t => {
  const web = pod('web')
  const all = ownersOf(['Deployment', 'web', undefined, true], ['ReplicaSet', 'web-1', DEPLOYMENT], ['Pod', 'a', RS])
  t.equal(all.isToldOnce('Pod ns/a', web), false, 'by what is above its owner')
  const direct = ownersOf(['ReplicaSet', 'web-1', undefined, true], ['Pod', 'a', RS])
  t.equal(direct.isToldOnce('Pod ns/a', web), false, 'by its owner')
  const half = ownersOf(['ReplicaSet', 'web-1', DEPLOYMENT], ['Pod', 'a', RS])
  t.equal(half.isToldOnce('Pod ns/a', web), true, 'by an owner that is not here itself')
  const bare = ownersOf(['Pod', 'a', undefined], ['Pod', 'b', { kind: 'Node', name: 'n', controller: false }])
  t.strictSame([bare.isToldOnce('Pod ns/a', web), bare.isToldOnce('Pod ns/b', web)], [true, true])
})

t.test('of the Pods of one owner those that are alike are told of once', async t => {
  const owners = ownersOf(['Pod', 'a', RS], ['Pod', 'b', RS], ['Pod', 'c', RS], ['Pod', 'd', { ...RS, name: 'web-2' }])
  t.strictSame(
    [
      owners.isToldOnce('Pod ns/a', pod('web')),
      owners.isToldOnce('Pod ns/b', pod('web')),
      owners.isToldOnce('Pod ns/c', pod('web:2')),
      owners.isToldOnce('Pod ns/d', pod('web')),
    ],
    [true, false, true, true],
  )
})

t.test('owners that own one another end', async t => {
  const owners = ownersOf(['Pod', 'a', { kind: 'Pod', name: 'b' }], ['Pod', 'b', { kind: 'Pod', name: 'a' }])
  t.equal(owners.isToldOnce('Pod ns/a', pod('web')), true)
})
