import t from 'tap'
import { matcherOf } from '../../src/checking/globs.ts'

const table: readonly [glob: string, text: string, fits: boolean][] = [
  ['charts/**', 'charts/a/b.yaml', true],
  ['./charts/**', 'charts/a.yaml', true],
  ['**/testdata/**', 'a/b/testdata/c.yaml', true],
  ['**/testdata/**', 'testdata/c.yaml', true],
  ['*.yaml', 'a.yaml', true],
  ['*.yaml', 'k8s/a.yaml', false],
  ['**', '.github/a.yaml', true],
  ['{a,b}/*', 'b/c', true],
  ['#a', '#a', true],
  ['!a', 'b', false],
  ['+(a)', 'aa', false],
]

for (const [glob, text, fits] of table) {
  t.test(`${glob} ${fits ? 'fits' : 'does not fit'} ${text}`, async t => {
    t.equal(matcherOf([glob])(text), fits)
  })
}

t.test('one of several is enough, and none fits nothing', async t => {
  t.equal(matcherOf(['a', 'b'])('b'), true)
  t.equal(matcherOf([])('b'), false)
})

t.test('what is longer than any path fits nothing', async t => {
  t.equal(matcherOf(['**'])('a'.repeat(4096)), true)
  t.equal(matcherOf(['**'])('a'.repeat(4097)), false)
})

t.test('no glob takes more than linear time, so that none keeps a pipeline busy', async t => {
  const start = process.cpuUsage()
  for (const glob of ['*a'.repeat(2000), '**/*a/'.repeat(600), '{a,b}'.repeat(800), '[a-'.repeat(1000)]) {
    matcherOf([glob])('a/'.repeat(100) + 'a'.repeat(3800))
  }
  t.ok(process.cpuUsage(start).user < 2_000_000)
})
