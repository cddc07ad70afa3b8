import { Command, Option } from 'commander'
import type { CheckFlags } from './check-action.ts'
import type { Streams } from './streams.ts'

/** `regcred check`: manifests before they reach a cluster, judged as a cluster of their own. */
export function checkCommand(streams: Streams = process): Command {
  return new Command('check')
    .description('find pull-secret mistakes in manifests, before they reach a cluster')
    .option('-f, --filename <path...>', 'file or folder of manifests, or - for standard input')
    .option('-n, --namespace <name>', 'namespace of objects that name none', 'default')
    .option('--config <file>', 'configuration file (default: none, the built-in defaults)')
    .addOption(new Option('-o, --output <format>', 'output format').choices(['text', 'json']).default('text'))
    .option('--strict', 'treat Secrets that are not in the files as missing')
    .addHelpText('after', AFTER)
    .action(async (flags: CheckFlags) => {
      const { check } = await import('./check-action.ts')
      process.exitCode = await check(flags, streams)
    })
}

const AFTER = `
Levels: error, a Pod will not pull; warning, it may not pull; note, it pulls, but something is off.
Exit status: 0 nothing found, 1 findings, 2 could not run.`
