import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { secretCommand } from '../../../src/commands/secret/secret.ts'
import { CommandError } from '../../../src/runtime/command-error.ts'

/** Runs `regcred secret` in this process, with `input` on standard input; what it throws is its stderr, as the program writes it. */
export async function runSecret(
  args: readonly string[],
  input: string | Buffer = '',
  tty: { readonly stdin?: boolean; readonly stdout?: boolean } = {},
): Promise<{ status: unknown; out: string; err: string }> {
  const streams = {
    stdin: Object.assign(Readable.from([input]), { isTTY: tty.stdin === true }),
    stdout: Object.assign(new PassThrough(), { isTTY: tty.stdout === true }),
    stderr: new PassThrough(),
  }
  const before = process.exitCode
  let faults = ''
  try {
    await secretCommand(streams).parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    faults = error.faults.map(fault => `regcred: ${fault}\n`).join('')
    process.exitCode = 2
  }
  const status = process.exitCode
  process.exitCode = before
  streams.stdout.end()
  streams.stderr.end()
  return { status, out: await text(streams.stdout), err: (await text(streams.stderr)) + faults }
}

/** The logins of a Secret that was printed as JSON: `user:password` by registry. */
export function loginsOf(json: string): Record<string, string> {
  const { data } = JSON.parse(json)
  const { auths } = JSON.parse(atob(data['.dockerconfigjson']))
  return Object.fromEntries(Object.entries<{ auth: string }>(auths).map(([key, { auth }]) => [key, atob(auth)]))
}
