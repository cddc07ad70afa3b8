import { Command, Option } from 'commander'
import { addAskOptions } from '../ask-flags.ts'
import type { Streams } from '../streams.ts'
import type { WhyFlags } from './why-action.ts'

/** `regcred why`: for who has ImagePullBackOff already. */
export function whyCommand(streams: Streams = process): Command {
  const command = new Command('why')
    .description('find out why a Pod, or the Pods of a Deployment, cannot pull an image')
    .argument('<object...>', 'POD, or KIND/NAME of what makes Pods, e.g. deployment/web')
  return addAskOptions(command)
    .option('--config <file>', 'configuration file (default: none, the built-in defaults)')
    .addOption(new Option('-o, --output <format>', 'output format').choices(['text', 'json']).default('text'))
    .addHelpText('after', AFTER)
    .action(async (words: readonly string[], flags: WhyFlags) => {
      const { why } = await import('./why-action.ts')
      process.exitCode = await why(words, flags, streams)
    })
}

const AFTER = `
It reads the Pod, its Events, its ServiceAccount and the pull secrets of its namespace. No registry is asked, and no password is shown.
Exit status: 0 nothing waits for an image, 1 something does, 2 it could not be found out.

  regcred why private-reg
  regcred why deployment/web --namespace shop`
