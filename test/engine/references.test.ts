import t from 'tap'
import { referencesOf, writtenFor } from '../../src/engine/references.ts'
import { ABSENT, type Known, type ServiceAccount, UNKNOWN } from '../../src/policy/known.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { readPod } from '../../src/review/pod.ts'
import type { PodSubject } from '../../src/review/review.ts'

const account = (...references: string[]): Known<ServiceAccount> => ({
  state: 'value',
  value: { name: 'default', references, enforcesMountable: false, annotations: [] },
})
const pod = (form: PodSubject['form'], tweak: Partial<PodSubject> = {}): PodSubject => ({
  ...readPod({}, {}, 'pod', form, 'create'),
  home: { isFile: false, list: 'spec.imagePullSecrets' },
  ...tweak,
})

const cases: readonly {
  readonly name: string
  readonly pod: PodSubject
  readonly account?: Known<ServiceAccount>
  readonly origins: readonly string[]
}[] = [
  { name: 'nothing', pod: pod('stored'), account: account('sa'), origins: [] },
  {
    name: 'as its author wrote it, with a list',
    pod: pod('written', { references: ['a', 'sa'] }),
    account: account('sa'),
    origins: ['a object', 'sa object'],
  },
  {
    name: 'as its author wrote it, without one: what will be copied',
    pod: pod('written'),
    account: account('sa', 'sb'),
    origins: ['sa serviceAccount', 'sb serviceAccount'],
  },
  { name: 'the same, of a ServiceAccount that is unknown', pod: pod('written'), account: UNKNOWN, origins: [] },
  {
    name: 'whose field owners are recorded',
    pod: pod('stored', { references: ['sa', 'mine', 'x'], written: new Set(['mine']) }),
    account: account('sa'),
    origins: ['sa serviceAccount', 'mine object', 'x configuration'],
  },
  {
    name: 'what its author wrote is the author’s, whoever lists it too',
    pod: pod('stored', { references: ['sa'], written: new Set(['sa']) }),
    account: account('sa'),
    origins: ['sa object'],
  },
  {
    name: 'what it asks for by annotation is its author’s as well',
    pod: pod('stored', { references: ['asked', 'x'], written: new Set(), pullSecrets: 'asked' }),
    origins: ['asked object', 'x configuration'],
  },
  {
    name: 'that starts with the list of its ServiceAccount',
    pod: pod('stored', { references: ['sa', 'sb', 'x'] }),
    account: account('sa', 'sb'),
    origins: ['sa serviceAccount', 'sb serviceAccount', 'x object'],
  },
  {
    name: 'that starts with a part of it',
    pod: pod('stored', { references: ['sa', 'x'] }),
    account: account('sa', 'sb'),
    origins: ['sa object', 'x object'],
  },
  {
    name: 'empty names are left out, and each name is there once',
    pod: pod('stored', { references: ['', 'a', '', 'a'] }),
    origins: ['a object'],
  },
]

for (const { name, pod, account: known = ABSENT, origins } of cases) {
  t.test(`who brought the references of a Pod: ${name}`, async t => {
    t.strictSame(
      referencesOf(pod, known).map(({ secret, origin }) => `${secret} ${origin}`),
      origins,
    )
  })
}

t.test('names that are written down come from four sources, each at its first', async t => {
  const settings = { ...defaultSettings, inject: { ...defaultSettings.inject, secrets: ['a', 'b'] } }
  const images = [
    { ruleSecrets: ['b', 'c'], pulled: true },
    { ruleSecrets: ['never'], pulled: false },
  ].map(use => ({ ...use, container: '', image: '', name: undefined, registryClass: 'unlisted' as const }))
  const namespace = { state: 'value', value: { name: 'n', pullSecrets: 'c, d' } } as const
  const written = (known: Known<{ name: string; pullSecrets?: string }>) =>
    writtenFor(pod('stored', { pullSecrets: 'e,a' }), known, images, prepareRulebook(settings)).map(
      ({ secret, source }) => `${secret} ${source}`,
    )
  t.strictSame(written(namespace), ['a configuration', 'b configuration', 'c rule', 'd namespace', 'e pod'])
  t.strictSame(written(UNKNOWN), ['a configuration', 'b configuration', 'c rule', 'e pod'])
})
