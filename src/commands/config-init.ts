import { Argument, Command } from 'commander'
import type { ConfigInitFlags } from './config-init-action.ts'
import type { Streams } from './streams.ts'

const AFTER = `
Of each registry of their images it says how many images there are, and how many of them have a pull secret. Those that have one are listed
as private; the others are for you to list. Nothing is written to a file, and no cluster is asked.

Exit status: 0, or 2 if something could not be read, or there is no image.

  regcred config init k8s/ > regcred.yaml
  kubectl get pods -A -o yaml | regcred config init > regcred.yaml`

/** `regcred config init`: a first configuration, from the registries in use. */
export function configInitCommand(streams: Streams): Command {
  return new Command('init')
    .description('print a first configuration, made of the registries that manifests use')
    .addArgument(new Argument('[path...]', 'files or folders of manifests, or - (default: standard input)'))
    .option('-f, --filename <path...>', 'the same, as kubectl takes it')
    .addHelpText('after', AFTER)
    .action(async (paths: readonly string[], flags: ConfigInitFlags) => {
      const { printFirstConfiguration } = await import('./config-init-action.ts')
      await printFirstConfiguration([...paths, ...(flags.filename ?? [])], streams)
    })
}
