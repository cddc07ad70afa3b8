import fc from 'fast-check'
import t from 'tap'
import { compilePart, isGlob } from '../../../src/kubelet/go/glob.ts'

t.test('a part of a host matches as filepath.Match has it', async t => {
  const cases: [pattern: string, part: string, matches: boolean][] = [
    ['ghcr', 'ghcr', true],
    ['ghcr', 'ghcrx', false],
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'anything', true],
    ['**', 'anything', true],
    ['gh*', 'ghcr', true],
    ['gh*', 'xghcr', false],
    ['*cr', 'ghcr', true],
    ['*cr', 'ghcrx', false],
    ['g*r', 'ghcr', true],
    ['g*g', 'g', false],
    ['*h*c*', 'ghcr', true],
    ['*c*h*', 'ghcr', false],
    ['*c*cr', 'ghcr', false],
    ['a]b', 'a]b', true],
    ['[::1]', '1', true],
    ['[::1]', '2', false],
    ['[::1]', '', false],
    ['[::1]', '[::1]', false],
    ['[F::1]*x', 'Fabcx', true],
    ['[::1%a-z]', 'k', true],
    ['[::1%a-z]', 'K', false],
    ['[::1%0-\u00c3\u00a9]', 'z', true],
    ['[::1%*]', '*', true],
    ['[::1%*]', 'abc', false],
    ['[::1', '1', false],
    ['[::1%a-]', 'a', false],
    ['[]', ']', false],
  ]
  for (const [pattern, part, matches] of cases) t.equal(compilePart(pattern)(part), matches, `${pattern} and ${part}`)
})

t.test('a pattern of stars matches what the same regular expression does', async () => {
  const letters = (characters: string) =>
    fc.array(fc.constantFrom(...characters), { maxLength: 10 }).map(found => found.join(''))
  fc.assert(
    fc.property(letters('ab**'), letters('ab'), (pattern, part) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`)
      return compilePart(pattern)(part) === expression.test(part)
    }),
  )
})

t.test('only stars and brackets make a glob', async t => {
  t.ok(isGlob('*.io'))
  t.ok(isGlob('[::1]'))
  t.notOk(isGlob('ghcr.io'))
})

t.test('a pattern that would explode a regular expression is answered', async t => {
  t.notOk(compilePart(`${'*a'.repeat(100_000)}*b`)('a'.repeat(253)))
})
