import { type Command, InvalidArgumentError, Option } from 'commander'
import { parseDuration } from '../runtime/duration.ts'
import { collect } from './option-parsers.ts'

/** Time for one request, if nothing else is said. */
const DEFAULT_REQUEST_TIMEOUT_MS = 10_000
/** The longest that may be asked for. */
const MAX_REQUEST_TIMEOUT_MS = 3_600_000

/** The files of a command that reads them in the place of a cluster. */
export function filenameOption(description: string): Option {
  return new Option('-f, --filename <path>', `${description}; repeatable`).argParser(collect).default([], 'none')
}

/** Adds the flags of how much is shown, and as what. */
export function addShownOptions(command: Command): Command {
  return command
    .option('--all', 'show every row')
    .addOption(new Option('-o, --output <format>', 'output format').choices(['text', 'json']).default('text'))
}

/** Adds the flags of a command that asks a cluster, as kubectl names them. */
export function addAskOptions(command: Command, namespace = 'namespace (default: that of the context)'): Command {
  return addClusterOptions(command.option('-n, --namespace <name>', namespace))
}

/** Adds those of them that say which cluster is asked. */
export function addClusterOptions(command: Command): Command {
  return command
    .option('--context <name>', 'context of the kubeconfig (default: its current one)')
    .option(
      '--kubeconfig <file>',
      "kubeconfig file (default: KUBECONFIG, ~/.kube/config, or a Pod's own ServiceAccount)",
    )
    .addOption(
      new Option('--request-timeout <duration>', 'time for one request to the API server')
        .argParser(parseRequestTimeout)
        .default(DEFAULT_REQUEST_TIMEOUT_MS, '10s'),
    )
}

/**
 * A time to wait for an answer, in milliseconds; a number alone is seconds, as kubectl takes it.
 *
 * @throws {InvalidArgumentError} unless it is more than nothing and at most an hour
 */
export function parseRequestTimeout(text: string): number {
  const timeout = parseDuration(/^\d+$/.test(text) ? `${text}s` : text) ?? Number.NaN
  if (timeout >= 1 && timeout <= MAX_REQUEST_TIMEOUT_MS) return timeout
  throw new InvalidArgumentError('Give a duration of at most 1h, e.g. 10s.')
}
