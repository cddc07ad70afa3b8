import { join } from 'node:path'
import t from 'tap'
import { countProblems, gravestFirst, isAtLeast, report } from '../../src/report/reported.ts'
import { checked, NAMESPACE, POD } from './checked.ts'

const CWD = '/work'
const options = { assumeInjection: false, cwd: CWD }
const pathOf = (file: string, source?: string) =>
  report(checked({ ...POD, manifest: { ...POD.manifest, file, ...(source !== undefined && { source }) } }), options)
    .objects[0]?.path

t.test('paths are relative to the working directory, with forward slashes', t => {
  t.equal(pathOf('k8s/web.yaml'), 'k8s/web.yaml')
  t.equal(pathOf('./k8s/../web.yaml'), 'web.yaml')
  t.equal(pathOf(join(CWD, 'a/b.yaml')), 'a/b.yaml')
  t.equal(pathOf('/else/b.yaml'), '../else/b.yaml')
  t.equal(pathOf('.'), '.', 'a folder that cannot be read')
  t.end()
})

t.test('standard input has the path of what it was rendered from, inside, and not the lines', t => {
  t.equal(pathOf('-'), 'stdin')
  t.equal(pathOf('-', '/'), 'stdin')
  t.equal(pathOf('-', '//host/web/templates/a.yaml'), 'host/web/templates/a.yaml')
  const manifest = { ...POD.manifest, file: '-', line: 3, column: 1 }
  const linesOf = (source?: string) =>
    report(checked({ ...POD, manifest: { ...manifest, ...(source !== undefined && { source }) } }), options).objects[0]
      ?.line
  t.equal(linesOf(), 3)
  t.equal(linesOf('web/templates/a.yaml'), undefined)
  t.end()
})

t.test('the gravest comes first, and all are counted', t => {
  const errors = [{ file: 'a', message: 'm' }]
  const found = report({ ...checked(POD, NAMESPACE), errors }, options)
  t.strictSame(
    gravestFirst(found).map(({ code, level }) => `${code} ${level}`),
    ['NotRead error', 'LabelInvalid warning', 'SecretNotFound note', 'WouldInject note'],
  )
  t.equal(countProblems(found), '2 objects checked: 1 error, 1 warning, 2 notes')
  t.ok(isAtLeast('error', 'warning') && isAtLeast('warning', 'warning') && !isAtLeast('note', 'warning'))
  t.end()
})

t.test('an image that an unusable reference explains is no problem of its own, and what counts as added is none', t => {
  const [finding] = POD.findings
  const images = [{ ...finding, code: 'ImageNotCovered', image: 'a', secret: undefined, suggestion: undefined }]
  const object = { ...POD, findings: [...POD.findings, ...images] } as typeof POD
  const codes = report(checked(object), { ...options, assumeInjection: true }).objects[0]?.problems.map(
    ({ code }) => code,
  )
  t.strictSame(codes, ['SecretNotFound'])
  t.end()
})

t.test('what is about the object alone is about nothing else, and one without a namespace names none', t => {
  const [object] = report(checked(NAMESPACE), options).objects
  t.equal(object?.title, 'Namespace team-a')
  t.strictSame(object?.problems[0]?.identity, ['LabelInvalid', '', 'Namespace', 'team-a', ''])
  t.end()
})

t.test('what is ignored is no problem, is counted, and is one visible line', t => {
  const ignored = POD.findings.map(finding => ({ finding, by: 'configuration', reason: 'Vault\nmakes it' }) as const)
  const found = report(checked({ ...POD, plan: NAMESPACE.plan, findings: [], ignored }), options)
  t.match(found.objects[0], { problems: [], ignored: [{ code: 'SecretNotFound', reason: 'Vault\\u000amakes it' }] })
  t.equal(countProblems(found), '1 object checked: 0 errors, 0 warnings, 0 notes; 1 ignored')
  t.end()
})
