import t from 'tap'
import { parsePattern } from '../../../../src/policy/registries/pattern.ts'
import { defaultSettings } from '../../../../src/policy/settings.ts'
import { complaintAbout, expressionOf, renderConditions, SKIP } from './conditions.ts'
import { PATTERNS } from './generated.ts'

const CONTROLLERS = 'not-made-by-a-controller'
const [MUTATE, VALIDATE, TEMPLATES] = ['mutate.regcred.dev', 'validate.regcred.dev', 'templates.regcred.dev'] as const
const SKIPPING = 'webhooks.skipUnaffected=true'
const SPARING = 'webhooks.validate.podsOfControllers=false'

const config = (value: object) => `config=${JSON.stringify(value)}`
/** The condition that is rendered for these registries. */
const skipFor = async (registries: object) =>
  expressionOf(await renderConditions(SKIPPING, config({ registries })), MUTATE, SKIP)

t.test(
  'neither condition is there where nobody asks for it, or where the values are those of a release before',
  async t => {
    for (const sets of [[], ['webhooks.skipUnaffected=null', 'webhooks.validate.podsOfControllers=null']]) {
      const conditions = await renderConditions(...sets)
      for (const webhook of [MUTATE, VALIDATE]) {
        t.equal(expressionOf(conditions, webhook, SKIP), undefined)
        t.equal(expressionOf(conditions, webhook, CONTROLLERS), undefined)
      }
    }
  },
)

t.test('Pods are skipped by both webhooks for the same reasons, and nothing else is', async t => {
  const conditions = await renderConditions(SKIPPING)
  t.match(expressionOf(conditions, MUTATE, SKIP), /imagePullSecrets/)
  t.equal(expressionOf(conditions, VALIDATE, SKIP), expressionOf(conditions, MUTATE, SKIP))
  const others = [...conditions.keys()].filter(webhook => webhook !== MUTATE && webhook !== VALIDATE)
  t.equal(others.length, 3)
  for (const webhook of others) t.equal(expressionOf(conditions, webhook, SKIP), undefined, webhook)
})

t.test('the default lists are those of regcred', async t => {
  const { public: public_, mixed } = defaultSettings.registries
  t.equal(await skipFor({}), await skipFor({ public: public_, mixed }))
})

t.test('a pattern that is listed leaves the default lists of the other classes, in whatever spelling', async t => {
  const left = (pattern: string) => defaultSettings.registries.public.filter(each => each !== pattern)
  for (const [listed, taken] of [
    ['docker.io/library', 'docker.io/library'],
    ['K8S.gcr.io', 'registry.k8s.io'],
    ['mcr.microsoft.com:0443', 'mcr.microsoft.com'],
  ] as const) {
    for (const registries of [
      { private: [listed] },
      { node: [{ pattern: listed, serviceAccountAnnotations: ['example.com/role'] }] },
    ]) {
      t.equal(await skipFor(registries), await skipFor({ ...registries, public: left(taken) }), listed)
    }
  }
})

t.test(
  'with podsOfControllers: false Pods are told apart as templates are, unless there is such a condition',
  async t => {
    const controllers = { trust: 'listed', builtin: ['group:robots', 'a*b'] }
    const conditions = await renderConditions(SPARING, config({ controllers }))
    const expected = expressionOf(conditions, TEMPLATES, CONTROLLERS)
    t.match(expected, /robots/)
    t.equal(expressionOf(conditions, VALIDATE, CONTROLLERS), expected)
    t.equal(expressionOf(conditions, MUTATE, CONTROLLERS), undefined, 'they are given what they lack')
    const own = [{ name: CONTROLLERS, expression: 'true' }]
    const other = await renderConditions(SPARING, `webhooks.validate.matchConditions=${JSON.stringify(own)}`)
    t.strictSame(
      other.get(VALIDATE)?.filter(({ name }) => name === CONTROLLERS),
      own,
    )
  },
)

/** What is asked for, and what helm says of it. */
const refused: { name: string; sets: string[]; said: RegExp }[] = [
  {
    name: 'to skip Pods that configured secrets are for',
    sets: [SKIPPING, config({ inject: { secrets: ['acme'] } })],
    said: /webhooks.skipUnaffected cannot go with config.inject.secrets/,
  },
  {
    name: 'to skip Pods by more patterns than a condition can hold',
    sets: [SKIPPING, config({ registries: { public: Array.from({ length: 300 }, (_, i) => `r${i}.example.com`) } })],
    said: /webhooks.skipUnaffected: config.registries and config.inject.rules have too many patterns/,
  },
  {
    name: 'to refuse Pods of controllers without checking them',
    sets: [SPARING, config({ enforce: { controllers: true } })],
    said: /webhooks.validate.podsOfControllers: false cannot go with config.enforce.controllers/,
  },
  { name: 'a text for yes', sets: ['webhooks.skipUnaffected="true"'], said: /skipUnaffected.*want boolean/ },
  {
    name: 'a text for no',
    sets: ['webhooks.validate.podsOfControllers="false"'],
    said: /podsOfControllers.*want boolean/,
  },
]

for (const { name, sets, said } of refused) {
  t.test(`${name} is refused`, async t => {
    t.match(await complaintAbout(...sets), said)
  })
}

/** Texts that are no patterns, some of which would mean something in CEL, in a regular expression, in YAML or to helm. */
const HOSTILE = [
  ...[
    '',
    '*',
    'nginx',
    'acme/web',
    'index.docker.io',
    'registry-1.docker.io/acme',
    'hub.docker.com',
    'https://ghcr.io',
  ],
  ...['ghcr.io/', 'ghcr.io//acme', 'ghcr.io/Acme', 'ghcr.io/*', 'ghcr.io/acme:1', 'ghcr.io/acme@sha256', 'ghcr.io:x'],
  ...[
    'ghcr.io/a|.',
    'ghcr.io|.',
    'ghcr.io/(?:',
    'ghcr.io/a")) || true || (("',
    'ghcr.io\\',
    'ghcr.io/acme\n',
    '\nghcr.io',
  ],
  ...[
    'ghcr.io/{{ fail "x" }}',
    'ghcr.io/$(x)',
    'ghcr.io/a b',
    'ghcr.io\n/acme',
    'ghcr.io/%s',
    'g[h]cr.io',
    'ghcr.io.',
    '-a.io',
  ],
]

t.test('the chart renders the patterns that regcred takes, and no other text', async t => {
  for (const pattern of [...HOSTILE, ...PATTERNS]) {
    const isFaulty = 'fault' in parsePattern(pattern)
    t.equal(isFaulty, HOSTILE.includes(pattern), JSON.stringify(pattern))
    const registries = { public: [pattern], mixed: [] }
    const said = await complaintAbout(SKIPPING, config({ registries }))
    if (isFaulty) t.match(said, /is not a pattern of images \(config.registries.public\)/, JSON.stringify(pattern))
    else t.equal(said, '', JSON.stringify(pattern))
  }
  for (const value of [
    { registries: { node: [{ pattern: 'ghcr.io/"', serviceAccountAnnotations: ['a'] }] } },
    { inject: { rules: [{ images: ['ghcr.io/"'], secrets: ['a'] }] } },
  ]) {
    t.match(await complaintAbout(SKIPPING, config(value)), /"ghcr.io\/\\"" is not a pattern of images/)
  }
})
