import t from 'tap'
import { writeGitlab } from '../../../src/report/formats/gitlab.ts'
import { holdsInvisible } from '../../runtime/hostile-text.ts'
import { checked, NAMESPACE, POD } from '../checked.ts'
import { HOSTILE, hostile, reportOf } from './hostile.ts'

t.test('each problem is an issue, the gravest first, on a line in any case', t => {
  const manifest = { ...POD.manifest, file: '/work/k8s/web.yaml', line: 3, column: 1 }
  const errors = [{ file: '/work/bad.yaml', message: 'not YAML' }]
  const issues = JSON.parse(writeGitlab(reportOf({ ...checked({ ...POD, manifest }, NAMESPACE), errors })))
  t.match(issues, [
    { check_name: 'NotRead', severity: 'critical', location: { path: 'bad.yaml', lines: { begin: 1 } } },
    { check_name: 'LabelInvalid', severity: 'major', location: { path: 'stdin', lines: { begin: 1 } } },
    { check_name: 'SecretNotFound', severity: 'info', location: { path: 'k8s/web.yaml', lines: { begin: 3 } } },
    { check_name: 'WouldInject', severity: 'info', fingerprint: /^[0-9a-f]{32}:1$/ },
  ])
  t.equal(issues[2].description, 'Pod web in namespace team-a: pull secret "amce" is not there; did you mean "acme"?')
  t.strictSame(Object.keys(issues[2]), ['description', 'check_name', 'fingerprint', 'severity', 'location'])
  t.strictSame(JSON.parse(writeGitlab(reportOf(checked()))), [])
  t.end()
})

t.test('two issues never share a fingerprint: GitLab leaves one out', t => {
  const issues = JSON.parse(writeGitlab(reportOf(checked(POD, POD, POD))))
  t.equal(new Set(issues.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).size, 6)
  t.end()
})

t.test('hostile names are text of one visible line', t => {
  const text = writeGitlab(reportOf(hostile))
  const issues: { description: string; location: { path: string } }[] = JSON.parse(text)
  t.equal(issues.length, 3 * HOSTILE.length)
  t.notOk(issues.some(({ description, location }) => holdsInvisible(description) || holdsInvisible(location.path)))
  t.ok(text.length < 100_000)
  t.end()
})
