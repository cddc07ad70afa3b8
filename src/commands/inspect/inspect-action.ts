import type { AskFlags } from '../../ask/ask-flags.ts'
import { isFine } from '../../inspection/inspected.ts'
import { explainImage } from '../../inspection/words.ts'
import { writeInspectedJson } from '../../report/inspected-json.ts'
import { writeInspected } from '../../report/inspected-text.ts'
import { CommandError } from '../../runtime/command-error.ts'
import { Terminal } from '../../runtime/terminal.ts'
import { type Streams, widthOf } from '../streams.ts'
import type { InspectedAll } from './collected.ts'
import { inspectFiles } from './inspect-files.ts'

export interface InspectFlags extends AskFlags {
  readonly filename: readonly string[]
  readonly image?: string
  readonly all?: boolean
  readonly output: 'text' | 'json'
}

/** What the exit status says. */
const STATUS = { fine: 0, wrong: 1, couldNot: 2 } as const

/** Secrets that are shown, beyond which they are counted. */
const MAX_SECRETS = 20

/**
 * Inspects what was asked for, and writes it.
 *
 * @returns the exit status
 * @throws {CommandError} one line that says what is wrong and what to do
 */
export async function inspect(given: string | undefined, flags: InspectFlags, streams: Streams): Promise<number> {
  const { image, output, all = false, namespace = 'default' } = flags
  const fault = image === undefined ? undefined : explainImage(image)
  if (fault !== undefined) throw new CommandError(`"${image}" is not a valid image name (${fault})`)
  const options = { namespace, now: Date.now(), ...(image !== undefined && { image }) }
  const paths = [...flags.filename, ...(given !== undefined && isFile(given) ? [given] : [])]
  if (given !== undefined && paths.length > 0 && !isFile(given))
    throw new CommandError('give the name of a Secret, or files, and not both')
  const limit = all || output === 'json' ? Number.POSITIVE_INFINITY : MAX_SECRETS
  const read = await readAll()
  async function readAll(): Promise<InspectedAll> {
    if (paths.length > 0) return await inspectFiles(paths, limit, options, streams)
    const { inspectCluster } = await import('./inspect-cluster.ts')
    return await inspectCluster(given, limit, flags, options, streams)
  }
  const out = new Terminal(streams.stdout)
  if (output === 'json') out.writeText(writeInspectedJson(read.shown))
  else writeText(read, { width: widthOf(streams.stdout), now: options.now, all, ...(image && { image }) }, out)
  const err = new Terminal(streams.stderr)
  for (const fault of read.faults) err.write(err.line`regcred: ${fault}`)
  return statusOf(read, image)
}

/** A path has a slash or an ending that manifests have; a Secret can be named `secret/NAME` as well. */
function isFile(given: string): boolean {
  if (/^secrets?\/[^/\\]*$/.test(given)) return false
  return given === '-' || /[/\\]/.test(given) || /\.(?:ya?ml|json)$/.test(given)
}

function writeText(
  { shown, more, moreWrong }: InspectedAll,
  options: Parameters<typeof writeInspected>[1],
  out: Terminal,
): void {
  for (const [i, one] of shown.entries()) {
    if (i > 0) out.write(out.line``)
    out.write(...writeInspected(one, options, out))
  }
  if (more > 0) out.write(out.line``, out.line`and ${more} more, ${moreWrong} of which do not work (--all)`)
}

function statusOf({ shown, moreWrong, faults }: InspectedAll, image: string | undefined): number {
  const all = shown.map(({ inspected }) => inspected)
  if (faults.length > 0 || all.some(({ isUnread }) => isUnread)) return STATUS.couldNot
  const isUsed = all.some(({ entries }) => entries.some(({ turn, works }) => turn !== undefined && works))
  if (image !== undefined && !isUsed) return STATUS.wrong
  return moreWrong > 0 || !all.every(isFine) ? STATUS.wrong : STATUS.fine
}
