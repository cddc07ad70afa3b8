import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { ApiError } from '../../src/kube/api-error.ts'
import { splitLines } from '../../src/kube/split-lines.ts'

async function* chunksOf(...chunks: readonly (string | Buffer)[]) {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

async function split(chunks: AsyncIterable<Buffer>, maxBytes = 1000): Promise<string[]> {
  const lines: string[] = []
  for await (const line of splitLines(chunks, maxBytes)) lines.push(line.toString())
  return lines
}

t.test('bytes become lines', async t => {
  const cases = [
    { name: 'nothing', chunks: [], expected: [] },
    { name: 'a line', chunks: ['a\n'], expected: ['a'] },
    { name: 'several in one chunk', chunks: ['a\nb\nc\n'], expected: ['a', 'b', 'c'] },
    { name: 'one over several chunks', chunks: ['a', '', 'b', 'c\nd'], expected: ['abc', 'd'] },
    { name: 'empty ones are left out', chunks: ['\n', '\n\na\n\n'], expected: ['a'] },
    { name: 'a line break of its own', chunks: ['a', '\n', 'b', '\n'], expected: ['a', 'b'] },
    { name: 'exactly as long as may be', chunks: ['x'.repeat(1000), '\n'], expected: ['x'.repeat(1000)] },
  ]
  for (const { name, chunks, expected } of cases) t.strictSame(await split(chunksOf(...chunks)), expected, name)
})

t.test('a line that is too long', async t => {
  for (const chunks of [['x'.repeat(1001)], ['x'.repeat(600), 'x'.repeat(600)], ['a\n', `${'x'.repeat(1001)}\n`]]) {
    await t.rejects(split(chunksOf(...chunks)), new ApiError('tooLarge'))
  }
})

t.test('it does not matter where the bytes are cut', async () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter(text => !text.includes('\n'))
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat()), async (lines, cuts) => {
      const bytes = Buffer.from(lines.map(text => `${text}\n`).join(''))
      const places = [0, ...cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
      const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end))
      assert.deepEqual(await split(chunksOf(...chunks), 1e6), lines)
    }),
  )
})
