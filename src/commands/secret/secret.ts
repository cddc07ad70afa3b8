import { Argument, Command, Option } from 'commander'
import { collect } from '../option-parsers.ts'
import type { Streams } from '../streams.ts'
import type { SecretFlags } from './flags.ts'

const AFTER = `
A pull secret of the logins of this machine, for the registries that are chosen:
  regcred secret regcred --from-docker --server ghcr.io | kubectl apply -f -
Of a user name; the password is asked for on the terminal, or read from standard input:
  regcred secret regcred --server ghcr.io --username janedoe | kubectl apply -f -
  echo "$TOKEN" | regcred secret regcred --server ghcr.io --username ci --password-stdin | kubectl apply -f -
Of a Secret that has the wrong type, which cannot be changed:
  kubectl get secret hub -o json | regcred secret hub --from - | kubectl replace --force -f -
What there is on this machine, without passwords:
  regcred secret --list

Exit status: 0, or 2 if there is no Secret to print; nothing is printed then.`

/** `regcred secret`: a pull secret that Kubernetes uses, and that has the logins that were chosen and no others. */
export function secretCommand(streams: Streams = process): Command {
  const command = new Command('secret')
    .description('print a pull secret for kubectl apply, with logins of this machine or a new one')
    .addArgument(new Argument('[name]', 'name of the Secret'))
    .option('-n, --namespace <name>', 'namespace of the Secret (default: that of the kubectl that applies it)')
    .addOption(new Option('--server <registry>', 'a registry, e.g. ghcr.io; repeatable').argParser(collect).default([]))
    .option('--from-docker', 'take the logins of this machine, from its docker config, credential stores and helpers')
    .option('--all', 'with --from-docker: every login that there is')
    .option('--docker-config <file>', 'with --from-docker: the docker config (default: that of docker, or of podman)')
    .option('--username <user>', 'take this user; the password is asked for on the terminal')
    .option('--password-stdin', 'with --username: read the password from standard input')
    .option('--from <file>', 'take the Secret in this file, which has another type; - is standard input')
    .option('--list', 'list the logins of this machine instead')
    .addOption(new Option('-o, --output <format>', 'output format').choices(['yaml', 'json']).default('yaml'))
    .option('--output-file <file>', 'write a file that only you can read')
    .option('--force', 'with --output-file: overwrite it')
    .option('--show', 'print the Secret on a terminal, too')
    // Taken, so that it can be answered, and so that what follows it is no name.
    .addOption(new Option('-p, --password [password]').hideHelp())
    .addHelpText('after', AFTER)
  return command.action(async (name: string | undefined, flags: SecretFlags) => {
    const { printSecret } = await import('./secret-action.ts')
    process.exitCode = await printSecret(name, flags, streams)
  })
}
