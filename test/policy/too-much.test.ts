import t from 'tap'
import { explainTooMuch } from '../../src/policy/too-much.ts'

const SIZES = [
  { images: 100, references: 100, names: 0, by: 'namespace' },
  { images: 100, references: 100, names: 1, by: 'object' },
  { images: 101, references: 0, names: 0, by: 'object' },
  { images: 1, references: 50, names: 51, by: 'object' },
] as const

for (const { by, ...size } of SIZES) {
  t.test(`${JSON.stringify(size)} is too much because of the ${by}`, async t => {
    t.strictSame(explainTooMuch(size), { by, ...size })
  })
}
