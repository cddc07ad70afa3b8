/** A fault of what was asked for: a line on stderr for each that says what and what to do, and exit status 2. */
export class CommandError extends Error {
  readonly faults: readonly string[]

  constructor(faults: string | readonly string[], options?: ErrorOptions) {
    const lines = typeof faults === 'string' ? [faults] : faults
    super(lines.join('\n'), options)
    this.faults = lines
  }
}
