import jsonpatch from 'fast-json-patch'
import t from 'tap'
import {
  type Answer,
  type Asked,
  added,
  ask,
  CLEAN,
  EXPIRED,
  HOST,
  inject,
  PRIVATE,
  pod,
  secret,
  secretFor,
} from './ask.ts'

const ASKS = { metadata: { annotations: { 'regcred.dev/pull-secrets': 'mine' } } }

const cases: readonly ({ readonly name: string; readonly wanted: Answer } & Asked)[] = [
  {
    name: 'a Pod whose references cover it is left alone',
    object: pod({ references: ['acme'] }),
    objects: [secretFor('acme', HOST)],
    wanted: CLEAN,
  },
  {
    name: 'match adds the pull secret that fits best, then by name',
    objects: [secretFor('b', `${HOST}/acme`), secretFor('a', HOST), secretFor('c', `${HOST}/acme`)],
    wanted: { allowed: true, patch: added('b'), audit: { injected: 'b' } },
  },
  {
    name: 'configured names are appended where they help, and say so where they do not',
    object: pod({ references: ['own'] }),
    objects: [secretFor('own', 'other.example.com'), secretFor('acme', HOST), secretFor('hub', 'hub.example.com')],
    settings: inject({ secrets: ['acme', 'hub', 'own'] }),
    wanted: {
      allowed: true,
      patch: [{ op: 'add', path: '/spec/imagePullSecrets/1', value: { name: 'acme' } }],
      audit: { injected: 'acme', skipped: 'configuration=nothingToCover,own=alreadyListed' },
    },
  },
  {
    name: 'a configured name that is missing is referenced, as it may come',
    settings: inject({ secrets: ['late'] }),
    wanted: { allowed: true, patch: added('late'), audit: { injected: 'late' } },
  },
  {
    name: 'a configured Secret that the kubelet cannot use is not injected, and a private image makes that worth saying',
    objects: [secret('acme', '{}', 'Opaque')],
    settings: { ...inject({ secrets: ['acme'] }), ...PRIVATE },
    wanted: {
      allowed: true,
      warnings: [
        'Pod web: pull secret "acme" was not added: it has type Opaque, so Kubernetes does not use it; recreate it: kubectl create secret docker-registry acme --namespace team-a --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml | kubectl replace --force -f -',
      ],
      audit: { skipped: 'configuration=notUsable' },
    },
  },
  {
    name: 'rules write names down for images, and annotations of the Pod for itself',
    object: pod({ metadata: { annotations: { 'regcred.dev/pull-secrets': ' mine , ' } } }),
    objects: [secretFor('acme', `${HOST}/other`), secretFor('mine', HOST)],
    settings: inject({
      rules: [
        { images: [HOST], secrets: ['acme'] },
        { images: ['ghcr.io'], secrets: ['no'] },
      ],
    }),
    wanted: {
      allowed: true,
      patch: added('mine'),
      audit: { injected: 'mine', skipped: 'rule=nothingToCover' },
    },
  },
  {
    name: 'a Pod that asks for a name hears why it does not get it',
    object: pod({ images: ['nginx'], metadata: { annotations: { 'regcred.dev/pull-secrets': 'old' } } }),
    objects: [secret('old', { auths: { [HOST]: { username: 'u', password: EXPIRED } } })],
    wanted: {
      allowed: true,
      warnings: [
        'Pod web: pull secret "old" was not added: its credentials have expired; renew them: kubectl create secret docker-registry old --namespace team-a --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml | kubectl replace --force -f -',
      ],
      audit: { skipped: 'old=notUsable' },
    },
  },
  {
    name: 'a Pod that opted out gets nothing',
    object: pod({ metadata: { annotations: { 'regcred.dev/inject': 'disabled' } } }),
    objects: [secretFor('acme', HOST)],
    wanted: { allowed: true, audit: { skipped: 'optedOut' } },
  },
  {
    name: 'nor one in a namespace that is disabled',
    labels: { 'regcred.dev/inject': 'disabled' },
    objects: [secretFor('acme', HOST)],
    wanted: { allowed: true, audit: { skipped: 'namespaceDisabled' } },
  },
  {
    name: 'a ServiceAccount that enforces mountable secrets gets what it lists alone',
    object: pod(),
    account: {
      metadata: {
        name: 'default',
        namespace: 'team-a',
        annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' },
      },
      imagePullSecrets: [{ name: 'listed' }],
    },
    objects: [secretFor('acme', HOST), secretFor('listed', 'other.example.com')],
    settings: inject({ secrets: ['acme'], match: true }),
    wanted: { allowed: true, audit: { skipped: 'configuration=mountableSecretsEnforced' } },
  },
  {
    name: 'an exempt user is left alone',
    settings: { exemptions: { namespaces: [], usernames: ['jane'] } },
    objects: [secretFor('acme', HOST)],
    wanted: { allowed: true, audit: { skipped: 'exempt' } },
  },
  { name: 'an UPDATE is never mutated', operation: 'UPDATE', objects: [secretFor('acme', HOST)], wanted: CLEAN },
  {
    name: 'a Pod that asks for a name that is not there',
    object: pod(ASKS),
    settings: inject({ whenMissing: 'skip' }),
    wanted: {
      allowed: true,
      warnings: [
        'Pod web: pull secret "mine" was not added: it does not exist in namespace "team-a"; correct the name, or create it: kubectl create secret docker-registry mine --namespace team-a --from-file=.dockerconfigjson=FILE',
      ],
      audit: { skipped: 'mine=notThere' },
    },
  },
  {
    name: 'in silence where the mode says so',
    object: pod(ASKS),
    settings: inject({ whenMissing: 'skip' }),
    labels: { 'regcred.dev/mode': 'audit' },
    wanted: { allowed: true, audit: { skipped: 'mine=notThere' } },
  },
]

for (const { name, wanted, ...asked } of cases) {
  t.test(`mutate: ${name}`, async t => {
    const answer = await ask({ stage: 'mutate', ...asked })
    t.strictSame(answer, wanted)
    if (answer.patch === undefined) return
    const patched: unknown = jsonpatch.applyPatch(structuredClone(asked.object ?? pod()), answer.patch).newDocument
    const again = await ask({ stage: 'mutate', ...asked, object: patched })
    t.equal(again.patch, undefined, 'called again it changes nothing')
  })
}

t.test('at most 16 names are brought, counting those that are there', async t => {
  const names = Array.from({ length: 20 }, (_, i) => `s${i}`)
  const object = pod({ images: names.map(name => `${name}.example.com/x`) })
  const objects = names.map(name => secretFor(name, `${name}.example.com`))
  const settings = inject({ secrets: names })
  const { patch = [], audit } = await ask({ stage: 'mutate', object, objects, settings })
  const patched = jsonpatch.applyPatch(structuredClone(object), patch).newDocument
  t.match(audit, { skipped: 'configuration=tooMany' })
  t.equal((await ask({ stage: 'mutate', object: patched, objects, settings })).patch, undefined)
})
