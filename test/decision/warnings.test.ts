import t from 'tap'
import { isWorthAWarning, writeNotes, writeWarnings } from '../../src/decision/warnings.ts'
import type { Effect, Finding, FindingCode } from '../../src/policy/finding.ts'
import { ADVICE, finding, uncovered } from './finding.ts'

const MISSING = { code: 'SecretNotFound' } as const
const EXPIRED = { code: 'CredentialsExpired' } as const

const worth: readonly [tweak: Partial<Finding>, isWorth: boolean][] = [
  [{ ...MISSING, effect: 'blocks' }, true],
  [{ ...MISSING, effect: 'mayBlock' }, true],
  [{ ...MISSING, effect: 'degrades' }, true],
  [{ ...MISSING, effect: 'degrades', origin: 'serviceAccount' }, false],
  [{ ...MISSING, effect: 'mayBlock', origin: 'serviceAccount' }, true],
  [{ ...EXPIRED, effect: 'degrades' }, false],
  [{ ...EXPIRED, effect: 'mayBlock', affectsPrivate: false }, true],
  [{ ...MISSING, effect: 'blocks', origin: 'configuration' }, true],
  [{ ...MISSING, effect: 'degrades', origin: 'configuration' }, false],
  [{ ...MISSING, effect: 'blocks', origin: 'configuration', affectsPrivate: false }, false],
]

t.test('what is worth a person’s attention', async t => {
  for (const [tweak, isWorth] of worth) t.equal(isWorthAWarning(finding(tweak)), isWorth, JSON.stringify(tweak))
})

const note = (problem: string) => ({ problem, advice: ADVICE })
const of = (code: FindingCode, effect: Effect, tweak: Partial<Finding>) => finding({ code, effect, ...tweak })

const causes: readonly { readonly name: string; readonly findings: readonly Finding[]; readonly lines: string[] }[] = [
  { name: 'nothing', findings: [], lines: [] },
  { name: 'one finding', findings: [finding()], lines: ['Pod web: Secret "gone" is not there'] },
  {
    name: 'missing Secrets are one cause',
    findings: [finding(), finding({ secret: 'lost' })],
    lines: ['Pod web: Secret "gone" is not there (also missing: "lost")'],
  },
  {
    name: 'of which some are named and the rest is counted',
    findings: ['a', 'b', 'c', 'd', 'e', 'f'].map(secret => finding({ secret })),
    lines: ['Pod web: Secret "a" is not there (also missing: "b", "c", "d" and 2 more)'],
  },
  {
    name: 'one with a near name is another',
    findings: [finding(), finding({ secret: 'amce', suggestion: { of: 'secret', text: 'acme' } })],
    lines: ['Pod web: Secret "gone" is not there', 'Pod web: Secret "amce" is not there'],
  },
  {
    name: 'uncovered images are one cause, each image once',
    findings: [uncovered('a'), uncovered('b'), uncovered('c'), uncovered('c'), uncovered('a')],
    lines: ['Pod web: "registry.example.com/a" needs a pull secret (the same for 2 more images)'],
  },
  {
    name: 'another container of the same image is not told of',
    findings: [uncovered('a'), uncovered('a', { container: 'other' })],
    lines: ['Pod web: "registry.example.com/a" needs a pull secret'],
  },
  {
    name: 'images with another cause have a line of their own, in any order',
    findings: [
      uncovered('a'),
      uncovered('b', { problem: 'near "registry.example.com/b"' }),
      uncovered('c', { problem: 'near "registry.example.com/c"' }),
      uncovered('d'),
    ],
    lines: [
      'Pod web: "registry.example.com/a" needs a pull secret (the same for 1 more image)',
      'Pod web: near "registry.example.com/b" (the same for 1 more image)',
    ],
  },
  {
    name: 'which pull secret would help is said beside a useless reference',
    findings: [finding(), uncovered('a', { problem: 'add "acme"', suggestion: { of: 'secret', text: 'acme' } })],
    lines: ['Pod web: Secret "gone" is not there', 'Pod web: add "acme"'],
  },
  {
    name: 'but not if that is the one that the reference meant',
    findings: [
      finding({ secret: 'amce', suggestion: { of: 'secret', text: 'acme' } }),
      uncovered('a', { problem: 'add "acme"', suggestion: { of: 'secret', text: 'acme' } }),
    ],
    lines: ['Pod web: Secret "amce" is not there'],
  },
  {
    name: 'a finding without an image has a cause as well',
    findings: [of('ImageNotCovered', 'blocks', { problem: 'lack' })],
    lines: ['Pod web: lack'],
  },
  {
    name: 'a useless reference says why an image is not covered',
    findings: [finding(), uncovered('a')],
    lines: ['Pod web: Secret "gone" is not there'],
  },
  {
    name: 'credentials that have expired are one cause for each Secret',
    findings: [
      of('CredentialsExpired', 'blocks', { secret: 'old', image: 'a', problem: 'old a' }),
      of('CredentialsExpired', 'blocks', { secret: 'old', image: 'b', problem: 'old b' }),
      of('CredentialsExpired', 'blocks', { secret: 'older', image: 'a', problem: 'older a' }),
    ],
    lines: ['Pod web: old a (the same for 1 more image)', 'Pod web: older a'],
  },
  {
    name: 'an image whose name does not parse is one for each image',
    findings: [
      of('ImageInvalid', 'blocks', { image: 'A', problem: 'A' }),
      of('ImageInvalid', 'blocks', { image: 'A', problem: 'A again' }),
      of('ImageInvalid', 'blocks', { image: 'B', problem: 'B' }),
    ],
    lines: ['Pod web: A', 'Pod web: B'],
  },
]

for (const { name, findings, lines } of causes) {
  t.test(`a line for each cause: ${name}`, async t => {
    t.strictSame(
      writeWarnings('Pod web', findings),
      lines.map(line => `${line}; do it`),
    )
  })
}

t.test('no line is forged', async t => {
  t.strictSame(writeNotes('Pod web', [note('a\nWarning: b\u2028c')]), ['Pod web: a\\u000aWarning: b\\u2028c; do it'])
})

t.test('a line, the lines and all of it together have a length', async t => {
  const [long = ''] = writeNotes('Pod web', [note('x'.repeat(1000))])
  t.equal(long.length, 500)
  const notes = writeNotes('Pod web', [note('x'.repeat(480)), note('y'.repeat(480))])
  t.match(notes, [/^Pod web: x+; do it$/, 'Pod web: and 1 more; see the audit annotations, or run: regcred check FILE'])
  const many = Array.from({ length: 14 }, (_, i) => of('EntryCoversNothing', 'mayBlock', { problem: `${i}` }))
  const lines = writeWarnings('Pod web', many)
  t.equal(lines.length, 11)
  t.match(lines.at(-1), 'Pod web: and 4 more;')
})

t.test('a line that is too long loses of what is wrong, and its command stays whole', async t => {
  const advice = { kind: 'recreateSecret', text: `recreate it: kubectl ${'c'.repeat(200)} FILE` } as const
  const [line = ''] = writeNotes('Pod web', [{ problem: 'x'.repeat(1000), advice }])
  t.equal(line.length, 500)
  t.ok(line.endsWith(`…; ${advice.text}`))
  const [both = ''] = writeNotes('Pod web', [
    { problem: 'x'.repeat(300), advice: { ...advice, text: 'c'.repeat(480) } },
  ])
  t.match(both, /^Pod web: x{300}; c+…$/, 'unless there would be nothing left of it')
})
