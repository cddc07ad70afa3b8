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
  IMAGE,
  inject,
  PRIVATE,
  pod,
  secret,
  secretFor,
} from './ask.ts'

const MUTATED: readonly ({ readonly name: string; readonly wanted: Answer } & Asked)[] = [
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
    name: 'match leaves public images alone',
    object: pod({ images: ['nginx'] }),
    objects: [secretFor('hub', 'https://index.docker.io/v1/')],
    wanted: { allowed: true, audit: { skipped: 'hub=registryNotEligible' } },
  },
  {
    name: 'match gives a mixed registry only what names a path',
    object: pod({ images: ['ghcr.io/acme/web'] }),
    objects: [secretFor('all', 'ghcr.io')],
    wanted: { allowed: true, audit: { skipped: 'all=registryNotEligible' } },
  },
  {
    name: 'match hands out nothing that has expired',
    objects: [secret('old', { auths: { [HOST]: { username: 'u', password: EXPIRED } } })],
    wanted: { allowed: true, audit: { skipped: 'old=notUsable' } },
  },
  {
    name: 'configured names are appended where they help, and say so where they do not',
    object: pod({ references: ['own'] }),
    objects: [secretFor('own', 'other.example.com'), secretFor('acme', HOST), secretFor('hub', 'hub.example.com')],
    settings: inject({ secrets: ['acme', 'hub', 'own'] }),
    wanted: {
      allowed: true,
      patch: [{ op: 'add', path: '/spec/imagePullSecrets/1', value: { name: 'acme' } }],
      audit: { injected: 'acme', skipped: 'hub=nothingToCover,own=alreadyListed' },
    },
  },
  {
    name: 'a configured name that is missing is referenced, as it may come',
    settings: inject({ secrets: ['late'] }),
    wanted: { allowed: true, patch: added('late'), audit: { injected: 'late' } },
  },
  {
    name: 'unless configuration says to skip it',
    settings: inject({ secrets: ['late'], whenMissing: 'skip' }),
    wanted: { allowed: true, audit: { skipped: 'late=notThere' } },
  },
  {
    name: 'a missing name is not referenced for a public image',
    object: pod({ images: ['nginx'] }),
    settings: inject({ secrets: ['late'] }),
    wanted: { allowed: true, audit: { skipped: 'late=nothingToCover' } },
  },
  {
    name: 'a configured Secret that the kubelet cannot use is not injected, and a private image makes that worth saying',
    objects: [secret('acme', '{}', 'Opaque')],
    settings: { ...inject({ secrets: ['acme'] }), ...PRIVATE },
    wanted: {
      allowed: true,
      warnings: [
        'Pod web: pull secret "acme" was not added: it has type Opaque, so Kubernetes does not use it; delete it and create it with --type=kubernetes.io/dockerconfigjson',
      ],
      audit: { skipped: 'acme=notUsable' },
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
    wanted: { allowed: true, patch: added('mine'), audit: { injected: 'mine', skipped: 'acme=nothingToCover' } },
  },
  {
    name: 'a Pod that asks for a name hears why it does not get it',
    object: pod({ images: ['nginx'], metadata: { annotations: { 'regcred.dev/pull-secrets': 'old' } } }),
    objects: [secret('old', { auths: { [HOST]: { username: 'u', password: EXPIRED } } })],
    wanted: {
      allowed: true,
      warnings: ['Pod web: pull secret "old" was not added: its credentials have expired; renew them'],
      audit: { skipped: 'old=notUsable' },
    },
  },
  {
    name: 'a mirror Pod gets nothing',
    object: pod({ metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } }),
    objects: [secretFor('acme', HOST)],
    wanted: { allowed: true, audit: { skipped: 'mirrorPod' } },
  },
  {
    name: 'nor does a Pod that opted out',
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
    name: 'nor any where injection is off',
    settings: inject({ enabled: false }),
    wanted: { allowed: true, audit: { skipped: 'disabled' } },
  },
  {
    name: 'but for a namespace that enables it',
    labels: { 'regcred.dev/inject': 'enabled' },
    objects: [secretFor('acme', HOST)],
    settings: inject({ enabled: false, match: true }),
    wanted: { allowed: true, patch: added('acme'), audit: { injected: 'acme' } },
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
    wanted: { allowed: true, audit: { skipped: 'acme=mountableSecretsEnforced' } },
  },
  {
    name: 'an exempt user is left alone',
    settings: { exemptions: { namespaces: [], usernames: ['jane'] } },
    objects: [secretFor('acme', HOST)],
    wanted: { allowed: true, audit: { skipped: 'exempt' } },
  },
  {
    name: 'images that are never pulled need nothing',
    object: pod({ spec: { containers: [{ name: 'c', image: IMAGE, imagePullPolicy: 'Never' }] } }),
    settings: inject({ secrets: ['acme'] }),
    objects: [secretFor('acme', HOST)],
    wanted: { allowed: true, audit: { skipped: 'acme=nothingToCover' } },
  },
  { name: 'an UPDATE is never mutated', operation: 'UPDATE', objects: [secretFor('acme', HOST)], wanted: CLEAN },
]

const ASKS = { metadata: { annotations: { 'regcred.dev/pull-secrets': 'mine' } } }

const MORE: typeof MUTATED = [
  {
    name: 'two images that one pull secret covers get it once, and of equals the first by name',
    object: pod({ images: [IMAGE, `${HOST}/acme/db`] }),
    objects: [secretFor('b', HOST), secretFor('a', HOST), secretFor('c', HOST)],
    wanted: { allowed: true, patch: added('a'), audit: { injected: 'a' } },
  },
  {
    name: 'a Pod that asks for a name that is not there',
    object: pod(ASKS),
    settings: inject({ whenMissing: 'skip' }),
    wanted: {
      allowed: true,
      warnings: ['Pod web: pull secret "mine" was not added: it does not exist in namespace "team-a"; create it there'],
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
  {
    name: 'a Pod that asks for a name that it may not have',
    object: pod(ASKS),
    account: {
      metadata: {
        name: 'default',
        namespace: 'team-a',
        annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' },
      },
    },
    wanted: {
      allowed: true,
      warnings: [
        'Pod web: pull secret "mine" was not added: the ServiceAccount enforces mountable secrets and does not list it; add it to the ServiceAccount',
      ],
      audit: { skipped: 'mine=mountableSecretsEnforced' },
    },
  },
  {
    name: 'a Pod that asks for a name that helps nothing hears nothing',
    object: pod(ASKS),
    objects: [secretFor('mine', 'other.example.com')],
    wanted: { allowed: true, audit: { skipped: 'mine=nothingToCover' } },
  },
  {
    name: 'a Pod that asks for too many names',
    object: pod({
      images: Array.from({ length: 17 }, (_, i) => `s${i}.example.com/x`),
      metadata: { annotations: { 'regcred.dev/pull-secrets': 's16' } },
    }),
    objects: Array.from({ length: 17 }, (_, i) => secretFor(`s${i}`, `s${i}.example.com`)),
    settings: inject({ secrets: Array.from({ length: 16 }, (_, i) => `s${i}`) }),
    wanted: {
      allowed: true,
      warnings: ['Pod web: pull secret "s16" was not added: regcred adds at most 16 to a Pod; list fewer'],
      patch: added(...Array.from({ length: 16 }, (_, i) => `s${i}`)),
      audit: { injected: Array.from({ length: 16 }, (_, i) => `s${i}`).join(), skipped: 's16=tooMany' },
    },
  },
]

for (const { name, wanted, ...asked } of [...MUTATED, ...MORE]) {
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
  t.match(audit, { skipped: 's16=tooMany,s17=tooMany,s18=tooMany,s19=tooMany' })
  t.equal((await ask({ stage: 'mutate', object: patched, objects, settings })).patch, undefined)
})
