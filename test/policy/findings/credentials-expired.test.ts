import t from 'tap'
import { findExpiredCredentials } from '../../../src/policy/findings/credentials-expired.ts'
import { asTold, expiredSecret, HOST, IMAGE, judgedCase, type PodTweak, pullSecret } from '../pod-case.ts'

const found = (tweak: PodTweak) => asTold(findExpiredCredentials(judgedCase(tweak)))
const RENEW =
  'renew them: kubectl create secret docker-registry old --namespace team-a --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml | kubectl replace --force -f -'
const OLD = { references: ['old'], secrets: { old: expiredSecret('old') } }

t.test('credentials that have expired, for a private image', async t => {
  t.strictSame(found({ ...OLD, registryClass: 'private' }), [
    {
      code: 'CredentialsExpired',
      effect: 'blocks',
      secret: 'old',
      container: 'c0',
      image: IMAGE,
      origin: 'object',
      affectsPrivate: true,
      message: `the credentials for "${HOST}" in Secret "old" expired at 2026-05-31T23:59:00Z, and "${IMAGE}" is pulled with them; ${RENEW}`,
    },
  ])
})

t.test(
  'a pull secret of the ServiceAccount that would do, and that the list of the Pod displaced, is named',
  async t => {
    const displacing: PodTweak = {
      ...OLD,
      secrets: { ...OLD.secrets, acme: pullSecret('acme', HOST) },
      account: { references: ['acme'] },
      registryClass: 'private',
    }
    const message = `the credentials for "${HOST}" in Secret "old" expired at 2026-05-31T23:59:00Z, and "${IMAGE}" is pulled with them, while "acme" of its ServiceAccount would work, but a Pod with its own imagePullSecrets ignores it; add "acme" to spec.imagePullSecrets`
    t.match(found(displacing), [{ message, suggestion: { of: 'secret', text: 'acme' } }])
    t.match(found({ ...displacing, settings: { suggestions: 'none' } }), [{ message: /renew them/ }])
    t.match(found({ ...displacing, images: [{ pulled: false }] }), [{ message: /renew them/ }])
    t.match(found({ ...displacing, secrets: { ...OLD.secrets, acme: expiredSecret('acme') } }), [{ message: /renew/ }])
  },
)

t.test('with suggestions: none it is not said what they are for', async t => {
  const message = `the credentials in Secret "old" expired at 2026-05-31T23:59:00Z, and "${IMAGE}" is pulled with them; ${RENEW}`
  t.match(found({ ...OLD, settings: { suggestions: 'none' } }), [{ message }])
})

t.test('for any other it may be pulled without them', async t => {
  t.match(found(OLD), [{ effect: 'mayBlock', affectsPrivate: false }])
})

t.test(
  'for an image of a registry to which the nodes log in themselves the kubelet goes on with what they have',
  async t => {
    t.match(found({ ...OLD, registryClass: 'node' }), [
      {
        effect: 'degrades',
        message: /expired at .*, and the kubelet tries them for ".*" before what the nodes have; /,
      },
    ])
  },
)

t.test('of an image that is never pulled it is no more than a note', async t => {
  const message = `the credentials for "${HOST}" in Secret "old" expired at 2026-05-31T23:59:00Z, and though "${IMAGE}" is never pulled, since Kubernetes 1.35 the kubelet may check them all the same; ${RENEW}`
  t.match(found({ ...OLD, registryClass: 'private', images: [{ pulled: false }] }), [{ effect: 'degrades', message }])
  t.strictSame(found({ ...OLD, images: [{ pulled: false, name: undefined }] }), [])
})

t.test('a template may get what it misses before its Pods come', async t => {
  const template = { traits: { about: 'template', form: 'written' }, registryClass: 'private' } as const
  t.match(found({ ...OLD, ...template }), [{ effect: 'blocks' }])
  t.match(found({ ...OLD, ...template, references: ['old', 'gone'] }), [{ effect: 'mayBlock' }])
})

t.test('one finding for each image, under the Secret that the kubelet would try first', async t => {
  const secrets = { old: expiredSecret('old'), older: expiredSecret('older', `${HOST}/acme`) }
  const images = [IMAGE, `${HOST}/other`, 'nginx']
  t.match(
    found({ references: ['old', 'older'], origins: { older: 'serviceAccount' }, secrets, images }).map(
      ({ secret, container, origin }) => `${secret} ${container} ${origin}`,
    ),
    ['old c1 object', 'older c0 serviceAccount'],
  )
})

t.test('nothing where other credentials are good, or there are none', async t => {
  t.strictSame(found({ references: ['old', 'new'], secrets: { ...OLD.secrets, new: pullSecret('new', HOST) } }), [])
  t.strictSame(found({ references: ['gone'] }), [])
})

t.test('an entry without a user name is no reason to renew it', async t => {
  const entries = [{ key: `${HOST}/acme`, usable: false }, ...expiredSecret('old').entries]
  t.match(found({ references: ['old'], secrets: { old: { ...pullSecret('old'), entries } } }), [
    { message: new RegExp(`credentials for "${HOST}" in`) },
  ])
})
