import { Command } from 'commander'
import { Terminal } from '../runtime/terminal.ts'
import type { DemoFlags } from './demo-action.ts'

/** `regcred demo`: the real server over the example manifests, and what a person at kubectl would see of it. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('run the webhook over example manifests, without a cluster, and send it the Pods of the walkthrough')
    .option('--serve', 'serve the examples on a free port until Ctrl-C')
    .action(async (flags: DemoFlags) => {
      const { demo } = await import('./demo-action.ts')
      await demo(flags, new Terminal(process.stdout))
    })
}
