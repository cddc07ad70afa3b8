import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { recogniseRefusal, recogniseWarning } from '../../src/server-side/recognise.ts'

const GOLDEN = join(import.meta.dirname, '../golden')

/** Everything that was recorded of what regcred says, with the codes of its findings. */
function* recorded(value: unknown): Generator<{ texts: string[]; isRefusal: boolean; codes: string[] }> {
  if (typeof value !== 'object' || value === null) return
  const {
    warnings = [],
    status,
    auditAnnotations,
  } = value as {
    warnings?: string[]
    status?: { message?: string }
    auditAnnotations?: { findings?: string }
  }
  const codes = (auditAnnotations?.findings ?? '').split('; ').map(one => one.split(' ', 1)[0] ?? '')
  if (warnings.length > 0) yield { texts: warnings, isRefusal: false, codes }
  if (status?.message !== undefined) yield { texts: [status.message], isRefusal: true, codes }
  for (const part of Object.values(value)) yield* recorded(part)
}

const titleOf = (text: string) => text.slice(0, text.indexOf(': '))

/** Is said beside findings, and of none. */
const NO_FINDING =
  /^[^:]+: (?:and \d+ more; |pull secret "[^"]+" was not added|pull secrets are no longer added|regcred could not read )/
/** Of other objects than Pods and templates, about which no cluster is asked. */
const OTHERS = /^(?:Secret|Namespace) /

t.test('every sentence that was recorded is known again, with its code', async t => {
  const seen = new Set<string>()
  let count = 0
  for (const file of globSync('**/response.json', { cwd: GOLDEN })) {
    const answers = JSON.parse(readFileSync(join(GOLDEN, file), 'utf8'))
    for (const { texts, isRefusal, codes } of recorded(answers)) {
      for (const text of texts) {
        if (OTHERS.test(text)) continue
        const title = titleOf(text)
        const found = isRefusal ? recogniseRefusal(text, title) : [recogniseWarning(text, title)]
        if (NO_FINDING.test(text)) {
          t.strictSame(found.filter(Boolean), [], `${dirname(file)}: ${text}`)
          continue
        }
        count += 1
        t.ok(found.length > 0, `${dirname(file)}: ${text}`)
        for (const finding of found) {
          t.ok(
            finding && codes.includes(finding.code),
            `${dirname(file)}: ${finding?.code} is one of ${codes}: ${text}`,
          )
          t.equal(finding?.effect, isRefusal ? 'blocks' : 'mayBlock')
          seen.add(String(finding?.code))
        }
      }
    }
  }
  t.ok(count > 50, `${count} of them`)
  t.strictSame([...seen].sort(), [
    ...['CredentialsExpired', 'ImageInvalid', 'ImageNotCovered', 'NotInjected', 'SecretMalformed', 'SecretNotFound'],
    ...['SecretWithoutCredentials', 'SecretWrongType'],
  ])
})

t.test('what is told is what was said', async t => {
  const said =
    'Secret "regcerd" does not exist in namespace "a"; did you mean "regcred"? Write it in spec.imagePullSecrets'
  t.strictSame(recogniseWarning(`Pod web: ${said}`, 'Pod web'), {
    ...{ code: 'SecretNotFound', effect: 'mayBlock', origin: 'object', affectsPrivate: false, secret: 'regcerd' },
    suggestion: { of: 'secret', text: 'regcred' },
    problem: 'Secret "regcerd" does not exist in namespace "a"',
    advice: { kind: 'suggestName', text: 'did you mean "regcred"? Write it in spec.imagePullSecrets' },
  })
})

for (const [name, text] of [
  ['of another object', 'Pod wbe: Secret "a" does not exist in namespace "b"; x'],
  ['of another kind', 'Secret "a" does not exist in namespace "b"; x'],
  ['of Pod Security', 'would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false; x'],
  ['of another that names the object', 'Pod web: image tag latest is not allowed; use another'],
  ['that was cut short', 'Pod web: Secret "a" does not exist in namespace "b"'],
  ['of a field that is unknown', 'unknown field "spec.x"; Pod web: Secret "a" is broken ('],
] as const) {
  t.test(`a warning ${name} is nobody's finding`, async t => {
    t.equal(recogniseWarning(text, 'Pod web'), undefined)
    t.strictSame(recogniseRefusal(text, 'Pod web'), [])
  })
}

t.test('a refusal of which a part is not known is not taken apart', async t => {
  const known = 'Pod web: Secret "a" does not exist in namespace "b"; x'
  t.equal(recogniseRefusal(`${known}; ${known}`, 'Pod web').length, 2)
  t.strictSame(recogniseRefusal(`${known}; Pod web: what is new; x`, 'Pod web'), [])
})
