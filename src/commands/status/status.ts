import { Command, InvalidArgumentError, Option } from 'commander'
import { parseDuration } from '../../runtime/duration.ts'
import { addAskOptions } from '../ask-flags.ts'
import type { Streams } from '../streams.ts'
import type { StatusFlags } from './status-action.ts'

/** The longest that may be waited. */
const MAX_WAIT_MS = 24 * 3_600_000

/** `regcred status`: whether regcred does its work in a cluster. */
export function statusCommand(streams: Streams = process): Command {
  const command = new Command('status')
    .description('say whether regcred is ready in a cluster: replicas, webhooks, certificate, and a dry-run Pod')
    .addOption(
      new Option('--wait <duration>', 'look again until it is ready, for at most this long, e.g. 2m')
        .argParser(parseWait)
        .default(0, 'none'),
    )
    .addOption(new Option('-o, --output <format>', 'output format').choices(['text', 'json']).default('text'))
  return addAskOptions(command, 'namespace of regcred (default: found by the label of its Deployment)')
    .addHelpText('after', AFTER)
    .action(async (flags: StatusFlags) => {
      const { status } = await import('./status-action.ts')
      process.exitCode = await status(flags, streams)
    })
}

/** @throws {InvalidArgumentError} unless it is a duration of at most a day; a number alone is seconds, as kubectl takes it */
function parseWait(text: string): number {
  const wait = parseDuration(/^\d+$/.test(text) ? `${text}s` : text) ?? Number.NaN
  if (wait <= MAX_WAIT_MS) return wait
  throw new InvalidArgumentError('Give a duration of at most 24h, e.g. 2m.')
}

const AFTER = `
It creates one Pod with --dry-run=server, so that nothing is stored; everything else is read. What you may not read is told, and takes
nothing from the rest.
Exit status: 0 ready, 1 not ready, 2 it could not be found out.

  regcred status
  regcred status --wait 2m                    in a pipeline, behind helm upgrade`
