import { Command, Option } from 'commander'
import { addAskOptions } from '../ask-flags.ts'
import type { Streams } from '../streams.ts'
import type { VersionFlags } from './version-action.ts'

/** `regcred version`: of this program, and of what runs in the cluster, as `kubectl version` has it. */
export function versionCommand(streams: Streams = process): Command {
  const command = new Command('version')
    .description('print the version of this program, and of the regcred in the cluster if there is one')
    .option('--client', 'ask no cluster')
    .addOption(new Option('-o, --output <format>', 'output format').choices(['text', 'json']).default('text'))
  return addAskOptions(command, 'namespace of regcred (default: found by the label of its Deployment)')
    .addHelpText('after', '\nExit status: 0, also where there is no cluster, or none that answers.')
    .action(async (flags: VersionFlags) => {
      const { version } = await import('./version-action.ts')
      await version(flags, streams)
    })
}
