import t from 'tap'
import { placeOfSecrets, whereConfigured, whereToList, whereWritten } from '../../../src/policy/findings/where.ts'
import { UNKNOWN } from '../../../src/policy/known.ts'
import type { Origin, WrittenName } from '../../../src/policy/reference.ts'
import { judgedCase, type PodTweak, podFacts } from '../pod-case.ts'

const LIST = 'spec.imagePullSecrets'
const ACCOUNT = { references: ['amce'] }
const IN_ACCOUNT = 'imagePullSecrets of ServiceAccount "default"'
const patch = (name: string) => `--patch '{"imagePullSecrets":[{"name":"${name}"}]}'`

function written(origin: Origin, source?: WrittenName['source'], tweak: PodTweak = {}, instead?: string) {
  const names = source === undefined ? [] : [['amce', { secret: 'amce', source }] as const]
  return whereWritten({ secret: 'amce', origin }, podFacts({ account: ACCOUNT, ...tweak }), new Map(names), instead)
}

t.test('a name is changed where it is written', async t => {
  t.equal(written('object'), LIST)
  t.equal(written('object', 'pod'), 'annotation regcred.dev/pull-secrets of the Pod')
  t.equal(written('object', 'configuration'), LIST, 'it is in its own list as well')
  t.equal(written('configuration', 'configuration'), 'inject.secrets of the configuration')
  t.equal(written('configuration', 'rule'), 'inject.rules of the configuration')
  t.equal(written('configuration', 'namespace'), 'annotation regcred.dev/pull-secrets of the Namespace')
  t.equal(written('configuration'), LIST, 'something else added it')
  t.equal(written('serviceAccount'), IN_ACCOUNT)
  t.match(written('serviceAccount', undefined, {}, 'acme'), patch('acme'))
  t.equal(written('serviceAccount', undefined, { facts: { serviceAccount: UNKNOWN } }), LIST)
  t.equal(whereConfigured('rule'), 'inject.rules of the configuration')
})

t.test(
  'another is listed where the others are: a list of its own would take those of its ServiceAccount away',
  async t => {
    const origins = { amce: 'serviceAccount' } as const
    const copied: PodTweak = { references: ['amce'], origins, account: ACCOUNT }
    t.equal(whereToList(judgedCase({}), undefined), LIST)
    t.equal(whereToList(judgedCase(copied), undefined), IN_ACCOUNT)
    t.match(whereToList(judgedCase({ ...copied, account: { references: [] } }), 'acme'), patch('acme'))
    t.equal(whereToList(judgedCase({ ...copied, references: ['own', 'amce'] }), 'acme'), LIST)
    t.equal(whereToList(judgedCase({ ...copied, facts: { serviceAccount: UNKNOWN } }), 'acme'), LIST)
  },
)

t.test('of what keeps a Secret that a Pod names nothing is known', async t => {
  const home = { isFile: false, list: LIST, tool: 'Helm' } as const
  t.strictSame(placeOfSecrets(podFacts({ facts: { home } })), { isFile: false, namespace: 'team-a' })
})
