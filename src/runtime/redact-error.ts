/** Frames of a stack that are logged, from the innermost. */
const MAX_STACK_FRAMES = 5

/**
 * What a log may say of an exception that was thrown over an object of the cluster: where, and not the message, because it
 * may quote what was being read.
 */
export function redactError(
  error: unknown,
  maxFrames: number = MAX_STACK_FRAMES,
): { readonly error: string; readonly at: readonly string[] } {
  if (!(error instanceof Error)) return { error: typeof error, at: [] }
  /* c8 ignore next -- an Error has a stack, unless somebody took it away */
  const stack = error.stack ?? ''
  const frames = stack
    .replace(error.message, '')
    .split('\n')
    .filter(line => /^\s+at /.test(line))
  return { error: error.name, at: frames.slice(0, maxFrames).map(frame => frame.trim()) }
}
