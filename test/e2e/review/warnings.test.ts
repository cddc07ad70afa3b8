import t from 'tap'
import { created, listOfPod, recreated, recreatedFromLogin } from '../control-plane/advised.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import {
  apply,
  dockerConfig,
  IMAGE,
  namespace,
  opaqueSecret,
  type PodTweak,
  pod,
  pullSecret,
  REGISTRY,
  serviceAccount,
} from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'

const PRIVATE = 'private.example.com'
const { controlPlane } = await withCluster(t, {
  config: { registries: { private: [PRIVATE] }, inject: { secrets: ['late'] } },
})
const { kubectl } = controlPlane

t.before(async () => {
  // Nothing is injected here, so that what the Pods lack stays lacking.
  const here = namespace('team-a', { labels: { 'regcred.dev/inject': 'disabled' } })
  const secrets = [
    pullSecret('team-a', 'own', 'own.example.com'),
    pullSecret('team-a', 'acme', PRIVATE),
    pullSecret('team-a', 'near', `${REGISTRY}/other`, 'second.example.com:5000'),
    dockerConfig('team-a', 'mac', { auths: { [REGISTRY]: {} }, credsStore: 'desktop' }),
    opaqueSecret('team-a', 'opaque'),
  ]
  outputOf(await apply(kubectl, here, serviceAccount('team-a', 'builder', ['acme']), ...secrets, namespace('team-b')))
})

const notFound = (secret: string, namespace: string) =>
  `Secret "${secret}" does not exist in namespace "${namespace}"; ${created(secret, namespace)}`

const cases: { name: string; namespace?: string; tweak: PodTweak; warnings: string[] }[] = [
  {
    name: "the ServiceAccount's pull secret that the Pod's own list displaced",
    tweak: { images: [`${PRIVATE}/a/b`], references: ['own'], spec: { serviceAccountName: 'builder' } },
    warnings: [
      `"acme" of its ServiceAccount would work for "${PRIVATE}/a/b", ` +
        'but a Pod with its own imagePullSecrets ignores it; ' +
        `add "acme" to ${listOfPod('team-a')}`,
    ],
  },
  {
    name: 'the entry that nearly covers the image',
    tweak: { references: ['own', 'near'] },
    warnings: [`Secret "near" is for "${REGISTRY}/other", not for "${IMAGE}"; write "${REGISTRY}/acme"`],
  },
  {
    name: 'the entry with another port',
    tweak: { images: ['second.example.com/a/b'], references: ['near'] },
    warnings: [
      'Secret "near" is for "second.example.com:5000", not for "second.example.com/a/b"; write "second.example.com"',
    ],
  },
  {
    name: 'the credential store that has the credentials',
    tweak: { references: ['mac'] },
    warnings: [
      'Secret "mac" holds no usable credentials, only the name of the credential store "desktop"; ' +
        recreatedFromLogin('mac', 'team-a'),
    ],
  },
  {
    name: 'one cause once, however many containers it concerns',
    tweak: { images: Array.from({ length: 12 }, (_, i) => `${PRIVATE}/a/b:${i % 6}`), references: ['own'] },
    warnings: [
      `none of its pull secrets has credentials for "${PRIVATE}/a/b:0" ("own" is for own.example.com) ` +
        `(the same for 5 more images); add one that has them to ${listOfPod('team-a')}`,
    ],
  },
  {
    name: 'each of several causes',
    tweak: { images: [IMAGE, 'nginx', 'Not/AnImage', 'Not/AnImage'], references: ['gone', 'opaque', 'gone-too'] },
    warnings: [
      'image "Not/AnImage" of container "c2" is not a valid image name (invalid reference format: repository name must be lowercase); write "Not/animage"',
      notFound('gone', 'team-a').replace(';', ' (also missing: "gone-too");'),
      `Secret "opaque" has type Opaque, so Kubernetes does not use it; ${recreated('opaque', 'team-a')}`,
    ],
  },
  {
    name: 'a configured name that is missing, once, where an image needs it',
    namespace: 'team-b',
    tweak: { images: [`${PRIVATE}/a/b`, `${PRIVATE}/a/c`] },
    warnings: [notFound('late', 'team-b')],
  },
  { name: 'nothing of a configured name that may not be needed', namespace: 'team-b', tweak: {}, warnings: [] },
]

for (const [i, { name, namespace = 'team-a', tweak, warnings }] of cases.entries()) {
  t.test(`a Pod is warned of ${name}`, async t => {
    const stderr = warnings.map(line => `Warning: Pod case-${i}: ${line}\n`).join('')
    const made = await apply(kubectl, pod(namespace, `case-${i}`, tweak))
    t.same(made, { code: 0, stdout: `pod/case-${i} created\n`, stderr })
  })
}

/** The API server cuts every warning to 256 characters once all of them together have more. */
const MOST = 4096

t.test('a monster of a Pod earns no more than fits, from both webhooks together', async t => {
  const name = `monster-${'y'.repeat(240)}`
  const many = (length: number, each: (i: number) => string) => Array.from({ length }, (_, i) => each(i))
  const made = await apply(
    kubectl,
    pod('team-b', name, {
      images: [`${PRIVATE}/a/b`, ...many(50, i => `Not/AnImage-${'z'.repeat(100)}-${i}`)],
      references: many(200, i => `gone-${i}`),
      metadata: { annotations: { 'regcred.dev/pull-secrets': many(30, i => `asked-${i}`).join() } },
    }),
  )
  t.match(made, { code: 0, stdout: `pod/${name} created\n` })
  const title = `Pod ${name}: `
  const lines = made.stderr.split('\n').map(line => line.replace(/^Warning: /, ''))
  const characters = lines.join('').length
  t.ok(characters < MOST, `${characters} characters`)
  const ours = lines.filter(line => line.startsWith(title)).map(line => line.slice(title.length))
  const invalid = (i: number) =>
    `image "Not/AnImage-${'z'.repeat(67)}…" of container "c${i}" is not a valid image name (invalid reference format: repository name must be lowercase); write host/path:tag or host/path@sha256:…`
  const sum = /^and \d+ more; see the audit annotations, or run: regcred check FILE$/
  t.match(ours, [
    'pull secret "asked-15" was not added: regcred adds at most 16 to a Pod; list fewer',
    sum,
    ...many(ours.length - 3, i => invalid(i + 1)),
    sum,
  ])
  t.ok(ours.length > 6, `${ours.length} lines`)
})
