import t from 'tap'
import { checkManifests } from '../../src/engine/check-manifests.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { Budget } from '../../src/runtime/budget.ts'
import { type Asked, ask, HOST, PRIVATE, pod, secretFor } from './ask.ts'

const ENFORCE = { 'regcred.dev/mode': 'enforce' }
const CONTROLLER = {
  username: 'system:serviceaccount:kube-system:replicaset-controller',
  object: pod({
    references: ['acme'],
    metadata: { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true }] },
  }),
}
const debug = {
  operation: 'UPDATE',
  subResource: 'ephemeralcontainers',
  object: pod({ images: [], references: ['acme'], spec: { ephemeralContainers: [{ name: 'c0', image: HOST }] } }),
  oldObject: pod({ images: [] }),
}
const deployment = (spec: object) => ({
  group: 'apps',
  kind: 'Deployment',
  object: { metadata: { name: 'web' }, spec: { template: pod(spec) } },
})

/**
 * What becomes of an object by `enforce.unknown`: `allow` or `refuse`. An outcome in doubt is let through under the first, and
 * under the second gets a 429.
 */
const cases: { name: string; asked: Asked; allow: string; refuse: string }[] = [
  {
    name: 'a Pod whose pull secret could not be read',
    asked: { object: pod({ references: ['acme'] }), unknown: ['secret/acme'] },
    allow: 'in doubt: unread',
    refuse: 'try again: Secret "acme"',
  },
  {
    name: 'a Pod of a public image with a pull secret that may be broken',
    asked: { object: pod({ images: ['nginx'], references: ['acme'] }), unknown: ['secret/acme'] },
    allow: 'in doubt: unread',
    refuse: 'try again: Secret "acme"',
  },
  {
    name: 'a Pod that blocks whatever is unknown',
    asked: { object: pod({ images: ['UPPER'], references: ['acme'] }), unknown: ['secret/acme'] },
    allow: 'refused',
    refuse: 'refused',
  },
  {
    name: 'a Pod with which nothing can be wrong',
    asked: { object: pod({ images: ['nginx'] }), unknown: ['namespace', 'serviceaccount', 'secrets'] },
    allow: 'allowed',
    refuse: 'allowed',
  },
  {
    name: 'the same Pod of a controller',
    asked: { ...CONTROLLER, unknown: ['secret/acme'] },
    allow: 'allowed',
    refuse: 'allowed',
  },
  {
    name: 'the same Pod of a controller that may be refused',
    asked: {
      ...CONTROLLER,
      unknown: ['secret/acme'],
      settings: { ...PRIVATE, enforce: { ...defaultSettings.enforce, controllers: true } },
    },
    allow: 'in doubt: unread',
    refuse: 'in doubt: unread',
  },
  {
    name: 'an ephemeral container',
    asked: { ...debug, unknown: ['secret/acme'] },
    allow: 'allowed',
    refuse: 'allowed',
  },
  {
    name: 'a Pod in a namespace that could not be read, which blocks if that enforces',
    asked: { object: pod(), unknown: ['namespace'] },
    allow: 'in doubt: namespace',
    refuse: 'try again: Namespace "team-a"',
  },
  {
    name: 'the same where the mode of the file is off',
    asked: { object: pod(), unknown: ['namespace'], settings: { ...PRIVATE, mode: 'off' } },
    allow: 'in doubt: namespace',
    refuse: 'try again: Namespace "team-a"',
  },
  {
    name: 'the same in an exempt namespace',
    asked: {
      object: pod(),
      unknown: ['namespace'],
      settings: { ...PRIVATE, exemptions: { namespaces: ['team-a'], usernames: [] } },
    },
    allow: 'allowed',
    refuse: 'allowed',
  },
  {
    name: 'a template whose ServiceAccount could not be read',
    asked: { ...deployment({ images: ['nginx'] }), unknown: ['serviceaccount'] },
    allow: 'in doubt: unread',
    refuse: 'try again: the ServiceAccount',
  },
  {
    name: 'a template with a list of its own, whose ServiceAccount could not be read',
    asked: {
      ...deployment({ images: ['nginx'], references: ['acme'] }),
      objects: [secretFor('acme', HOST)],
      unknown: ['serviceaccount'],
    },
    allow: 'allowed',
    refuse: 'allowed',
  },
  {
    name: 'a template for which the pull secrets of the namespace could not be read',
    asked: { ...deployment({}), unknown: ['secrets'] },
    allow: 'in doubt: unread',
    refuse: 'try again: the pull secrets of namespace "team-a"',
  },
]

async function outcomeOf(asked: Asked, unknown: 'allow' | 'refuse'): Promise<string> {
  const settings = { ...defaultSettings, ...PRIVATE, ...asked.settings }
  const enforce = { ...settings.enforce, unknown }
  const answer = await ask({ labels: ENFORCE, ...asked, settings: { ...settings, enforce } })
  const { allowed, message = '', retryAfterSeconds, audit } = answer
  if (retryAfterSeconds !== undefined) return `try again: ${/could not read (.*) in time/.exec(message)?.[1]}`
  if (!allowed) return 'refused'
  return audit?.['unconfirmed'] === undefined ? 'allowed' : `in doubt: ${audit['unconfirmed']}`
}

for (const { name, asked, allow, refuse } of cases) {
  t.test(`where a namespace enforces, ${name}: ${allow}, or ${refuse}`, async t => {
    t.strictSame([await outcomeOf(asked, 'allow'), await outcomeOf(asked, 'refuse')], [allow, refuse])
  })
}

t.test('in other modes nothing is in doubt', async t => {
  const asked = { object: pod({ references: ['acme'] }), unknown: ['secret/acme'] }
  for (const mode of ['off', 'audit', 'warn']) {
    t.equal(await outcomeOf({ ...asked, labels: { 'regcred.dev/mode': mode } }, 'refuse'), 'allowed', mode)
  }
})

t.test('where only names are received nothing more could be found out, so nothing is in doubt', async t => {
  const settings = { ...PRIVATE, view: { secrets: 'names' as const } }
  const asked = { object: pod({ references: ['acme'] }), unknown: ['secret/acme'], settings }
  t.equal(await outcomeOf(asked, 'allow'), 'allowed')
})

t.test('more pull secrets than are read for one review hide nothing', async t => {
  const references = Array.from({ length: 101 }, (_, i) => `gone-${i}`)
  for (const unknown of ['allow', 'refuse'] as const) {
    t.equal(await outcomeOf({ object: pod({ references }) }, unknown), 'refused', unknown)
  }
})

const images = Array.from({ length: 8000 }, (_, i) => `${HOST}/acme/web:${i}`)
const object = pod({ images, references: ['acme'] })
const objects = [secretFor('acme', 'other.example.com')]
const TOO_MUCH = 'object: images=8000 references=1 names=0'

t.test('a Pod that is too large to be checked is refused in mode enforce, with the numbers', async t => {
  const enforced = { object, objects, settings: PRIVATE, labels: { 'regcred.dev/mode': 'enforce' } }
  const { allowed, message, audit } = await ask(enforced)
  t.equal(allowed, false)
  t.match(message, /^Pod web: too large to be checked \(8000 images and 1 pull secret\)/)
  t.match(audit, { tooMuch: TOO_MUCH, unknown: 'tooMuch' })
})

t.test('in other modes it is let through, and nothing is said of it', async t => {
  for (const mode of ['warn', 'audit']) {
    const answer = await ask({ object, objects, settings: PRIVATE, labels: { 'regcred.dev/mode': mode } })
    t.match(answer, { allowed: true, audit: { tooMuch: TOO_MUCH } }, mode)
    t.equal(answer.warnings, undefined, mode)
  }
  const off = await ask({ object, objects, settings: PRIVATE, labels: { 'regcred.dev/mode': 'off' } })
  t.strictSame(off, { allowed: true })
})

t.test('nothing is injected into it', async t => {
  const { allowed, patch, audit } = await ask({
    stage: 'mutate',
    object,
    objects: [secretFor('acme', HOST)],
    settings: PRIVATE,
  })
  t.equal(allowed, true)
  t.equal(patch, undefined)
  t.match(audit, { skipped: 'tooMuch', tooMuch: TOO_MUCH })
})

t.test('check allows a thousand times as much', async t => {
  const manifest = {
    file: 'web.yaml',
    apiVersion: 'v1',
    kind: 'Pod',
    object: { apiVersion: 'v1', kind: 'Pod', ...object },
  }
  const options = { namespace: 'team-a', strict: true, now: () => 0 }
  const { objects: checked, errors } = await checkManifests([manifest], prepareRulebook(defaultSettings), options)
  t.strictSame(errors, [])
  t.equal(checked[0]?.images.length, 8000)
  const little = await checkManifests([manifest], prepareRulebook(defaultSettings), {
    ...options,
    budget: () => new Budget(1000),
  })
  t.match(little.errors, [{ message: '8000 images with 1 pull secrets are too many to check' }])
  t.strictSame(little.objects, [])
})

t.test('however large an object is, the numbers that it is refused with are its own', async t => {
  const many = Array.from({ length: 20_000 }, (_, i) => `${HOST}/acme/web:${i}`)
  const names = many.map((_, i) => `acme-${i}`)
  const objects = [secretFor('acme', HOST)]
  for (const [object, size] of [
    [pod({ images: many }), '20000 images and 0 pull secrets'],
    [pod({ images: [`${HOST}/acme/web`], references: names }), '1 image and 20000 pull secrets'],
  ] as const) {
    const { allowed, message } = await ask({ object, objects, settings: PRIVATE, labels: ENFORCE })
    t.equal(allowed, false)
    t.match(message, `Pod web: too large to be checked (${size})`)
  }
})
