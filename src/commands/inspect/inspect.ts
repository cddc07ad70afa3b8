import { Argument, Command } from 'commander'
import { addAskOptions, addShownOptions, filenameOption } from '../ask-flags.ts'
import type { Streams } from '../streams.ts'
import type { InspectFlags } from './inspect-action.ts'

const AFTER = `
No password is ever shown.

  regcred inspect regcred                     a Secret of the cluster
  regcred inspect                             every pull secret of the namespace
  regcred inspect ~/.docker/config.json       what Kubernetes could use of your logins
  kubectl get secret regcred -o yaml | regcred inspect -
  regcred inspect regcred --image ghcr.io/acme/web:1

Exit status: 0 every entry works, 1 something does not work in Kubernetes, 2 something could not be read.`

/** `regcred inspect`: what a Secret or a docker config is worth in Kubernetes, without its passwords. */
export function inspectCommand(streams: Streams = process): Command {
  const command = new Command('inspect')
    .description('show what registries a pull secret or a docker config is for, and what of it does not work')
    .addArgument(new Argument('[secret|file]', 'name of a Secret, or a file, or - (default: all of the namespace)'))
    .addOption(filenameOption('file or folder of Secrets, or a docker config'))
    .option('--image <image>', 'say which entry Kubernetes would use for this image')
  return addAskOptions(addShownOptions(command))
    .addHelpText('after', AFTER)
    .action(async (secret: string | undefined, flags: InspectFlags) => {
      const { inspect } = await import('./inspect-action.ts')
      process.exitCode = await inspect(secret, flags, streams)
    })
}
