import { Command, InvalidArgumentError, Option } from 'commander'
import { parseDuration } from '../../runtime/duration.ts'
import { addAskOptions } from '../ask-flags.ts'
import { outputOption } from '../option-parsers.ts'
import type { Streams } from '../streams.ts'
import { SCAN_FORMATS } from './formats.ts'
import type { ScanFlags } from './scan-action.ts'

/** Time in which credentials that expire are told of, if nothing else is said. */
const DEFAULT_EXPIRING_MS = 14 * 86_400_000
/** Milliseconds of a day, which Go's durations do not have. */
const DAY_MS = 86_400_000

/** `regcred scan`: what of a live cluster will not pull, by cause. */
export function scanCommand(streams: Streams = process): Command {
  const command = new Command('scan')
    .description('find what in a cluster cannot pull its images, and why')
    .option('-A, --all-namespaces', 'all namespaces, one after another')
    .option('-l, --selector <selector>', 'only workloads and Pods with these labels, e.g. app=web')
  return addAskOptions(command)
    .option('--config <file>', 'configuration file (default: none, the built-in defaults)')
    .option('--assume-injection', 'count on the pull secrets that regcred in the cluster finds and adds by itself')
    .addOption(
      new Option('--expiring <duration>', 'tell of credentials that expire within this time, e.g. 14d or 36h')
        .argParser(parseExpiring)
        .default(DEFAULT_EXPIRING_MS, '14d'),
    )
    .option('--unused', 'list the pull secrets that no ServiceAccount, workload or Pod names')
    .option('--secrets', 'list the pull secrets: what each is for, when it expires, and who uses it')
    .addOption(outputOption(SCAN_FORMATS, 'may be repeated (default: text)'))
    .addOption(
      new Option('--fail-on <level>', 'lowest level of which a finding makes the exit status 1')
        .choices(['error', 'warning', 'note'])
        .default('error'),
    )
    .option(
      '--rbac [user]',
      'print the role that a scan needs, and its binding to a user (default: group regcred-scan)',
    )
    .addHelpText('after', AFTER)
    .action(async (flags: ScanFlags) => {
      const { scan } = await import('./scan-action.ts')
      process.exitCode = await scan(flags, streams)
    })
}

/** @throws {InvalidArgumentError} unless it is a number of days, or a duration as Go writes it */
function parseExpiring(text: string): number {
  const duration = /^\d{1,5}d$/.test(text) ? Number.parseInt(text, 10) * DAY_MS : parseDuration(text)
  if (duration !== undefined) return duration
  throw new InvalidArgumentError('Give a duration, e.g. 14d or 36h.')
}

const AFTER = `
It lists Namespaces, workloads, Pods, ServiceAccounts and pull secrets, and of other Secrets their names and types; nothing is changed.
No registry is asked, and no password is shown.
Exit status: 0 nothing will fail to pull, 1 something will (--fail-on), 2 a namespace could not be read.

  regcred scan -A
  regcred scan -A -o html=report.html
  regcred scan -A --secrets -o csv=secrets.csv -o json=scan.json
  regcred scan --rbac jane@example.com | kubectl apply -f -`
