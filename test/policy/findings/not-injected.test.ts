import t from 'tap'
import { findLostPlan } from '../../../src/policy/findings/not-injected.ts'
import { asTold, configured, expiredSecret, HOST, IMAGE, judgedCase, type PodTweak, pullSecret } from '../pod-case.ts'

const PRIVATE = { registryClass: 'private' } as const
const found = (tweak: PodTweak) => asTold(findLostPlan(judgedCase(tweak), []))
const NOTHING_TOLD = { problem: '', advice: { kind: 'recreateSecret', text: '' } } as const
const acme = { acme: pullSecret('acme', HOST) }

t.test('a reference that a Pod should have been given', async t => {
  t.strictSame(found({ ...PRIVATE, secrets: acme }), [
    {
      code: 'NotInjected',
      effect: 'blocks',
      secret: 'acme',
      container: 'c0',
      image: IMAGE,
      origin: 'object',
      affectsPrivate: true,
      message: 'regcred could not add pull secret "acme" in time; add "acme" to spec.imagePullSecrets',
    },
  ])
})

interface Case extends PodTweak {
  readonly name: string
  readonly lines: readonly string[]
}

const cases: readonly Case[] = [
  { name: 'for an unlisted image it does what lacking credentials would', secrets: acme, lines: ['acme degrades c0'] },
  {
    name: 'that is more where what the author listed does nothing',
    references: ['own'],
    secrets: { ...acme, own: pullSecret('own', 'own.example.com') },
    lines: ['acme mayBlock c0'],
  },
  {
    name: 'one that is missing helps nobody yet',
    ...PRIVATE,
    written: configured('late'),
    lines: ['late degrades undefined'],
  },
  {
    name: 'the worst of the images that it covers decides, and the first is named',
    images: ['nginx', IMAGE, { registryClass: 'private' }],
    secrets: acme,
    lines: ['acme blocks c1'],
  },
  {
    name: 'a Pod that is still to be made has lost nothing',
    traits: { form: 'written' },
    secrets: acme,
    lines: [],
  },
  { name: 'nor has one that has it', references: ['acme'], secrets: acme, lines: [] },
]

for (const { name, lines, ...tweak } of cases) {
  t.test(`lost: ${name}`, async t => {
    t.strictSame(
      found(tweak).map(({ secret, effect, container }) => `${secret} ${effect} ${container}`),
      lines,
    )
  })
}

t.test('where a Secret breaks the keyring, it would have changed nothing', async t => {
  const broken = [
    { code: 'SecretMalformed', effect: 'blocks', origin: 'object', affectsPrivate: true, ...NOTHING_TOLD } as const,
  ]
  t.match(findLostPlan(judgedCase({ ...PRIVATE, secrets: acme }), broken), [{ effect: 'degrades' }])
})

t.test('where credentials have expired that is told, and what was lost only degrades', async t => {
  const secrets = { old: expiredSecret('old'), acme: pullSecret('acme', HOST) }
  const judgement = judgedCase({ references: ['old'], secrets, registryClass: 'private' })
  t.match(findLostPlan(judgement, []), [{ secret: 'acme', effect: 'degrades' }])
})
