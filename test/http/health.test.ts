import Fastify from 'fastify'
import t from 'tap'
import { type Check, healthRoutes, type ReadinessSources, readiness } from '../../src/http/health.ts'

async function ask(url: string, checks: readonly Check[] = []) {
  const server = Fastify()
  healthRoutes(server, { checks: () => checks })
  const { statusCode, body } = await server.inject(url)
  return [statusCode, body]
}

t.test('live and ready', async t => {
  const checks = [
    { name: 'cache', ok: true, required: true, detail: 'synced' },
    { name: 'lag', ok: false, required: false },
  ]
  t.strictSame(await ask('/livez', checks), [200, 'ok\n'])
  t.strictSame(await ask('/readyz', checks), [200, 'ok\n'])
  t.strictSame(await ask('/readyz?verbose', checks), [200, '[+]cache synced\n[-]lag failed\nok\n'])
})

t.test('who is not ready says why', async t => {
  const checks = [
    { name: 'cache', ok: false, required: true },
    { name: 'tls', ok: true, required: true },
  ]
  t.strictSame(await ask('/readyz', checks), [503, '[-]cache failed\n[+]tls ok\nnot ready\n'])
})

t.test('a message that came from elsewhere forges no line, and turns no terminal or text', async t => {
  const detail = 'Secret "\u001b[2J\u009b\u202e" failed\n[+]certificate ok'
  const escaped = 'Secret "\\u001b[2J\\u009b\\u202e" failed\\u000a[+]certificate ok'
  const checks = [{ name: 'certificate/source', ok: false, required: false, detail }]
  t.strictSame(await ask('/readyz?verbose', checks), [200, `[-]certificate/source ${escaped}\nok\n`])
})

const secrets = { name: 'secrets', synced: true, objects: 7, stalenessSeconds: 3 }
const SOURCES: ReadinessSources = {
  resources: () => [secrets],
  certificateOk: () => true,
  pairSource: () => ({ ok: true, detail: 'stays as it is' }),
  shuttingDown: () => false,
}
const failing = (tweak: Partial<ReadinessSources>) =>
  readiness({ ...SOURCES, ...tweak })().flatMap(({ name, ok, required }) =>
    ok ? [] : [`${name}${required ? ' required' : ''}`],
  )

const cases: readonly [name: string, tweak: Partial<ReadinessSources>, failing: string[]][] = [
  ['all is well', {}, []],
  [
    'a cache that was never synced',
    { resources: () => [{ ...secrets, synced: false }] },
    ['cache required', 'cache/secrets'],
  ],
  ['a cache that fell behind', { resources: () => [{ ...secrets, stalenessSeconds: 180 }] }, ['cache/secrets']],
  ['a certificate that has expired', { certificateOk: () => false }, ['certificate required']],
  ['no next certificate in sight', { pairSource: () => ({ ok: false, detail: 'none' }) }, ['certificate/source']],
  ['shutting down', { shuttingDown: () => true }, ['shutdown required']],
]

t.test('what readiness depends on', async t => {
  for (const [name, tweak, wanted] of cases) t.strictSame(failing(tweak), wanted, name)
})

t.test('a cache that was synced once counts as synced from then on', async t => {
  let synced = true
  const checks = readiness({ ...SOURCES, resources: () => [{ ...secrets, synced }] })
  checks()
  synced = false
  t.match(checks()[0], { name: 'cache', ok: true, detail: 'synced' })
})
