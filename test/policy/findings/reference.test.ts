import t from 'tap'
import type { SecretReading } from '../../../src/kubelet/secret.ts'
import { findUselessReferences } from '../../../src/policy/findings/reference.ts'
import { UNKNOWN } from '../../../src/policy/known.ts'
import { asTold, expiredSecret, HOST, IMAGE, judgedCase, type PodTweak, pullSecret } from '../pod-case.ts'

const found = (tweak: PodTweak) => asTold(findUselessReferences(judgedCase(tweak)))

const states: readonly [name: string, secret: SecretReading | typeof UNKNOWN, code: string | undefined][] = [
  ['unknown', UNKNOWN, undefined],
  ['skipped by the kubelet', { kind: 'wrongType', name: 's', type: 'Opaque' }, 'SecretWrongType'],
  ['malformed', { kind: 'malformed', name: 's', reason: 'it is not JSON' }, 'SecretMalformed'],
  ['without entries', pullSecret('s'), 'SecretWithoutCredentials'],
  [
    'of entries without a user name',
    { ...pullSecret('s'), entries: [{ key: HOST, usable: false }] },
    'SecretWithoutCredentials',
  ],
  ['of entries that have expired', expiredSecret('s'), undefined],
  ['for another registry', pullSecret('s', 'ghcr.io'), undefined],
  ['unread', { kind: 'unread', name: 's' }, undefined],
]

t.test('each state of a Secret has its finding, or none', async t => {
  for (const [name, secret, code] of states) {
    t.strictSame(
      found({ references: ['s'], secrets: { s: secret } }).map(finding => finding.code),
      code === undefined ? [] : [code],
      name,
    )
  }
})

t.test('a missing Secret', async t => {
  const asked = { references: ['amce'], registryClass: 'private' } as const
  t.strictSame(found(asked), [
    {
      code: 'SecretNotFound',
      effect: 'blocks',
      secret: 'amce',
      origin: 'object',
      affectsPrivate: true,
      message:
        'Secret "amce" does not exist in namespace "team-a"; correct the name, or create it: kubectl create secret docker-registry amce --namespace team-a --from-file=.dockerconfigjson=FILE',
    },
  ])
  const near = { ...asked, nearNames: { amce: 'acme' }, secrets: { acme: pullSecret('acme', HOST) } }
  t.match(found(near), [
    {
      suggestion: { of: 'secret', text: 'acme' },
      message: /; did you mean "acme"\? Write it in spec.imagePullSecrets$/,
    },
  ])
  t.strictSame(found({ ...near, settings: { suggestions: 'none' } }), found(asked), 'suggestions can be switched off')
})

t.test('each reference is told of, with who brought it', async t => {
  const origins = { b: 'serviceAccount', c: 'configuration' } as const
  t.strictSame(
    found({ references: ['a', 'b', 'c'], origins }).map(({ secret, origin }) => `${secret} ${origin}`),
    ['a object', 'b serviceAccount', 'c configuration'],
  )
})

t.test('the effect of what gives nothing is that of the images, and of what breaks the keyring of the Pod', async t => {
  const bad = { kind: 'malformed', name: 'bad', reason: 'it is not JSON' } as const
  const effects = (tweak: PodTweak) =>
    found({ references: ['gone', 'bad'], secrets: { bad }, ...tweak }).map(({ effect }) => effect)
  t.strictSame(effects({ images: [IMAGE] }), ['mayBlock', 'blocks'])
  t.strictSame(effects({ images: ['nginx'] }), ['degrades', 'blocks'], 'a public image is not pulled either')
  t.strictSame(effects({ images: [{ pulled: false }] }), ['degrades', 'degrades'], 'unless nothing is')
})

t.test('whether a private image is in it', async t => {
  const bad = { kind: 'malformed', name: 'bad', reason: 'it is not JSON' } as const
  const secrets = { bad, acme: pullSecret('acme', HOST) }
  const affected = (references: string[]) =>
    found({ references, secrets, registryClass: 'private' }).map(({ affectsPrivate }) => affectsPrivate)
  t.strictSame(affected(['gone']), [true])
  t.strictSame(affected(['gone', 'acme']), [false], 'one that is covered is not')
  t.strictSame(affected(['bad', 'acme']), [true], 'but where nothing is pulled')
})

t.test('what a type that the kubelet skips means', async t => {
  const messageOf = (type?: string) =>
    found({ references: ['s'], secrets: { s: { kind: 'wrongType', name: 's', ...(type && { type }) } } })[0]?.message
  const recreate =
    'recreate it: kubectl create secret docker-registry s --namespace team-a --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml | kubectl replace --force -f -'
  t.equal(messageOf(), `Secret "s" has the wrong type, so Kubernetes does not use it; ${recreate}`)
  t.equal(messageOf('Opaque'), `Secret "s" has type Opaque, so Kubernetes does not use it; ${recreate}`)
  t.equal(
    messageOf('kubernetes.io/dockerconfigjson'),
    'Secret "s" has nothing under ".dockerconfigjson", so Kubernetes does not use it; recreate it: kubectl create secret docker-registry s --namespace team-a --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml | kubectl replace --force -f -',
  )
})

t.test('whose Pods a broken Secret keeps from pulling', async t => {
  const secrets = { bad: { kind: 'malformed', name: 'bad', reason: 'it is not JSON' } } as const
  const messageOf = (about: 'pod' | 'template') =>
    found({ references: ['bad'], secrets, traits: { about } })[0]?.message
  const advice =
    'recreate it: kubectl create secret docker-registry bad --namespace team-a --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml | kubectl replace --force -f -'
  const broken = 'Secret "bad" is broken (it is not JSON), so Kubernetes pulls nothing for'
  t.equal(messageOf('pod'), `${broken} this Pod; ${advice}`)
  t.equal(messageOf('template'), `${broken} its Pods; ${advice}`)
})

t.test('a near name that would not help is not suggested', async t => {
  const acme = { nearNames: { amce: 'acme' }, secrets: { acme: pullSecret('acme', HOST) } }
  const suggested = (tweak: PodTweak) => found({ references: ['amce'], ...acme, ...tweak })[0]?.suggestion?.text
  t.equal(suggested({}), 'acme')
  t.equal(suggested({ references: ['amce', 'acme'] }), undefined, 'its author has listed it')
  t.equal(suggested({ references: ['amce', 'acme'], origins: { acme: 'serviceAccount' } }), undefined, 'it is copied')
  t.equal(
    suggested({ references: ['amce', 'acme'], origins: { acme: 'configuration' } }),
    'acme',
    'regcred has added it',
  )
  t.equal(suggested({ secrets: { acme: pullSecret('acme', 'ghcr.io') } }), undefined, 'it covers no image')
  t.equal(suggested({ images: ['ghcr.io/acme/web', IMAGE] }), 'acme', 'it covers one of several')
  t.equal(suggested({ secrets: { acme: { kind: 'unread', name: 'acme' } } }), 'acme', 'it may hold anything')
})
