import { Argument, Command } from 'commander'
import { outputOption } from '../option-parsers.ts'
import type { Streams } from '../streams.ts'
import { MERGE_FORMATS, type MergeFlags } from './formats.ts'

/** `regcred report`: what is made of the answers of other commands. */
export function reportCommand(streams: Streams = process): Command {
  const merge = new Command('merge')
    .description('make one report of the scans of many clusters')
    .addArgument(new Argument('[file...]', 'files that regcred scan -o json=FILE wrote, one for each cluster'))
    .addOption(outputOption(MERGE_FORMATS, 'may be repeated (default: markdown)'))
    .addHelpText('after', AFTER)
    .action(async (files: readonly string[], flags: MergeFlags) => {
      const { merge } = await import('./merge-action.ts')
      process.exitCode = await merge(files, flags, streams)
    })
  return new Command('report')
    .description('join what scans have written')
    .addHelpText('after', '\nExit status: that of the command below it.')
    .addCommand(merge)
}

const AFTER = `
No cluster is asked. A cluster has the name that its kubeconfig gave it, or that of its file.
Exit status: 0 all files are in the report, 2 one could not be used; the others are in it all the same.

  regcred scan -A --context prod-1 -o json=prod-1.json
  regcred report merge prod-*.json -o html=clusters.html`
