import { PassThrough } from 'node:stream'
import { type Shown, Terminal } from '../../runtime/terminal.ts'
import type { Output } from '../option-parsers.ts'
import type { Streams } from '../streams.ts'
import { writeWhole } from './write-whole.ts'

/** What a format becomes: lines, which may have colour, or a text. */
type Written = string | readonly Shown[]

/**
 * Writes an answer in each format that was asked for, to its place; one that cannot be written keeps nothing from another.
 *
 * @param write makes the answer, for the terminal that it is given
 * @returns what is wrong, a line each
 */
export async function writeEach<Format extends string>(
  outputs: readonly Output<Format>[],
  write: (format: Format, out: Terminal) => Promise<Written> | Written,
  { stdout }: Pick<Streams, 'stdout'>,
): Promise<readonly string[]> {
  const out = new Terminal(stdout)
  const faults: string[] = []
  for (const { format, file } of outputs) {
    if (file === undefined) {
      const written = await write(format, out)
      if (typeof written === 'string') out.writeText(written)
      else out.write(...written)
      continue
    }
    const written = await write(format, new Terminal(new PassThrough()))
    const text = typeof written === 'string' ? written : written.map(line => `${line}\n`).join('')
    const fault = await writeWhole(file, text)
    if (fault !== undefined) faults.push(`cannot write ${file}: ${fault}`)
  }
  return faults
}
