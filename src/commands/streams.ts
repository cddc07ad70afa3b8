/** Where a command reads from and writes to, as `process` has it: the answer to `stdout`, the talk to `stderr`. */
export interface Streams {
  readonly stdin: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean }
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly stderr: NodeJS.WritableStream
  /** What surrounds the command; nothing where it is not said. */
  readonly env?: NodeJS.ProcessEnv
}

/** Columns of what is not a terminal. */
const DEFAULT_WIDTH_LENGTH = 80
/** The most that a table takes of a wide terminal. */
const MAX_WIDTH_LENGTH = 120

/** Characters that a line of the answer may have. */
export function widthOf(stdout: Streams['stdout']): number {
  const columns = 'columns' in stdout && typeof stdout.columns === 'number' ? stdout.columns : DEFAULT_WIDTH_LENGTH
  return Math.min(columns, MAX_WIDTH_LENGTH)
}
