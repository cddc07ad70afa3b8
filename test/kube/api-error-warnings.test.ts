import t from 'tap'
import { readWarnings } from '../../src/kube/api-error.ts'

const cases: { name: string; header: string | string[] | undefined; warnings: string[] }[] = [
  { name: 'none', header: undefined, warnings: [] },
  { name: 'one', header: '299 - "a word"', warnings: ['a word'] },
  {
    name: 'quotes and backslashes',
    header: '299 - "Secret \\"a\\" is in C:\\\\b"',
    warnings: ['Secret "a" is in C:\\b'],
  },
  { name: 'several in one header', header: '299 - "a, 299 - b", 299 x "c"', warnings: ['a, 299 - b', 'c'] },
  { name: 'several headers', header: ['299 - "a"', '299 - "b"'], warnings: ['a', 'b'] },
  { name: 'an empty one', header: '299 - ""', warnings: [''] },
  { name: 'something else', header: '199 - "a", nonsense, 299 - "open', warnings: [] },
]

for (const { name, header, warnings } of cases) {
  t.test(`a Warning header: ${name}`, async t => {
    t.strictSame(readWarnings(header), warnings)
  })
}
