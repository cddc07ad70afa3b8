import t from 'tap'
import type { IgnoreRule } from '../../src/checking/check-configuration.ts'
import { CommentIgnores } from '../../src/checking/comment-ignores.ts'
import { ignoreFindings } from '../../src/checking/ignore-findings.ts'
import type { CheckedObject } from '../../src/engine/checked.ts'
import { checked, NAMESPACE, POD } from '../report/checked.ts'

const CWD = '/work/k8s'

const comments = new CommentIgnores()

function ignore(objects: readonly CheckedObject[], ...rules: readonly IgnoreRule[]) {
  const configuration = {
    ...{ file: '../regcred.yaml', folder: '/work', exclude: [], knownSecrets: [], secretsFrom: [], ignore: rules },
    comments,
  }
  const { checked: left, unusedRules } = ignoreFindings(checked(...objects), configuration, CWD)
  const codesOf = (findings: readonly { code: string }[]) => findings.map(({ code }) => code)
  return {
    left: left.objects.flatMap(({ findings }) => codesOf(findings)),
    ignored: left.objects.flatMap(({ ignored = [] }) =>
      ignored.map(({ finding, by, reason }) => [finding.code, by, reason]),
    ),
    unused: unusedRules.length,
    unusedIgnores: left.unusedIgnores?.map(({ line, message }) => `${line} ${message}`),
    objects: left.objects,
  }
}

const RULE: IgnoreRule = { code: 'SecretNotFound', reason: 'Vault makes it' }
const NO_IGNORES = { unusedIgnores: [] }
const GONE = {
  ...NO_IGNORES,
  left: ['LabelInvalid'],
  ignored: [['SecretNotFound', 'configuration', 'Vault makes it']],
  unused: 0,
}
const LEFT = { ...NO_IGNORES, left: ['SecretNotFound', 'LabelInvalid'], ignored: [], unused: 1 }

const rules: { name: string; rule: Partial<IgnoreRule>; fits: boolean }[] = [
  { name: 'the code alone', rule: {}, fits: true },
  { name: 'another code', rule: { code: 'ImageInvalid' }, fits: false },
  { name: 'all fields', rule: { path: 'k8s/*.yaml', kind: 'Pod', name: 'w*', namespace: 'team-?' }, fits: true },
  { name: 'another path', rule: { path: '*.yaml' }, fits: false },
  { name: 'another kind', rule: { kind: 'Deployment' }, fits: false },
  { name: 'another name', rule: { name: 'api' }, fits: false },
  { name: 'another namespace', rule: { namespace: 'team-b' }, fits: false },
]

for (const { name, rule, fits } of rules) {
  t.test(`a rule with ${name} ${fits ? 'fits' : 'does not fit'}`, async t => {
    const { objects: _, ...told } = ignore([POD, NAMESPACE], { ...RULE, ...rule })
    t.strictSame(told, fits ? GONE : LEFT)
  })
}

t.test('what nothing is ignored of is the same as before', async t => {
  t.equal(ignore([POD, NAMESPACE], RULE).objects[1], NAMESPACE)
})

t.test('the path of standard input is that of the source', async t => {
  const manifest = { ...POD.manifest, file: '-' }
  const rule = { ...RULE, path: 'web/templates/*' }
  t.equal(ignore([{ ...POD, manifest: { ...manifest, source: 'web/templates/a.yaml' } }], rule).unused, 0)
  t.equal(ignore([{ ...POD, manifest }], rule).unused, 1)
})

t.test('images that an ignored Secret explains are ignored with it, others are told', async t => {
  const [missing] = POD.findings
  t.ok(missing)
  const image = { ...missing, code: 'ImageNotCovered', image: 'registry.example.com/acme/web:1' } as const
  const findings = [
    missing,
    { ...image, suggestion: { of: 'secret', text: 'other' } },
    image,
  ] as CheckedObject['findings']
  const { left, ignored } = ignore([{ ...POD, findings }], RULE)
  t.strictSame(left, ['ImageNotCovered'])
  t.strictSame(
    ignored.map(([code, , reason]) => [code, reason]),
    [
      ['SecretNotFound', 'Vault makes it'],
      ['ImageNotCovered', 'Vault makes it'],
    ],
  )
})

t.test('an annotation of the object goes before a rule, and is told where nothing is found for it', async t => {
  const origin = { file: 'web.yaml', line: 5, column: 3 }
  const ignores = [
    { ...origin, code: 'SecretNotFound', reason: 'said here' },
    { ...origin, code: 'SecretNotFound', reason: 'and again' },
    { ...origin, code: 'ImageInvalid', reason: 'r' },
  ] as const
  const { ignored, unused, unusedIgnores } = ignore(
    [
      { ...POD, ignores },
      { ...POD, ignores },
    ],
    RULE,
  )
  t.strictSame(ignored, [
    ['SecretNotFound', 'annotation', 'said here'],
    ['SecretNotFound', 'annotation', 'said here'],
  ])
  t.equal(unused, 1)
  const bare = { ...POD, ignores: [{ ...origin, code: 'SecretNotFound', reason: '' }] } as const
  t.strictSame(ignore([bare]).ignored, [['SecretNotFound', 'annotation', 'no reason given']])
  t.strictSame(unusedIgnores, ['5 regcred.dev/ignore names ImageInvalid, which is not found here; remove it'], 'once')
})

t.test('comments go before rules and behind annotations, and are told where nothing is found for them', async t => {
  const manifest = { ...POD.manifest, file: 'said.yaml', line: 2 }
  await comments.read(
    'said.yaml',
    '# regcred-ignore: SecretNotFound -- said here\na: b # regcred-ignore: ImageInvalid -- r',
  )
  await comments.read('broken.yaml', 'a: b # regcred-ignore: ImageInvalid -- r')
  const { ignored, unused, unusedIgnores } = ignore([{ ...POD, manifest }], RULE)
  t.strictSame([ignored, unused], [[['SecretNotFound', 'comment', 'said here']], 1])
  const told = 'regcred-ignore: ImageInvalid is not found here; remove the comment'
  t.match(unusedIgnores, [`2 ${told}`, `1 ${told}`])
  const errors = [{ file: 'broken.yaml', message: 'no YAML' }]
  const sources = { folder: '/work', ignore: [], comments }
  const { checked: left } = ignoreFindings({ ...checked({ ...POD, manifest }), errors }, sources, CWD)
  t.match(left.unusedIgnores, [{ file: 'said.yaml', line: 2 }], 'who knows what is in a file that cannot be read')
  t.equal(left.unusedIgnores?.length, 1)
})
