import fc from 'fast-check'
import leven from 'leven'
import t from 'tap'
import { nearestName, nearestOf } from '../../src/runtime/nearest-name.ts'

t.test('the name that was probably meant', async t => {
  const cases = [
    { name: 'a letter missing', of: 'regcrd', names: ['acme', 'regcred'], limit: 2, nearest: 'regcred' },
    { name: 'the nearer of two', of: 'regcrd', names: ['regcrass', 'regcred'], limit: 3, nearest: 'regcred' },
    {
      name: 'the first by name of two as near',
      of: 'acme-x',
      names: ['acme-z', 'acme-a'],
      limit: 2,
      nearest: 'acme-a',
    },
    { name: 'not itself', of: 'acme', names: ['acme'], limit: 2, nearest: undefined },
    { name: 'nothing too far away', of: 'acme', names: ['other', 'acmeeee'], limit: 2, nearest: undefined },
    { name: 'nothing that has no letter in common', of: 'ab', names: ['cd'], limit: 2, nearest: undefined },
    { name: 'case counts', of: 'WARN', names: ['warn'], limit: 2, nearest: undefined },
    { name: 'case is ignored', of: 'WARM', names: ['warn'], limit: 2, ignoreCase: true, nearest: 'warn' },
  ]
  for (const { name, of, names, nearest, ...options } of cases) t.equal(nearestName(of, names, options), nearest, name)
})

t.test('whether it is the only one', async t => {
  const isOnly = (...names: string[]) => nearestOf('regcerd', names, { limit: 2 })?.isOnly
  t.equal(isOnly('regcred', 'regcred', 'acme'), true, 'however often it comes')
  t.equal(isOnly('regcred', 'regcerds'), false)
  t.equal(isOnly('regcerds', 'regcred'), false, 'in any order')
  t.equal(isOnly('acme'), undefined)
})

t.test('no candidate is nearer than the one that is found, and none is missed', async () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), maxLength: 8 })
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 12 }), fc.integer({ min: 0, max: 4 }), (name, candidates, limit) => {
      const near = candidates.filter(other => other !== name && leven(name, other) <= Math.min(limit, name.length - 1))
      const [expected] = near.toSorted((a, b) => leven(name, a) - leven(name, b) || (a < b ? -1 : 1))
      return nearestName(name, candidates, { limit }) === expected
    }),
    { numRuns: 1000 },
  )
})
