import { ApiError } from './api-error.ts'

const NEW_LINE = 0x0a

/**
 * Cuts bytes into lines without their line breaks; empty lines are left out. What comes after the last line break is a line.
 *
 * @throws ApiError `tooLarge` for a line of more than `maxBytes`
 */
export async function* splitLines(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let length = 0
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(NEW_LINE); end !== -1; end = chunk.indexOf(NEW_LINE, start)) {
      const line = join(parts, chunk.subarray(start, end))
      parts = []
      length = 0
      start = end + 1
      if (line.length > maxBytes) throw new ApiError('tooLarge')
      if (line.length > 0) yield line
    }
    const rest = chunk.subarray(start)
    length += rest.length
    if (length > maxBytes) throw new ApiError('tooLarge')
    if (rest.length > 0) parts.push(rest)
  }
  if (length > 0) yield join(parts)
}

function join(parts: readonly Buffer[], last?: Buffer): Buffer {
  const all = last === undefined ? parts : [...parts, last]
  const [only] = all
  return only !== undefined && all.length === 1 ? only : Buffer.concat(all)
}
