import t from 'tap'
import { checkManifests } from '../../src/engine/check-manifests.ts'
import { parseManifests } from '../../src/manifests/read.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings, type Settings } from '../../src/policy/settings.ts'
import { type Answer, added, ask, CLEAN, IMAGE, inject, PRIVATE, pod, secret, secretFor } from './ask.ts'

/** What `view.secrets: names` comes to in a configuration file, and a namespace that refuses all that is sure to fail. */
const NAMES: Partial<Settings> = { ...PRIVATE, ...inject({}), view: { secrets: 'names' }, mode: 'enforce' }
const written = (tweak: Partial<Settings['inject']>) => ({ ...NAMES, ...inject({ secrets: ['acme'], ...tweak }) })

interface Case {
  readonly name: string
  readonly asked: Parameters<typeof ask>[0]
  readonly expected: Omit<Answer, 'warnings'> & { readonly warnings?: readonly (string | RegExp)[] }
}

const missing =
  'Pod web: Secret "gone" does not exist in namespace "team-a"; correct the name, or create it: kubectl create secret docker-registry gone --namespace team-a --from-file=.dockerconfigjson=FILE'
const wrongType =
  'Pod web: Secret "opaque" has the wrong type, so Kubernetes does not use it; recreate it: kubectl create secret docker-registry opaque --namespace team-a --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml | kubectl replace --force -f -'

const cases: readonly Case[] = [
  {
    name: 'a Secret that is there says nothing, whatever it holds',
    asked: {
      object: pod({ references: ['elsewhere', 'malformed', 'empty'] }),
      objects: [secretFor('elsewhere', 'other.example.com'), secret('malformed', '['), secret('empty', { auths: {} })],
    },
    expected: CLEAN,
  },
  {
    name: 'a missing one may block, and is not refused: nobody can say what the others cover',
    asked: { object: pod({ references: ['gone'] }) },
    expected: { allowed: true, warnings: [missing], audit: { findings: 'SecretNotFound mayBlock secret=gone' } },
  },
  {
    name: 'one of another type may block, and its type is not known',
    asked: { object: pod({ references: ['opaque'] }), objects: [secret('opaque', {}, 'Opaque')] },
    expected: { allowed: true, warnings: [wrongType], audit: { findings: 'SecretWrongType mayBlock secret=opaque' } },
  },
  {
    name: 'for a public image a missing one does less harm',
    asked: { object: pod({ references: ['gone'], images: ['docker.io/library/nginx'] }) },
    expected: { allowed: true, warnings: [missing], audit: { findings: 'SecretNotFound degrades secret=gone' } },
  },
  { name: 'that no reference covers an image is not said', asked: { object: pod() }, expected: CLEAN },
  {
    name: 'a written-down name that is there is referenced',
    asked: { stage: 'mutate', settings: written({}), objects: [secretFor('acme', 'other.example.com')] },
    expected: { allowed: true, patch: added('acme'), audit: { injected: 'acme' } },
  },
  {
    name: 'and also where missing ones are not',
    asked: {
      stage: 'mutate',
      settings: written({ whenMissing: 'skip', secrets: ['acme', 'gone'] }),
      objects: [secretFor('acme', 'other.example.com')],
    },
    expected: {
      allowed: true,
      warnings: [/"gone" was not added: it does not exist in namespace "team-a"/],
      patch: added('acme'),
      audit: { injected: 'acme', skipped: 'configuration=notThere' },
    },
  },
  {
    name: 'a missing one is referenced, as it may yet come',
    asked: { stage: 'mutate', settings: written({}) },
    expected: { allowed: true, patch: added('acme'), audit: { injected: 'acme' } },
  },
  {
    name: 'one of another type is not',
    asked: { stage: 'mutate', settings: written({}), objects: [secret('acme', {}, 'Opaque')] },
    expected: {
      allowed: true,
      warnings: [/"acme" was not added: it has the wrong type/],
      audit: { skipped: 'configuration=notUsable' },
    },
  },
  {
    name: 'a public image is given none',
    asked: {
      stage: 'mutate',
      settings: written({}),
      object: pod({ images: ['docker.io/library/nginx'] }),
      objects: [secretFor('acme', 'docker.io')],
    },
    expected: { allowed: true, audit: { skipped: 'configuration=nothingToCover' } },
  },
  {
    name: 'a Secret is not reviewed',
    asked: { kind: 'Secret', object: secret('bad', '[') },
    expected: CLEAN,
  },
]

for (const { name, asked, expected } of cases) {
  t.test(`with names alone: ${name}`, async t => {
    const { audit, message, ...answer } = await ask({ settings: NAMES, ...asked })
    t.equal(message, undefined)
    const { mode, ...annotations } = audit ?? {}
    const { audit: wanted, ...rest } = expected
    t.match(answer, rest)
    t.strictSame(Object.keys(answer).sort(), Object.keys(rest).sort())
    t.match(annotations, wanted ?? {})
    t.strictSame(Object.keys(annotations).sort(), Object.keys(wanted ?? {}).sort())
  })
}

t.test('check says what the webhook would', async t => {
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } },
    secret('bad', '['),
    { apiVersion: 'v1', kind: 'Pod', ...pod({ references: ['bad', 'gone'], images: [IMAGE] }) },
  ]
  const parsed = await parseManifests('c', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }))
  if (!parsed.ok) throw new Error(parsed.faults.join())
  const options = { namespace: 'team-a', strict: true, now: () => 0 }
  const check = async (settings: Partial<Settings>) => {
    const rulebook = prepareRulebook({ ...defaultSettings, ...settings })
    const checked = await checkManifests(parsed.manifests, rulebook, options)
    return checked.objects.map(({ manifest, findings }) => [manifest.kind, findings.map(({ code }) => code)])
  }
  t.strictSame(await check(NAMES), [
    ['Namespace', []],
    ['Pod', ['SecretNotFound']],
  ])
  t.strictSame(await check({}), [
    ['Namespace', []],
    ['Secret', ['SecretMalformed']],
    ['Pod', ['SecretMalformed', 'SecretNotFound']],
  ])
})
