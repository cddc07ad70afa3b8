/** Where progress is shown: a terminal gets one line that changes, anything else a line now and then. */
export interface ProgressStream {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/**
 * Shows how far a long piece of work has come, until it has ended.
 * @param describe what is going on at this moment, on one line
 */
export async function withProgress<T>(
  stream: ProgressStream,
  describe: () => string,
  work: () => Promise<T>,
): Promise<T> {
  const started = performance.now()
  const show = () => {
    const line = `${describe()}, ${formatElapsed(performance.now() - started)}`
    stream.write(stream.isTTY === true ? `\r\x1b[K${line}` : `${line}\n`)
  }
  show()
  const timer = setInterval(show, stream.isTTY === true ? 500 : 10_000)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    show()
    if (stream.isTTY === true) stream.write('\n')
  }
}

function formatElapsed(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
