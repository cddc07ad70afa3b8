import { Argument, Command, Option } from 'commander'
import { addAskOptions, addShownOptions, filenameOption } from '../ask-flags.ts'
import { collect } from '../option-parsers.ts'
import type { Streams } from '../streams.ts'
import type { CanPullFlags } from './flags.ts'

const AFTER = `
The registry is not asked: what is told is which credentials Kubernetes would send it, in which order.

  regcred can-pull ghcr.io/acme/web:1                        with what ServiceAccount "default" lists
  regcred can-pull ghcr.io/acme/web:1 --as serviceaccount/ci
  regcred can-pull --as deployment/web                       every image of its Pods
  regcred can-pull ghcr.io/acme/web:1 --secret regcred --secret hub
  regcred can-pull ghcr.io/acme/web:1 -f regcred.yaml        a Secret that is not in a cluster yet

Exit status: 0 yes, 1 no, 2 it could not be found out.`

/** `regcred can-pull`: whether the pull secrets that are there suffice for an image, as `kubectl auth can-i` answers. */
export function canPullCommand(streams: Streams = process): Command {
  const command = new Command('can-pull')
    .description('say whether an image can be pulled with the pull secrets that are there, and what would be tried')
    .addArgument(new Argument('[image]', 'image (default: every image of --as)'))
    .option('--as <kind/name>', 'whose pull secrets, e.g. pod/web, deployment/web, serviceaccount/ci')
    .addOption(
      new Option('--secret <name>', 'ask for this pull secret instead; repeatable')
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(filenameOption('take the Secrets of this file, not of the cluster'))
    .option('--config <file>', 'configuration file, for its registries (default: none, the built-in defaults)')
    .option('-q, --quiet', 'print nothing; the exit status says it')
  return addAskOptions(addShownOptions(command))
    .addHelpText('after', AFTER)
    .action(async (image: string | undefined, flags: CanPullFlags) => {
      const { canPull } = await import('./can-pull-action.ts')
      process.exitCode = await canPull(image, flags, streams)
    })
}
