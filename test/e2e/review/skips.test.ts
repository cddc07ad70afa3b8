import t from 'tap'
import { recreatedFromLogin } from '../control-plane/advised.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import {
  apply,
  dockerConfig,
  fileOf,
  namespace,
  type PodTweak,
  pod,
  pullSecret,
  REGISTRY,
  serviceAccount,
} from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'
import { ourAnnotations, storedReferences } from '../regcred/observe.ts'

const { controlPlane } = await withCluster(t, {
  config: {
    inject: { secrets: ['acme'] },
    exemptions: { namespaces: ['exempt'], usernames: ['robot'] },
  },
})
const { kubectl } = controlPlane

t.before(async () => {
  for (const [name, metadata] of [
    ['team-a', {}],
    ['exempt', {}],
    ['switched-off', { labels: { 'regcred.dev/inject': 'disabled' } }],
  ] as const) {
    outputOf(await apply(kubectl, namespace(name, metadata), pullSecret(name, 'acme', REGISTRY)))
  }
  outputOf(
    await apply(
      kubectl,
      serviceAccount('team-a', 'strict', [], { 'kubernetes.io/enforce-mountable-secrets': 'true' }),
      serviceAccount('team-a', 'strict-with-it', ['acme'], { 'kubernetes.io/enforce-mountable-secrets': 'true' }),
      pullSecret('team-a', 'hub', 'ghcr.io'),
      dockerConfig('team-a', 'empty', { auths: { 'empty.example.com': {} } }),
    ),
  )
})

const annotated = (annotations: Readonly<Record<string, string>>) => ({ metadata: { annotations } })
const asking = (names: string) => annotated({ 'regcred.dev/pull-secrets': names })

const cases: {
  name: string
  namespace?: string
  tweak?: PodTweak
  user?: string
  skipped: string
  injected?: string
  stored?: string[]
  warning?: string
}[] = [
  {
    name: 'the mirror of a static Pod',
    tweak: { ...annotated({ 'kubernetes.io/config.mirror': 'x' }), spec: { nodeName: 'node-1' } },
    skipped: 'mirrorPod',
  },
  {
    name: 'a Pod whose ServiceAccount enforces mountable secrets',
    tweak: { spec: { serviceAccountName: 'strict' } },
    skipped: 'configuration=mountableSecretsEnforced',
  },
  {
    name: 'a Pod that asks for a name which its ServiceAccount does not allow',
    tweak: { ...asking('hub'), spec: { serviceAccountName: 'strict' } },
    skipped: 'configuration=mountableSecretsEnforced,hub=mountableSecretsEnforced',
    warning:
      'pull secret "hub" was not added: ' +
      'the ServiceAccount enforces mountable secrets and does not list it; ' +
      `add "hub" to imagePullSecrets of ServiceAccount "strict", then recreate the Pod: kubectl patch serviceaccount strict --namespace team-a --patch '{"imagePullSecrets":[{"name":"hub"}]}'`,
  },
  {
    name: 'a Pod that opted out',
    tweak: annotated({ 'regcred.dev/inject': 'disabled' }),
    skipped: 'optedOut',
  },
  { name: 'a Pod of a namespace that opted out', namespace: 'switched-off', skipped: 'namespaceDisabled' },
  { name: 'a Pod of an exempt namespace', namespace: 'exempt', skipped: 'exempt' },
  { name: 'a Pod of an exempt user', user: 'robot', skipped: 'exempt' },
  {
    name: 'a Pod that has it already',
    tweak: { references: ['acme'] },
    skipped: 'acme=alreadyListed',
    stored: ['acme'],
  },
  {
    name: 'a Pod whose ServiceAccount has brought it',
    tweak: { spec: { serviceAccountName: 'strict-with-it' } },
    skipped: 'acme=alreadyListed',
    stored: ['acme'],
  },
  { name: 'a Pod with a public image', tweak: { images: ['nginx'] }, skipped: 'configuration=nothingToCover' },
  {
    name: 'a Pod with an image of a registry that has public ones too',
    tweak: { images: ['ghcr.io/acme/web:1'] },
    skipped: 'configuration=nothingToCover,match=registryNotEligible',
  },
  {
    name: 'a Pod that asks for a pull secret without credentials',
    tweak: asking('empty'),
    skipped: 'empty=notUsable',
    injected: 'acme',
    stored: ['acme'],
    warning:
      'pull secret "empty" was not added: ' +
      `it holds no usable credentials, as there is no user name; ${recreatedFromLogin('empty', 'team-a')}`,
  },
]

for (const [i, { name, namespace = 'team-a', tweak, user, skipped, injected, stored, warning }] of cases.entries()) {
  t.test(`nothing is added to ${name}, and the audit log says why`, async t => {
    const input = fileOf(pod(namespace, `case-${i}`, tweak))
    const identity = user === undefined ? {} : { as: user, groups: ['system:masters'] }
    const made = await kubectl(['apply', '-f', '-'], { input, ...identity })
    const stderr = warning === undefined ? '' : `Warning: Pod case-${i}: ${warning}\n`
    t.same(made, { code: 0, stdout: `pod/case-${i} created\n`, stderr })
    t.same(await storedReferences(kubectl, namespace, `case-${i}`), stored)
    const filter = { verb: 'create', resource: 'pods', namespace, name: `case-${i}` }
    t.same(await ourAnnotations(controlPlane, filter), {
      'mutate.regcred.dev/skipped': skipped,
      // Who is exempt is not judged either.
      ...(skipped === 'exempt' && { 'validate.regcred.dev/skipped': skipped }),
      ...(injected && { 'mutate.regcred.dev/injected': injected }),
    })
  })
}
