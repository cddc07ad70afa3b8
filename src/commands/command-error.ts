/** A fault of what was asked for: one line on stderr that says what and what to do, and exit status 2. */
export class CommandError extends Error {}
