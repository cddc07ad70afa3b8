import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import t from 'tap'
import { CheckRules } from '../../src/checking/check-rules.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { Terminal } from '../../src/runtime/terminal.ts'
import { checked, POD } from '../report/checked.ts'

const HEAD = 'apiVersion: regcred.dev/v1alpha1\nkind: CheckConfiguration\n'
const FULL = `${HEAD}admission: a.yaml
exclude: [old]
failOn: error
knownSecrets: [b.yaml]
secretsFrom: [{group: example.org, kind: TeamSecret, secretName: /spec/secretName}]
ignore:
- {code: SecretNotFound, reason: r}
- {code: LabelInvalid, reason: r}
`
const NO_FLAGS = {}

function told(rules: CheckRules, verbose: boolean): string {
  const stream = new PassThrough()
  rules.tell(new Terminal(stream), verbose)
  return String(stream.read() ?? '')
}

t.test('without a configuration the flags and the defaults hold', async t => {
  const rules = await CheckRules.open(NO_FLAGS, t.testdir({ '.git': {} }))
  t.match(rules, { failOn: 'warning', admission: undefined, knownSecrets: [] })
  t.equal(rules.isExcluded('a.yaml'), false)
  t.strictSame(rules.extend(defaultSettings), defaultSettings)
  const found = checked(POD)
  t.equal(await rules.ignore(found), found)
  t.equal(told(rules, true), '')
})

t.test('what an object says itself is heeded without a configuration', async t => {
  const rules = await CheckRules.open(NO_FLAGS, t.testdir({ '.git': {} }))
  const ignores = [{ file: 'web.yaml', code: 'SecretNotFound', reason: 'r' }] as const
  t.match(await rules.ignore(checked({ ...POD, ignores })), {
    objects: [{ findings: [], ignored: [{ by: 'annotation' }] }],
  })
})

t.test('what a comment says is heeded without a configuration, and what is wrong with it is an error', async t => {
  const rules = await CheckRules.open(NO_FLAGS, t.testdir({ '.git': {} }))
  await rules.readText('web.yaml', 'kind: Pod # regcred-ignore: SecretNotFound -- r')
  await rules.readText('other.yaml', 'kind: Pod # regcred-ignore: None -- r')
  const pod = { ...POD, manifest: { ...POD.manifest, line: 1 } }
  t.match(await rules.ignore(checked(pod)), {
    objects: [{ findings: [], ignored: [{ by: 'comment' }] }],
    errors: [{ file: 'other.yaml', line: 1 }],
  })
})

t.test('a configuration stands in for flags, and adds to others', async t => {
  const root = t.testdir({ '.git': {}, 'regcred.yaml': FULL })
  const rules = await CheckRules.open(NO_FLAGS, root)
  t.match(rules, { failOn: 'error', admission: 'a.yaml', knownSecrets: ['b.yaml'] })
  t.equal(rules.isExcluded('old/a.yaml'), true)
  t.equal(rules.isExcluded('-'), false)
  t.strictSame(rules.extend(defaultSettings).producers, [
    { group: 'example.org', kind: 'TeamSecret', path: '/spec/secretName' },
  ])
  const flags = { failOn: 'note', config: 'c.yaml', knownSecrets: ['d.yaml'] } as const
  t.match(await CheckRules.open(flags, root), {
    failOn: 'note',
    admission: 'c.yaml',
    knownSecrets: ['d.yaml', 'b.yaml'],
  })
})

t.test('what fitted nothing is told where that is asked for, since another check may have use for it', async t => {
  const rules = await CheckRules.open(NO_FLAGS, t.testdir({ '.git': {}, 'regcred.yaml': FULL }))
  const { objects } = await rules.ignore(checked(POD))
  t.match(objects, [{ findings: [], ignored: [{ reason: 'r' }] }])
  t.equal(told(rules, false), '')
  t.equal(
    told(rules, true),
    'regcred: configuration regcred.yaml\nregcred: regcred.yaml: 1 rule fitted nothing: ignore[1]\n',
  )
})

t.test('a configuration without rules takes nothing out', async t => {
  const rules = await CheckRules.open(NO_FLAGS, t.testdir({ '.git': {}, 'regcred.yaml': HEAD }))
  const found = checked(POD)
  t.equal(await rules.ignore(found), found)
  t.equal(told(rules, true), 'regcred: configuration regcred.yaml\n')
})

t.test('the configuration of a cluster that is passed over is told, unless one is given', async t => {
  const cluster = 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\n'
  const root = t.testdir({ '.git': {}, 'regcred.yaml': cluster, k8s: {} })
  t.equal(
    told(await CheckRules.open(NO_FLAGS, join(root, 'k8s')), false),
    'regcred: ../regcred.yaml is the configuration of a cluster and was not used; --config ../regcred.yaml uses it\n',
  )
  t.equal(told(await CheckRules.open({ ...NO_FLAGS, config: '../regcred.yaml' }, root), false), '')
})
