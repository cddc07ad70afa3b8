import fc from 'fast-check'
import t from 'tap'
import { GlobIndex, shapeOf } from '../../src/kubelet/glob-index.ts'
import { compileHost, matchesHost } from '../../src/kubelet/key.ts'

const part = fc.constantFrom('a', 'b', '*', 'a*', '*b', '[a-b]', '[a')
const key = fc.record({
  host: fc.array(part, { minLength: 1, maxLength: 4 }).map(parts => parts.join('.')),
  port: fc.constantFrom('', '5000'),
})
const target = fc
  .record({
    parts: fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 4 }),
    port: fc.constantFrom('', '5000'),
  })
  .map(({ parts, port }) => ({ parts, port, authority: `${parts.join('.')}:${port}`, path: '/' }))

t.test('whatever matches is among the candidates', async t => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 8 }), target, (keys, target) => {
      const index = new GlobIndex<number>()
      const globs = keys.map(key => ({ key, host: compileHost(key) }))
      for (const [i, { key, host }] of globs.entries()) if (host !== undefined) index.add(shapeOf(key), i)
      const candidates = new Set(index.candidates(target).flat())
      return globs.every(({ key, host }, i) => !host || !matchesHost(host, key.port, target) || candidates.has(i))
    }),
  )
  t.pass('no match is missed')
})

t.test('what cannot match by its literal parts, its port or their number is no candidate', async t => {
  const index = new GlobIndex<string>()
  for (const host of ['*.example.com', '*.quay.io', 'a.*', '*']) index.add(shapeOf({ host, port: '' }), host)
  index.add(shapeOf({ host: '*.example.com', port: '5000' }), 'with a port')
  t.strictSame(index.candidates({ port: '', parts: ['web', 'example', 'com'] }).flat(), ['*.example.com'])
  t.strictSame(index.candidates({ port: '', parts: ['a', 'b'] }).flat(), ['a.*'])
  t.strictSame(index.candidates({ port: '5000', parts: ['web', 'example', 'com'] }).flat(), ['with a port'])
})
