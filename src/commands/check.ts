import { Argument, Command, Option } from 'commander'
import { addClusterOptions } from './ask-flags.ts'
import type { CheckFlags } from './check-action.ts'
import { collect, OUTPUT_FORMATS, outputOption } from './option-parsers.ts'
import type { Streams } from './streams.ts'

/** `regcred check`: manifests before they reach a cluster, judged as a cluster of their own. */
export function checkCommand(streams: Streams = process): Command {
  const command = new Command('check')
    .description('find pull-secret mistakes in manifests, before they reach a cluster')
    .addArgument(new Argument('[path...]', 'files or folders of manifests, or - (default: standard input)'))
    .option('-f, --filename <path...>', 'the same, as kubectl takes it')
    .option(
      '-n, --namespace <name>',
      'namespace of objects that name none (default: default; with --cluster or --server-side that of the context)',
    )
    .option(
      '--config <file>',
      "the cluster's configuration file (default: what the check configuration names, or none)",
    )
    .option('--check-config <file>', 'check configuration (default: regcred.yaml, found upwards to the Git root)')
    .option('--no-check-config', 'use no check configuration')
    .addOption(outputOption(OUTPUT_FORMATS, 'may be repeated (default: text, in GitHub Actions github)'))
    .addOption(
      new Option(
        '--fail-on <level>',
        'lowest level of which a finding makes the exit status 1 (default: warning)',
      ).choices(['error', 'warning', 'note']),
    )
    .option('--no-render', 'take Helm charts and kustomizations as they are, and run neither helm nor kubectl')
    .option('-v, --verbose', 'name what is ignored, and the check configuration')
    .option('--baseline <file>', 'findings that are known and do not count, so that only new ones do')
    .option('--update-baseline', 'write what is found now to that file')
    .option('--strict', 'treat Secrets and ServiceAccounts that are not in the files as missing')
    .option('--assume-injection', 'count on the pull secrets that regcred in the cluster finds and adds by itself')
    .option('--require-workloads', 'exit with 2 if no object pulls images')
    .option(
      '--known-secrets <file>',
      'what the cluster holds: a snapshot (see regcred snapshot) or Secrets; may be repeated',
      collect,
    )
    .option('--cluster', 'look up the Secrets and ServiceAccounts of the namespaces in the cluster')
    .option(
      '--server-side',
      'ask regcred in the cluster, by a dry run for each object that pulls images; needs no right to Secrets',
    )
  return addClusterOptions(command)
    .addHelpText('after', AFTER)
    .action(async (paths: readonly string[], flags: CheckFlags) => {
      const { check } = await import('./check-action.ts')
      process.exitCode = await check(paths, flags, streams)
    })
}

const AFTER = `
Levels: error, a Pod will not pull; warning, it may not pull; note, it pulls, but something is off.
Exit status: 0 nothing found, 1 findings of the level of --fail-on or above, 2 something could not be read, or there was nothing to check.

To ignore a finding: # regcred-ignore: CODE -- REASON on or above its line, the annotation regcred.dev/ignore, or the check configuration.

  regcred check k8s/
  helm template web charts/web | regcred check
  regcred check k8s/ --server-side
  regcred check k8s/ --baseline regcred-baseline.json --update-baseline
  regcred check k8s/ -o text -o sarif=regcred.sarif -o junit=regcred.xml`
