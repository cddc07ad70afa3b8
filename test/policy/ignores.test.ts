import t from 'tap'
import { readIgnores } from '../../src/policy/ignores.ts'

const table: readonly [text: string, read: readonly (readonly [code: string, reason: string])[]][] = [
  ['A: why', [['A', 'why']]],
  ['  A :why, and more ', [['A', 'why, and more']]],
  [
    'A: why\nB: other\n\n',
    [
      ['A', 'why'],
      ['B', 'other'],
    ],
  ],
  [
    'A: why\r\nB: other',
    [
      ['A', 'why'],
      ['B', 'other'],
    ],
  ],
  [
    'Aa: why, Bb: other',
    [
      ['Aa', 'why'],
      ['Bb', 'other'],
    ],
  ],
  [
    'A, B: both',
    [
      ['A', 'both'],
      ['B', 'both'],
    ],
  ],
  [
    'A, B',
    [
      ['A', ''],
      ['B', ''],
    ],
  ],
  ['A:', [['A', '']]],
  ['A,', [['A', '']]],
  ['A: see https://example.com: there', [['A', 'see https://example.com: there']]],
  ['Vault makes it', [['Vault makes it', '']]],
  ['A why, B', [['A why, B', '']]],
  ['', []],
]

for (const [text, read] of table) {
  t.test(`${JSON.stringify(text)} is read`, async t => {
    t.strictSame(
      readIgnores(text).map(({ code, reason }) => [code, reason]),
      read,
    )
  })
}

t.test('the longest annotation is read at once, whatever is in it', async t => {
  const start = process.cpuUsage()
  for (const part of ['A,', 'Aa: ', 'Aa:,', ', ', 'A ', '\n', ',Aa:b']) readIgnores(part.repeat(4096 / part.length))
  t.ok(process.cpuUsage(start).user < 1_000_000)
})
