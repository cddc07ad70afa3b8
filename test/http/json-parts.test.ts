import fc from 'fast-check'
import t from 'tap'
import { PartCounter } from '../../src/http/json-parts.ts'

/** What is said of a text that comes in pieces of so many bytes. */
function faultOf(text: string, size = 1000): string | undefined {
  const bytes = Buffer.from(text)
  const counter = new PartCounter()
  for (let at = 0; at < bytes.length; at += size) counter.add(bytes.subarray(at, at + size))
  return counter.fault
}

const MOST = 2_100_000
const MOST_KEYS = 650_000

const cases: readonly [name: string, text: string, fault: string | undefined][] = [
  ['as many values as may be', `[${'1,'.repeat(MOST - 1)}1]`, undefined],
  ['one more', `[${'1,'.repeat(MOST)}1]`, 'it has more than 2100000 values'],
  ['lists', `[${'[],'.repeat(MOST / 2)}1]`, 'it has more than 2100000 values'],
  ['objects', `[${'{},'.repeat(MOST / 2)}1]`, 'it has more than 2100000 values'],
  ['as many keys as may be', `{${'"":1,'.repeat(MOST_KEYS - 1)}"":1}`, undefined],
  ['a key more', `{${'"":1,'.repeat(MOST_KEYS)}"":1}`, 'it has more than 650000 keys'],
  ['what looks like a key in a string', `["${':'.repeat(MOST_KEYS + 1)}"]`, undefined],
  ['as deep as may be', `${'['.repeat(5000)}${'{"":'.repeat(5000)}`, undefined],
  ['deeper', `${'['.repeat(5000)}${'{"":'.repeat(5001)}`, 'it is nested more than 10000 levels deep'],
  ['many side by side, none deep', `[${'[[]],'.repeat(10_000)}1]`, undefined],
  ['what a string holds', `["${'[,{,'.repeat(MOST)}"]`, undefined],
  ['a string with quotes', `["${'\\",'.repeat(MOST)}"]`, undefined],
  ['strings that end in a backslash', `[${'"\\\\",'.repeat(MOST)}1]`, 'it has more than 2100000 values'],
  ['nothing', '', undefined],
]

for (const [name, text, fault] of cases) {
  t.test(name, async t => {
    t.equal(faultOf(text, 65_536), fault)
  })
}

t.test('it makes no difference how a text is cut', async t => {
  const deep = (levels: number, text: string) => `${'['.repeat(levels)}${text}`
  fc.assert(
    fc.property(fc.json(), fc.integer({ min: 1, max: 7 }), (json, size) => {
      const levels = 10_000 - depthOf(JSON.parse(json))
      return faultOf(deep(levels, json), size) === undefined && faultOf(deep(levels + 1, json), size) !== undefined
    }),
    { numRuns: 50 },
  )
  t.pass('as deep as it is')
})

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}
