import fc from 'fast-check'
import t from 'tap'
import { parse } from 'yaml'
import { judge, makeSecret, printManifest } from '../../../src/commands/secret/manifest.ts'
import { holdsInvisible, hostileText } from '../../runtime/hostile-text.ts'

const LOGIN = { registry: 'ghcr.io', user: 'janedoe', password: 'hunter2' }
const NOW = Date.UTC(2026, 10, 28)
const secretOf = (password: string, registry = 'ghcr.io') =>
  makeSecret({ name: 'regcred' }, [{ ...LOGIN, registry, password }])

t.test('a Secret of a login, as people read it and as programs do', async t => {
  const secret = makeSecret({ name: 'regcred', namespace: 'team-a' }, [LOGIN])
  t.equal(
    await printManifest(secret, 'yaml'),
    `apiVersion: v1
kind: Secret
metadata:
  name: regcred
  namespace: team-a
type: kubernetes.io/dockerconfigjson
data:
  .dockerconfigjson: ${btoa(`{"auths":{"ghcr.io":{"auth":"${btoa('janedoe:hunter2')}"}}}`)}
`,
  )
  t.strictSame(JSON.parse(await printManifest(secret, 'json')), parse(await printManifest(secret, 'yaml')))
  t.strictSame(judge(secret, NOW), { faults: [], notes: [] })
})

t.test('whatever its annotations hold can be seen, and is the same when it is read', async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, fc.constantFrom('yaml' as const, 'json' as const), async (word, format) => {
      // Half a surrogate pair is not text, and YAML cannot say it.
      const text = word.toWellFormed()
      const secret = makeSecret({ name: 'a', annotations: { [`k${text}`]: text }, labels: { a: text } }, [LOGIN])
      const printed = await printManifest(secret, format)
      const read = format === 'json' ? JSON.parse(printed) : parse(printed)
      return !holdsInvisible(printed.replaceAll('\n', '')) && JSON.stringify(read) === JSON.stringify(secret)
    }),
    { numRuns: 300 },
  )
})

t.test('what YAML 1.1 takes for something else is in quotes', async t => {
  for (const name of ['yes', 'y', 'off', 'n', 'null', '012', '1e3', '1.5', '0x1', '1', 'true']) {
    const printed = await printManifest(makeSecret({ name }, [LOGIN]), 'yaml')
    t.match(printed, `\n  name: "${name}"\n`)
    t.strictSame(parse(printed, { version: '1.1' }), parse(printed))
  }
})

t.test('what regcred check would find is found first, unless the Secret says that it is right', async t => {
  const faults = ['the password for "ghcr.io" in Secret "regcred" ends in a blank']
  t.strictSame(judge(secretOf('hunter2 '), NOW), { faults, notes: [] })
  const annotations = { 'regcred.dev/ignore': 'CredentialsDoubtful' }
  t.strictSame(judge(makeSecret({ name: 'a', annotations }, [{ ...LOGIN, password: 'x ' }]), NOW), {
    faults: [],
    notes: [],
  })
  t.match(judge(secretOf('x', 'https://index.docker.io/v1'), NOW).faults, [/never matches an image$/])
  t.match(judge(makeSecret({ name: 'a' }, []), NOW).faults, [/no usable credentials/])
  const broken = { ...secretOf('x'), data: { '.dockerconfigjson': btoa('hunter2') } }
  t.match(judge(broken, NOW).faults, [/is broken \(it is not JSON\)/])
})

t.test('when a password ends is said, and one that has ended is refused', async t => {
  const token = (exp: number) => `x.${btoa(JSON.stringify({ exp }))}.y`
  t.strictSame(judge(secretOf(token(NOW / 1000 + 3600)), NOW), {
    faults: [],
    notes: ['the password for ghcr.io runs out on 2026-11-28 01:00 UTC; nothing is pulled with it after that'],
  })
  t.strictSame(judge(secretOf(token(NOW / 1000)), NOW), {
    faults: ['the password for ghcr.io ran out on 2026-11-28 00:00 UTC; log in again'],
    notes: [],
  })
  t.match(
    judge(secretOf(token(8.64e12)), NOW),
    { faults: [], notes: [/runs out on \+275760-/] },
    'the last day there is',
  )
})

t.test('what the API server would not take is refused', async t => {
  t.strictSame(judge(secretOf('x'.repeat(1024 * 1024)), NOW).faults, [
    'the Secret would be larger than 1 MiB, which Kubernetes does not take; choose less: --server REGISTRY',
  ])
})
