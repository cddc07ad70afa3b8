import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import type { Streams } from '../../../src/commands/streams.ts'
import { CommandError } from '../../../src/runtime/command-error.ts'

/**
 * Runs a command in this process; what it throws is its stderr, as the program writes it.
 *
 * @param input of standard input
 * @param tty which streams are a terminal; none without it
 */
export async function runCommand(
  make: (streams: Streams) => Command,
  args: readonly string[],
  input: string | Buffer = '',
  tty: { readonly stdin?: boolean; readonly stdout?: boolean } = {},
): Promise<{ readonly status: unknown; readonly out: string; readonly err: string }> {
  const streams = {
    stdin: Object.assign(Readable.from([input]), { isTTY: tty.stdin === true }),
    stdout: Object.assign(new PassThrough(), { isTTY: tty.stdout === true }),
    stderr: new PassThrough(),
  }
  const before = process.exitCode
  const written = Promise.all([text(streams.stdout), text(streams.stderr)])
  let faults = ''
  try {
    await make(streams).parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    faults = error.faults.map(fault => `regcred: ${fault}\n`).join('')
    process.exitCode = 2
  }
  const status = process.exitCode
  process.exitCode = before
  streams.stdout.end()
  streams.stderr.end()
  const [out, err] = await written
  return { status, out, err: err + faults }
}

/** What a person sees: both streams, one after the other, and the exit status. Dates and ports differ from day to day. */
export function transcriptOf(
  typed: string,
  { status, out, err }: { status: unknown; out: string; err: string },
): string {
  const shown = `${out}${err}`
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d\.\d+)?Z/g, 'DATE')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'cluster.example')
    .replace(/^regcred: The cluster "c" is reached without TLS.*\n/m, '')
  return `$ ${typed}\n${shown}exit status ${String(status)}\n`
}
