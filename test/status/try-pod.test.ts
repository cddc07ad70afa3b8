import t from 'tap'
import type { WholeCluster } from '../../src/ask/cluster.ts'
import { tryPod } from '../../src/status/try-pod.ts'

type Answer = Awaited<ReturnType<WholeCluster['createDry']>>

/** A cluster that answers each namespace so, and what was tried in which. */
function cluster(answers: Readonly<Record<string, Answer>>, tried: string[] = []) {
  const within = (namespace: string) => ({
    createDry: (_: unknown, object: unknown) => {
      tried.push(namespace)
      return Promise.resolve(answers[namespace] ?? { object, warnings: [] })
    },
  })
  return { within } as Pick<WholeCluster, 'within'> as WholeCluster
}

const denied = {
  refusal: 'answered with an error (403, Forbidden, admission webhook "validate.regcred.dev" denied the request: x).',
}
const failed = { refusal: 'failed calling webhook "mutate.regcred.dev": no endpoints' }
const other = { refusal: 'exceeded quota: pods' }
const warned = { object: {}, warnings: ['Secret "regcred-status-listed" is missing'] }
const added = {
  object: { spec: { imagePullSecrets: [{ name: 'regcred-status-listed' }, { name: 'regcred-status-added' }] } },
  warnings: [],
}
const silent = { object: {}, warnings: ['a word of somebody else'] }

type State = NonNullable<Parameters<typeof tryPod>[1]['namespaces']>[number]
const asked = (name: string, ...[mode]: [State['mode']?]): State => ({
  ...{ name, isAsked: true, isOptedOut: false },
  mode,
})
const trial = (namespaces: State[] | undefined, isFailing: boolean | undefined) => ({
  ...{ preferred: 'a', namespaces, isFailing },
  now: () => 0,
})

const cases = [
  { name: 'a warning about what it lists', answer: warned, isFailing: false, state: 'good' },
  { name: 'what it asked for is added', answer: added, isFailing: false, state: 'good' },
  { name: 'a refusal of ours', answer: denied, isFailing: false, state: 'good' },
  { name: 'no answer, and the API server insists on one', answer: failed, isFailing: true, state: 'bad' },
  { name: 'not a word, and the API server insists on an answer', answer: silent, isFailing: true, state: 'good' },
  { name: 'not a word, and the API server does without', answer: silent, isFailing: false, state: 'bad' },
  { name: 'not a word, and nobody knows', answer: silent, isFailing: undefined, state: 'unknown' },
  { name: 'another refusal', answer: other, isFailing: true, state: 'unknown' },
] as const

for (const { name, answer, isFailing, state } of cases) {
  t.test(`${name}: ${state}`, async t => {
    t.match(await tryPod(cluster({ a: answer }), trial([asked('a', 'warn')], isFailing)), { part: 'dryRun', state })
  })
}

t.test('where nothing would be said, silence says nothing', async t => {
  for (const mode of ['audit', 'off', undefined] as const) {
    const namespaces = [asked('a', mode)]
    t.match(await tryPod(cluster({ a: silent }), trial(namespaces, false)), {
      state: 'unknown',
      text: 'a dry-run Pod in namespace a was let through in 0 ms, without a word of regcred',
    })
  }
})

t.test(
  'it is tried where something would be said, in the namespace of the context first, and in five at most',
  async t => {
    const tried: string[] = []
    const refusing = cluster(Object.fromEntries([...'abcdefgh', 'default'].map(name => [name, other])), tried)
    const namespaces = [
      asked('b', 'off'),
      ...[...'cdefgh'].map(name => asked(name, 'warn')),
      asked('default', 'enforce'),
      asked('a', 'warn'),
    ]
    t.match(await tryPod(refusing, trial(namespaces, false)), {
      state: 'unknown',
      text: 'no dry-run Pod could be made: exceeded quota: pods',
    })
    t.strictSame(tried, ['a', 'default', 'c', 'd', 'e'])
  },
)

t.test('where it is refused for another reason the next one is asked', async t => {
  const part = await tryPod(cluster({ a: other, b: warned }), trial([asked('a', 'warn'), asked('b', 'warn')], false))
  t.match(part, { state: 'good', facts: { namespace: 'b' } })
})

t.test('where namespaces are not known, that of the context and the default one are', async t => {
  const tried: string[] = []
  await tryPod(cluster({ a: other, default: other }, tried), trial(undefined, undefined))
  t.strictSame(tried, ['a', 'default'])
})

t.test('where regcred is asked about none, nothing is tried', async t => {
  const tried: string[] = []
  const namespaces = [{ ...asked('a'), isAsked: false }]
  t.match(await tryPod(cluster({}, tried), trial(namespaces, true)), {
    state: 'unknown',
    text: 'there is no namespace in which regcred is asked about Pods',
  })
  t.strictSame(tried, [])
})
