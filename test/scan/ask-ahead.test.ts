import t from 'tap'
import { askAhead } from '../../src/scan/ask-ahead.ts'

async function collect<T>(list: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of list) all.push(one)
  return all
}

async function* list(
  asked: string[],
  name: string,
  items: readonly number[],
  fault?: Error,
): AsyncGenerator<number, void> {
  asked.push(name)
  yield* items
  if (fault !== undefined) throw fault
}

t.test('a list is asked for before it is read, and read in its order', async t => {
  const asked: string[] = []
  const [first, second] = [askAhead(list(asked, 'secrets', [1, 2, 3])), askAhead(list(asked, 'pods', []))]
  t.strictSame(asked, ['secrets', 'pods'])
  t.strictSame(await collect(first), [1, 2, 3])
  t.strictSame(await collect(second), [])
})

t.test('what goes wrong is thrown where the list is read', async t => {
  const wrong = askAhead(list([], 'secrets', [], new Error('not now')))
  await new Promise(resolve => setImmediate(resolve))
  await t.rejects(collect(wrong), { message: 'not now' })
  const late = askAhead(list([], 'secrets', [1], new Error('later')))
  t.strictSame(await late.next(), { value: 1, done: false })
  await t.rejects(late.next(), { message: 'later' })
})

t.test('a list that nobody reads harms nobody, whatever went wrong with it', async t => {
  const asked: string[] = []
  askAhead(list(asked, 'pods', [], new Error('not now')))
  await new Promise(resolve => setImmediate(resolve))
  t.strictSame(asked, ['pods'])
})
