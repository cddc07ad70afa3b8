import { CommandError } from '../../runtime/command-error.ts'
import { Terminal } from '../../runtime/terminal.ts'
import type { Streams } from '../streams.ts'
import { checkDestination, writePrivateFile } from './destination.ts'
import { checkNames, NO_PASSWORD, type SecretFlags, type Source, sourceOf } from './flags.ts'
import { gatherFromDocker, gatherTyped, printLogins, someOf, tell } from './gather.ts'
import { judge, makeSecret, type PullSecretManifest, printManifest } from './manifest.ts'

/** What the exit status says. */
const STATUS = { printed: 0, couldNot: 2 } as const

/**
 * Prints a pull secret, or the logins that one could be made of.
 *
 * @param now milliseconds since the epoch
 * @returns the exit status
 * @throws {CommandError} with every fault; nothing has been printed then
 */
export async function printSecret(
  name: string | undefined,
  flags: SecretFlags,
  streams: Streams,
  now: () => number = Date.now,
): Promise<number> {
  if (flags.password !== undefined) throw new CommandError(NO_PASSWORD)
  if (flags.list) {
    await printLogins(flags, streams)
    return STATUS.printed
  }
  const source = sourceOf(flags)
  const names = checkNames(name, flags.namespace)
  // Before a password is asked for.
  if (flags.outputFile !== undefined) await checkDestination(flags.outputFile, flags.force === true)
  else if (streams.stdout.isTTY && !flags.show) {
    const err = new Terminal(streams.stderr)
    err.write(...HOW_TO_PRINT.map(line => err.line`${line}`))
    return STATUS.couldNot
  }
  const secret = await makeFrom(source, names, flags, streams)
  const { faults, notes } = judge(secret, now())
  if (faults.length > 0) throw new CommandError(someOf(faults))
  tell(notes, streams)
  await print(secret, flags, streams)
  return STATUS.printed
}

const HOW_TO_PRINT = [
  'regcred: this would print a password. Pipe it: … | kubectl apply -f -',
  '         or write it: --output-file FILE (mode 600), or --show.',
]

async function makeFrom(
  source: Source,
  names: { readonly name: string; readonly namespace?: string },
  flags: SecretFlags,
  streams: Streams,
): Promise<PullSecretManifest> {
  if (source.kind === 'secret') {
    const { mendSecret } = await import('./mend.ts')
    const { secret, changes } = await mendSecret(source.file, names, streams)
    tell(changes, streams)
    return secret
  }
  if (source.kind === 'typed') return makeSecret(names, [await gatherTyped(source, streams)])
  return makeSecret(names, await gatherFromDocker(source.servers, flags, streams))
}

async function print(secret: PullSecretManifest, flags: SecretFlags, streams: Streams): Promise<void> {
  const text = await printManifest(secret, flags.output)
  if (flags.outputFile === undefined) {
    new Terminal(streams.stdout).writeText(text)
    return
  }
  await writePrivateFile(flags.outputFile, text, flags.force === true)
  tell([`wrote ${flags.outputFile} (mode 600): kubectl apply -f ${quote(flags.outputFile)}`], streams)
}

/** As a shell takes it for one word. */
function quote(file: string): string {
  return /^[\w@%+=:,./][\w@%+=:,./-]*$/.test(file) ? file : `'${file.replaceAll("'", String.raw`'\''`)}'`
}
