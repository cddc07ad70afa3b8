import { Command } from 'commander'
import type { Streams } from '../streams.ts'
import type { DemoFlags } from './demo-action.ts'

/** `regcred demo`: the real server over the example manifests, and what a person at kubectl would see of it. */
export function demoCommand(streams: Streams = process): Command {
  return new Command('demo')
    .description('run the webhook over example manifests, without a cluster, and send it the Pods of the walkthrough')
    .option('--serve', 'serve the examples on a free port until Ctrl-C')
    .option('--apply <file>', 'send the objects of this file instead, and print of each what kubectl apply would')
    .addHelpText('after', AFTER)
    .action(async (flags: DemoFlags) => {
      const { demo } = await import('./demo-action.ts')
      process.exitCode = await demo(flags, streams)
    })
}

const AFTER = `
With --apply the Secrets, ServiceAccounts and Namespaces of the file count as there already, beside those of the examples.
Exit status of --apply: 0 everything was accepted, 1 something was refused, 2 the file could not be read.

  regcred demo --apply k8s/web.yaml`
