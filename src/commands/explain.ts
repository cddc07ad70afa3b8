import { Command } from 'commander'
import type { Streams } from './streams.ts'

/** `regcred explain`: what a code of a finding means, and what to do about it. */
export function explainCommand(streams: Pick<Streams, 'stdout'> = process): Command {
  return new Command('explain')
    .description('explain what regcred says: cause, example and remedy of a finding')
    .argument('[code]', 'code of a finding, e.g. SecretNotFound; none lists them all')
    .addHelpText('after', '\nExit status: 0, or 2 if there is no such code.')
    .action(async (code: string | undefined) => {
      const { explainFinding } = await import('./explain-action.ts')
      explainFinding(code, streams)
    })
}
