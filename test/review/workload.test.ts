import t from 'tap'
import { findAt, isPodSpec, templatesOf } from '../../src/review/workload.ts'

t.test('kinds with templates, built in and by configuration', async t => {
  const pathsOf = (...args: Parameters<typeof templatesOf>) => templatesOf(...args).map(({ path }) => path)
  t.strictSame(pathsOf('apps', 'Deployment'), ['/spec/template'])
  t.strictSame(pathsOf('batch', 'CronJob'), ['/spec/jobTemplate/spec/template'])
  t.strictSame(pathsOf('', 'PodTemplate'), ['/template'])
  t.strictSame(pathsOf('', 'Deployment'), [], 'of another group')
  const cluster = { group: 'ray.io', kind: 'RayCluster' }
  const paths = ['/spec/headGroupSpec/template', '/spec/workerGroupSpecs/*/template']
  t.strictSame(pathsOf('ray.io', 'RayCluster'), [])
  t.strictSame(
    pathsOf(
      'ray.io',
      'RayCluster',
      paths.map(path => ({ ...cluster, path })),
    ),
    paths,
  )
})

const cases: readonly [object: unknown, pointer: string, found: readonly [path: string, value: unknown][] | string][] =
  [
    [{ spec: { template: 1 } }, '/spec/template', [['spec template', 1]]],
    [{ spec: {} }, '/spec/template', []],
    [{ spec: null }, '/spec/template', []],
    [undefined, '/spec/template', []],
    [{ spec: { template: null } }, '/spec/template', []],
    [{ spec: [] }, '/spec/template', 'spec must be a mapping'],
    [{ spec: 1 }, '/spec/*', 'spec must be a mapping'],
    [{ 'a/b': { 'c~d': 1 } }, '/a~1b/c~0d', [['a/b c~d', 1]]],
    [{ 'a/b': 1 }, '/a~1b/c', '["a/b"] must be a mapping'],
    [{}, '/constructor/name', []],
    [
      { a: [{ b: 1 }, { c: 2 }, { b: 3 }] },
      '/a/*/b',
      [
        ['a 0 b', 1],
        ['a 2 b', 3],
      ],
    ],
    [
      { a: { x: { b: 1 }, y: { b: 2 } } },
      '/a/*/b',
      [
        ['a x b', 1],
        ['a y b', 2],
      ],
    ],
    [{ a: [{ b: 1 }, { b: 2 }] }, '/a/1/b', [['a 1 b', 2]]],
  ]

t.test('what is at a JSON pointer', async t => {
  for (const [object, pointer, found] of cases) {
    const result = findAt(object, pointer)
    const actual = 'fault' in result ? result.fault : result.found.map(({ path, value }) => [path.join(' '), value])
    t.strictSame(actual, found, `${pointer} in ${JSON.stringify(object)}`)
  }
})

t.test('stars find no more than anybody needs', async t => {
  const many = Array.from({ length: 2000 }, () => [1])
  const result = findAt({ a: many }, '/a/*/*')
  t.equal('found' in result && result.found.length, 1000)
})

t.test('a spec of a Pod is told from a template', async t => {
  t.equal(isPodSpec({ containers: [] }), true)
  t.equal(isPodSpec({ spec: { containers: [] } }), false)
  t.equal(isPodSpec({ containers: [], spec: {} }), false)
  t.equal(isPodSpec([]), false)
})
