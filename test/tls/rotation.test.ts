import t from 'tap'
import { type Issued, issueCertificate } from '../../src/tls/issue.ts'
import { namesToIssue, planRotation } from '../../src/tls/rotation.ts'

const NOW = Date.parse('2026-06-01T00:00:00Z')
const LIFETIME = 3_600_000
const NAMES = ['regcred.regcred-system.svc']
const TERMS = { names: NAMES, lifetime: LIFETIME }
const AT_TWO_THIRDS = NOW + (LIFETIME * 2) / 3

const issue = (names = NAMES) => issueCertificate(names, { now: NOW, lifetime: LIFETIME })
const [a, b, other] = [await issue(), await issue(), await issue(['other.svc'])]
const broken: Issued = { ...a, ca: b.ca }

interface Case {
  readonly name: string
  readonly current?: Issued
  readonly next?: Issued
  readonly now?: number
  /** Which of them may be served, and whether another is to be made. */
  readonly planned: { readonly current?: Issued; readonly next?: Issued; readonly make?: RegExp }
}

const cases: readonly Case[] = [
  { name: 'there is none', planned: { make: /^there is none$/ } },
  { name: 'a good one, early in its life', current: a, planned: { current: a } },
  {
    name: 'a good one, a moment before two thirds of its life',
    current: a,
    now: AT_TWO_THIRDS - 1000,
    planned: { current: a },
  },
  {
    name: 'a good one, at two thirds of its life',
    current: a,
    now: AT_TWO_THIRDS,
    planned: { current: a, make: /two thirds/ },
  },
  { name: 'and one that is to follow', current: a, next: b, now: AT_TWO_THIRDS, planned: { current: a, next: b } },
  { name: 'one that has expired', current: a, now: NOW + LIFETIME, planned: { make: /expired/ } },
  { name: 'one that is damaged', current: broken, planned: { make: /not signed by its/ } },
  { name: 'one that is damaged, and one that is to follow', current: broken, next: b, planned: { next: b } },
  { name: 'a good one, and one to follow that is damaged', current: a, next: broken, planned: { current: a } },
  { name: 'one for another name', current: other, planned: { make: /not for regcred\.regcred-system\.svc/ } },
]

for (const { name, current, next, now = NOW, planned } of cases) {
  t.test(`what is kept: ${name}`, async t => {
    const { make, ...usable } = planRotation({ current, next }, TERMS, now)
    t.strictSame(usable, { current: planned.current, next: planned.next })
    if (planned.make === undefined) t.equal(make, undefined)
    else t.match(make, planned.make)
  })
}

t.test('a pair that lacks nothing but our names keeps its own beside them', async t => {
  t.strictSame(namesToIssue({ current: other, next: undefined }, NAMES, NOW), [...NAMES, 'other.svc'])
  t.strictSame(namesToIssue({ current: a, next: undefined }, NAMES, NOW), NAMES)
  t.strictSame(namesToIssue({ current: other, next: undefined }, NAMES, NOW + LIFETIME), NAMES, 'unless it has expired')
})
