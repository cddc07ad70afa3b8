import { Command, Option } from 'commander'
import type { ConfigFlags } from './config-action.ts'
import { configInitCommand } from './config-init.ts'
import type { Streams } from './streams.ts'

const AFTER = `
Files of a node: the kubelet's CredentialProviderConfig and config.json, containerd's config.toml and certs.d,
registries.yaml of k3s and RKE2, and OpenShift's ImageDigestMirrorSet, ImageTagMirrorSet and ImageContentSourcePolicy.
No credentials of theirs are printed.

  regcred config --node-files /etc/containerd /etc/kubernetes/credential-providers.yaml > regcred.yaml

Exit status: 0, or 2 if a file has errors; all of them are printed.`

/** `regcred config`: the configuration in effect, in general or for a namespace or a Pod, and which line decided. */
export function configCommand(streams: Streams = process): Command {
  return (
    new Command('config')
      .description('print the effective configuration and where each value comes from')
      // So that -f behind init is its own.
      .enablePositionalOptions()
      .option('--config <file>', 'configuration file (default: none, the built-in defaults)')
      .option('-n, --namespace <name>', 'print what is in effect in this namespace')
      .option('--manifests <path>', 'file or folder of manifests with the Namespace')
      .option('-f, --filename <file>', 'print what is in effect for the Pod or Pod template in this file; - is stdin')
      .addOption(new Option('-o, --output <format>', 'output format').choices(['yaml', 'json']).default('yaml'))
      .option('--schema', 'print the JSON Schema of the configuration file instead, for editors')
      .addOption(
        new Option(
          '--node-files <path...>',
          'print the entries of registries.node that follow from files or folders of a node instead',
        ).conflicts(['config', 'namespace', 'manifests', 'filename', 'schema']),
      )
      .addHelpText('after', AFTER)
      .action(async (flags: ConfigFlags) => {
        const { printConfiguration } = await import('./config-action.ts')
        await printConfiguration(flags, streams)
      })
      .addCommand(configInitCommand(streams))
  )
}
