import type { Checked, CheckedObject } from '../../../src/engine/checked.ts'
import type { Finding } from '../../../src/policy/finding.ts'
import { type Report, report } from '../../../src/report/reported.ts'
import { checked, POD } from '../checked.ts'

/** What breaks out of one format or another, and a name that is merely long. */
export const HOSTILE = [
  'a\u0000\u001b[2J\u0085\u202e\ufffe\uffff\ud800',
  'a]]><script>alert(1)</script>&amp;"\'',
  'a|b`c``d\\|e\r\n| x | y |',
  'a\n::error::owned',
  'a%0A::error file=x,line=1::owned%25',
  'a##[stop-commands]b',
  '[click](https://evil.example.com) ![x](y) {0} {{1}} <!-- @someone #1 -->',
  'x'.repeat(100_000),
] as const

const [FINDING] = POD.findings

/** An object of which every text is this one. */
function objectOf(word: string): CheckedObject {
  return {
    ...POD,
    manifest: { ...POD.manifest, kind: word, file: '-', source: word, line: 3, column: 1 },
    namespace: word,
    name: word,
    plan: { ...POD.plan, add: [{ secret: word, source: 'match' }] },
    findings: [{ ...(FINDING as Finding), effect: 'blocks', secret: word, problem: `Secret "${word}" is not there` }],
  }
}

export const hostile: Checked = {
  ...checked(...HOSTILE.map(objectOf)),
  errors: HOSTILE.map(word => ({ file: word.slice(0, 200), message: word, line: 1 })),
}

/** As many objects with a finding, the last of which alone is an error. */
export function many(objects: number): Checked {
  const named = Array.from({ length: objects }, (_, i): CheckedObject => {
    const findings = POD.findings.map(
      (finding): Finding => ({ ...finding, effect: i + 1 === objects ? 'blocks' : 'degrades' }),
    )
    return { ...POD, name: `web-${i}`, plan: { ...POD.plan, add: [] }, findings }
  })
  return checked(...named)
}

export function reportOf(found: Checked): Report {
  return report(found, { assumeInjection: false, cwd: '/work' })
}
