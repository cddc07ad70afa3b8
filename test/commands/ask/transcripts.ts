import { readFileSync, writeFileSync } from 'node:fs'
import type { Test } from 'tap'
import { HIDDEN } from './objects.ts'

const UPDATE = process.env['UPDATE'] === '1'

/** Compares what people see with what is kept of it; `UPDATE=1` writes it. Commands and errors are in lines of any length. */
export function matchTranscript(test: Test, file: string, said: string): void {
  if (UPDATE) writeFileSync(file, said)
  test.equal(said, readFileSync(file, 'utf8'))
  for (const hidden of HIDDEN) test.notOk(said.includes(hidden), 'no password, token or auth')
  const long = said
    .split('\n')
    .filter(line => line.length > 80 && !/^\s+(?:kubectl|reason:) |^regcred: |^\s+"|^\$ /.test(line))
  test.strictSame(long, [], 'within 80 columns, but for commands and sentences in YAML')
}
