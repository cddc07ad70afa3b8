import t from 'tap'
import { readOrdinaryYaml } from '../../src/manifests/ordinary-yaml.ts'

t.test('an ordinary document is read, and where each value begins is known', async t => {
  const document = readOrdinaryYaml('---\na: 1\nb:\n  - "x"\n  - |\n    text\nc: {d: }\na: 2\n')
  t.strictSame(document?.value, { a: 2, b: ['x', 'text\n'], c: { d: null } }, 'the last of two keys counts')
  t.equal(document?.offsetOf([]), 4)
  t.equal(document?.offsetOf(['b', 0]), 16)
  t.equal(document?.offsetOf(['b', 1]), 24)
  t.equal(document?.offsetOf(['b', 2]), undefined)
  t.equal(document?.offsetOf(['a', 'none', 'none']), undefined)
  t.strictSame(readOrdinaryYaml('---\n# nothing\n')?.value, null)
  t.equal(readOrdinaryYaml('---\n# nothing\n')?.offsetOf([]), 0)
})

t.test('what a scalar without quotes stands for', async t => {
  const document = readOrdinaryYaml(
    '[~, null, on, off, 0x1F, 0o17, -5, 1e3, .5, .inf, -.INF, .nan, 1.2.3, 5m, v1, yes!, "on"]',
  )
  t.strictSame(document?.value, [
    null,
    null,
    true,
    false,
    31,
    15,
    -5,
    1000,
    0.5,
    Infinity,
    -Infinity,
    Number.NaN,
    '1.2.3',
    '5m',
    'v1',
    'yes!',
    'on',
  ])
})

t.test('what is not ordinary is left to others', async t => {
  const cases = [
    ...[
      '',
      '&a b',
      '*a',
      '!!str a',
      'a: &b {}',
      '- &b []',
      '<<: {}',
      '"__proto__": 1',
      '1: 2',
      '{a: 1}: 2',
      '? [a]\n: b',
    ],
    ...['%YAML 1.2\n---\na', 'a: 1\n---\nb: 2', 'a: |2 # how\n    b', `${'['.repeat(101)}${']'.repeat(101)}`],
    ...['a: b: c', '"', '{', '\t- a', 'a: "\\q"'],
  ]
  for (const text of cases) t.equal(readOrdinaryYaml(text), undefined, JSON.stringify(text))
})
