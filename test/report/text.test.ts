import { PassThrough } from 'node:stream'
import { WriteStream } from 'node:tty'
import t from 'tap'
import type { Checked, CheckedObject } from '../../src/engine/checked.ts'
import { writeText } from '../../src/report/text.ts'
import { Terminal } from '../../src/runtime/terminal.ts'
import { checked, NAMESPACE, POD } from './checked.ts'

t.test('the text says what there is to say of each object, and counts', async t => {
  const clean: CheckedObject = { ...POD, findings: [], plan: { add: [], wouldAdd: [], skipped: [] } }
  t.equal(
    write(checked(POD, NAMESPACE, clean)),
    `Pod web in namespace team-a (web.yaml)
  note     SecretNotFound: pull secret "amce" is not there; did you mean "acme"?
  regcred would add "acme" (it fits this image)

Namespace team-a (-)
  warning  LabelInvalid: a label\\u000aforges a line; remove it

3 objects checked: 0 errors, 1 warning, 1 note
`,
  )
})

t.test('one object is one object', async t => {
  t.equal(
    write(checked({ ...POD, findings: [], plan: { add: [], wouldAdd: [], skipped: [] } })),
    '1 object checked: 0 errors, 0 warnings, 0 notes\n',
  )
})

t.test('the text says why a reference would be added', async t => {
  const sources = ['configuration', 'rule', 'namespace', 'pod', 'match'] as const
  const add = sources.map(source => ({ secret: source, source }))
  const images = [...POD.images, ...POD.images]
  const written = write(checked({ ...POD, findings: [], images, plan: { add, wouldAdd: [], skipped: [] } }))
  t.match(
    written,
    `
  regcred would add "configuration" (inject.secrets of the configuration)
  regcred would add "rule" (inject.rules of the configuration)
  regcred would add "namespace" (annotation of the namespace)
  regcred would add "pod" (annotation of the Pod)
  regcred would add "match" (it fits one of these images)
`,
  )
})

t.test('the text says the line of an object, where that is known', async t => {
  const written = write(checked({ ...POD, manifest: { ...POD.manifest, line: 12 } }))
  t.match(written, /^Pod web in namespace team-a \(web\.yaml:12\)\n/)
})

t.test('the text says where the wrong name stands, and what an object was rendered from', async t => {
  const [finding] = POD.findings
  const findings = finding === undefined ? [] : [{ ...finding, place: { line: 20, column: 17 } }]
  const written = write(checked({ ...POD, manifest: { ...POD.manifest, line: 12, source: 'a/b.yaml' }, findings }))
  t.match(written, /^Pod web in namespace team-a \(a\/b\.yaml, web\.yaml:12\)\n/)
  t.match(written, 'SecretNotFound: pull secret "amce" is not there; did you mean "acme"? (web.yaml:20:17)\n')
})

t.test('that an object counts on what regcred adds is a note, unless that may be assumed', async t => {
  const written = write(checked({ ...POD, findings: [] }), undefined, false)
  t.match(written, '  note     regcred would add "acme" (it fits this image)\n')
  t.match(written, '1 object checked: 0 errors, 0 warnings, 1 note\n')
  t.match(write(checked({ ...POD, findings: [] })), '0 notes\n')
})

t.test('one cause is told once, where it does most, with the other places', async t => {
  const [finding] = POD.findings
  if (finding === undefined) throw new Error('there is one')
  const bare = { ...POD, plan: NAMESPACE.plan }
  const at = (name: string, line: number): CheckedObject => ({
    ...bare,
    name,
    findings: [{ ...finding, place: { line, column: 5 } }],
  })
  const grave = { ...at('grave', 9), findings: [{ ...finding, effect: 'mayBlock' as const }] }
  const other = { ...at('other', 10), namespace: 'team-b' }
  const written = write(checked(at('a', 1), at('b', 2), grave, at('c', 3), at('d', 4), at('e', 5), other))
  t.equal(
    written,
    `Pod grave in namespace team-a (web.yaml)
  warning  SecretNotFound: pull secret "amce" is not there; did you mean "acme"? (the same at web.yaml:1:5, web.yaml:2:5, web.yaml:3:5 and 2 more)

Pod other in namespace team-b (web.yaml)
  note     SecretNotFound: pull secret "amce" is not there; did you mean "acme"? (web.yaml:10:5)

7 objects checked: 0 errors, 1 warning, 1 note
`,
  )
  const planned = (name: string): CheckedObject => ({ ...POD, name, findings: [] })
  t.match(write(checked(planned('a'), planned('b')), undefined, false), '(it fits this image) (the same at Pod b)\n')
  const broken = { ...finding, code: 'SecretMalformed', effect: 'blocks' } as const
  const secret = { ...bare, findings: [{ ...broken, effect: 'mayBlock' as const, problem: 'for a Pod' }] }
  const pod = { ...bare, name: 'b', findings: [{ ...broken, problem: 'for this Pod' }] }
  t.match(
    write(checked(secret, pod)),
    /^Pod b .*\n {2}error {4}SecretMalformed: for this Pod; did you mean "acme"\? \(the same at Pod web\)\n\n2 obj/,
  )
})

/** What is written to a stream. */
function write(
  checkedObjects: Checked,
  stream: NodeJS.WritableStream = new PassThrough(),
  assumeInjection = true,
  verbose = false,
): string {
  return writeText(checkedObjects, new Terminal(stream), { assumeInjection, verbose })
    .map(line => `${line}\n`)
    .join('')
}

/** A terminal, whose user may have set variables that speak of colour. */
class FakeTerminal extends PassThrough {
  readonly isTTY = true
  readonly #env: Readonly<Record<string, string>>

  constructor(env: Readonly<Record<string, string>>) {
    super()
    this.#env = env
  }

  getColorDepth(): number {
    return WriteStream.prototype.getColorDepth({ TERM: 'xterm-256color', ...this.#env })
  }
}

t.test('there is colour only on a terminal, and not where NO_COLOR asks for none', async t => {
  const { FORCE_COLOR } = process.env
  delete process.env['FORCE_COLOR']
  t.teardown(() => {
    if (FORCE_COLOR !== undefined) process.env['FORCE_COLOR'] = FORCE_COLOR
  })
  const coloured = write(checked(POD), new FakeTerminal({}))
  t.match(coloured, '\u001b[36mnote ')
  t.match(coloured, '\u001b[1mPod web in namespace team-a')
  for (const stream of [new PassThrough(), new FakeTerminal({ NO_COLOR: '1' }), new FakeTerminal({ TERM: 'dumb' })]) {
    t.notMatch(write(checked(POD), stream), '\u001b')
  }
})

t.test('what is ignored is counted, and named with the reason where that is asked for', async t => {
  const line = { ...POD, findings: [], plan: NAMESPACE.plan }
  const one = { by: 'configuration', reason: 'Vault\nmakes it' } as const
  const ignored = POD.findings.flatMap(finding => [
    { finding, ...one },
    { finding: { ...finding, place: { line: 3, column: 5 } }, ...one },
  ])
  t.equal(
    write(checked({ ...line, ignored })),
    '1 object checked: 0 errors, 0 warnings, 0 notes; 2 ignored, -v names them\n',
  )
  const told = 'SecretNotFound: pull secret "amce" is not there; did you mean "acme"?'
  t.equal(write(checked(line), undefined, undefined, true), '1 object checked: 0 errors, 0 warnings, 0 notes\n')
  t.equal(
    write(checked({ ...line, ignored }), undefined, undefined, true),
    `  ignored  ${told} (web.yaml; configuration: Vault\\u000amakes it)
  ignored  ${told} (web.yaml:3:5; configuration: Vault\\u000amakes it)

1 object checked: 0 errors, 0 warnings, 0 notes; 2 ignored
`,
  )
})
