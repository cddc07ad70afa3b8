import t from 'tap'
import { memoize } from '../../src/runtime/memoize.ts'

/** A function that tells how often it was asked, and remembers two texts in a generation. */
function counting() {
  const asked: string[] = []
  const read = memoize(text => {
    asked.push(text)
    return { text }
  }, 2)
  return { asked, read }
}

t.test('a text that comes again is not read again, and is answered with the very same', async t => {
  const { asked, read } = counting()
  t.equal(read('a'), read('a'))
  t.strictSame(read('a'), { text: 'a' })
  t.strictSame(asked, ['a'])
})

t.test('what comes again in time outlives its generation', async t => {
  const { asked, read } = counting()
  for (const text of ['a', 'b', 'c', 'a', 'd', 'a']) read(text)
  t.strictSame(asked, ['a', 'b', 'c', 'd'])
})

t.test('what does not come again is forgotten', async t => {
  const { asked, read } = counting()
  for (const text of ['a', 'b', 'c', 'd', 'e', 'a']) read(text)
  t.strictSame(asked, ['a', 'b', 'c', 'd', 'e', 'a'])
})

t.test('a long text is read each time', async t => {
  const { asked, read } = counting()
  const [long, longer] = ['x'.repeat(512), 'x'.repeat(513)]
  for (const text of [long, longer, long, longer]) t.strictSame(read(text), { text })
  t.strictSame(asked, [long, longer, longer])
})

t.test('what is remembered is bounded in bytes as well', async t => {
  const asked: string[] = []
  const bytes = new Map([
    ['large', 700_000],
    ['huge', 2_000_000],
  ])
  const read = memoize(
    text => {
      asked.push(text)
      return { text }
    },
    100,
    ({ text }) => bytes.get(text) ?? 0,
  )
  for (const text of ['a', 'large', 'a', 'large', 'huge', 'huge']) read(text)
  t.strictSame(asked, ['a', 'large', 'huge', 'huge'], 'one that is too large by itself is read each time')
  bytes.set('b', 400_000)
  for (const text of ['b', 'a', 'c', 'large', 'd']) read(text)
  t.strictSame(asked.slice(4), ['b', 'c', 'd'], 'what comes again in time is kept')
})
