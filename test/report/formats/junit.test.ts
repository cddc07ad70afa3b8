import t from 'tap'
import { writeJunit } from '../../../src/report/formats/junit.ts'
import { holdsInvisible } from '../../runtime/hostile-text.ts'
import { checked, NAMESPACE, POD } from '../checked.ts'
import { HOSTILE, hostile, many, reportOf } from './hostile.ts'

t.test('a file is a testsuite, an object a testcase, and what is below the level is no failure', t => {
  const manifest = { ...POD.manifest, file: '/work/k8s/web.yaml', line: 3, column: 1 }
  const fine = { ...POD, name: 'fine', findings: [], plan: { ...POD.plan, add: [] } }
  const errors = [{ file: '/work/bad.yaml', line: 2, message: 'not YAML' }]
  const found = { ...checked({ ...POD, manifest }, { ...fine, manifest }, NAMESPACE), errors }
  t.strictSame(writeJunit(reportOf(found), 'warning').split('\n'), [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="regcred" tests="4" failures="1" errors="1">',
    '  <testsuite name="k8s/web.yaml" tests="2" failures="0" errors="0" skipped="0">',
    '    <testcase name="Pod web in namespace team-a" classname="k8s/web.yaml" file="k8s/web.yaml" line="3">',
    '      <system-out>k8s/web.yaml:3:1: note SecretNotFound: Pod web in namespace team-a: pull secret &quot;amce&quot; is not there; did you mean &quot;acme&quot;?',
    'k8s/web.yaml:3:1: note WouldInject: Pod web in namespace team-a: regcred would add &quot;acme&quot; (it fits this image)</system-out>',
    '    </testcase>',
    '    <testcase name="Pod fine in namespace team-a" classname="k8s/web.yaml" file="k8s/web.yaml" line="3"/>',
    '  </testsuite>',
    '  <testsuite name="stdin" tests="1" failures="1" errors="0" skipped="0">',
    '    <testcase name="Namespace team-a" classname="stdin" file="stdin">',
    '      <failure type="LabelInvalid" message="LabelInvalid: Namespace team-a: a label\\u000aforges a line; remove it">stdin: warning LabelInvalid: Namespace team-a: a label\\u000aforges a line; remove it</failure>',
    '    </testcase>',
    '  </testsuite>',
    '  <testsuite name="bad.yaml" tests="1" failures="0" errors="1" skipped="0">',
    '    <testcase name="bad.yaml" classname="bad.yaml" file="bad.yaml" line="2">',
    '      <error type="NotRead" message="not YAML"/>',
    '    </testcase>',
    '  </testsuite>',
    '</testsuites>',
    '',
  ])
  t.match(writeJunit(reportOf(found), 'note'), 'failures="2"')
  t.end()
})

const NAME = '[a-z-]+'
const TOKEN = new RegExp(`<(/?)(${NAME})((?: ${NAME}="[^"<&>]*")*)(/?)>`, 'y')

/** Whether a text is XML as far as we write it, with every element closed. */
function isXml(text: string): boolean {
  const declared = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/.exec(text)
  if (declared === null || /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text)) return false
  const rest = text.slice(declared[0].length).replaceAll(/&(?:amp|lt|gt|quot);/g, '.')
  const open: string[] = []
  for (let at = 0; at < rest.length; ) {
    if (rest[at] !== '<') {
      const next = rest.indexOf('<', at)
      at = next === -1 ? rest.length : next
      continue
    }
    TOKEN.lastIndex = at
    const [token = '', closes, name = '', , empty] = TOKEN.exec(rest) ?? []
    if (token === '' || (closes === '/' && open.pop() !== name)) return false
    if (closes === '' && empty === '') open.push(name)
    at += token.length
  }
  return open.length === 0 && !rest.includes('&') && !rest.includes(']]>')
}

t.test('hostile names are text: it is XML whatever they are', t => {
  const text = writeJunit(reportOf(hostile), 'note')
  t.ok(isXml(text))
  t.equal(text.match(/<testcase /g)?.length, 2 * HOSTILE.length)
  t.notOk(holdsInvisible(text.replaceAll('\n', '')))
  t.match(text, '\\ufffe\\uffff')
  t.notOk(isXml(text.replace('&lt;', '<')) || isXml(text.replace('</testcase>', '')), 'what is none is found out')
  t.end()
})

t.test('ten thousand objects are ten thousand testcases', t => {
  const text = writeJunit(reportOf(many(10_000)), 'note')
  t.ok(isXml(text))
  t.match(text, '<testsuites name="regcred" tests="10000" failures="10000" errors="0">')
  t.end()
})
