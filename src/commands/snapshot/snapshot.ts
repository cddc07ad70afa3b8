import { Command, Option } from 'commander'
import { addAskOptions } from '../ask-flags.ts'
import type { Streams } from '../streams.ts'
import type { SnapshotFlags } from './snapshot-action.ts'

/** `regcred snapshot`: what is known of the pull secrets of a cluster, for checks without it. */
export function snapshotCommand(streams: Streams = process): Command {
  const command = new Command('snapshot')
    .description('write down which pull secrets a cluster has, for regcred check --known-secrets')
    .option('-A, --all-namespaces', 'all namespaces, one after another')
  return addAskOptions(command)
    .addOption(new Option('-o, --output <format>', 'output format').choices(['yaml', 'json']).default('yaml'))
    .option('--output-file <file>', 'file to write (default: standard output)')
    .option(
      '--rbac [user]',
      'print the role that a snapshot needs, and its binding to a user (default: group regcred-snapshot)',
    )
    .addHelpText('after', AFTER)
    .action(async (flags: SnapshotFlags) => {
      const { snapshot } = await import('./snapshot-action.ts')
      process.exitCode = await snapshot(flags, streams)
    })
}

const AFTER = `
A snapshot holds names, types, registries and when credentials expire; the names and types of all other Secrets; the imagePullSecrets of
ServiceAccounts; and the labels of regcred on Namespaces. It holds no user name and no password.
Exit status: 0 all was read, 2 something could not be read.

  regcred snapshot -A > pull-secrets.yaml
  regcred check k8s/ --known-secrets pull-secrets.yaml
  regcred snapshot --rbac jane@example.com | kubectl apply -f -`
