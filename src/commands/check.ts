import { Command, Option } from 'commander'
import { checkManifests, placeOf } from '../engine/check-manifests.ts'
import { readManifests } from '../manifests/read.ts'
import { prepareRulebook } from '../policy/rulebook.ts'
import { writeJson } from '../report/json.ts'
import { writeText } from '../report/text.ts'
import { CommandError } from './command-error.ts'
import { readSettings } from './settings.ts'

const DEFAULT_NAMESPACE = 'default'

/** Where a command reads from and writes to: the answer to `out`, the talk to `err`. */
export interface Streams {
  readonly in: AsyncIterable<Uint8Array | string>
  readonly out: NodeJS.WritableStream
  readonly err: NodeJS.WritableStream
}

interface CheckFlags {
  readonly filename: readonly string[]
  readonly namespace: string
  readonly config?: string
  readonly output: 'text' | 'json'
  readonly strict?: boolean
}

/** `regcred check`: manifests before they reach a cluster, judged as a cluster of their own. */
export function checkCommand(
  streams: Streams = { in: process.stdin, out: process.stdout, err: process.stderr },
): Command {
  return new Command('check')
    .description('check manifests as a cluster of their own, before they reach one')
    .requiredOption('-f, --filename <path...>', 'file or folder of manifests; - reads standard input')
    .option('-n, --namespace <name>', 'namespace of objects that name none', DEFAULT_NAMESPACE)
    .option('--config <file>', 'AdmissionConfiguration; the defaults without it')
    .addOption(
      new Option('-o, --output <format>', 'for people or for programs').choices(['text', 'json']).default('text'),
    )
    .option('--strict', 'take Secrets as absent in a namespace for which the input holds none')
    .addHelpText('after', '\nExit status: 0 nothing found, 1 findings, 2 could not do its work.')
    .action(async (flags: CheckFlags) => {
      process.exitCode = await check(flags, streams)
    })
}

async function check(flags: CheckFlags, streams: Streams): Promise<number> {
  const { filename, config, output, strict = false } = flags
  const namespace = flags.namespace || DEFAULT_NAMESPACE
  const { settings } = await readSettings(config)
  const read = await readManifests(filename, streams.in)
  if (!read.ok) throw new CommandError(read.faults.join('\n'))
  const checked = await checkManifests(read.manifests, prepareRulebook(settings), { namespace, strict, now: Date.now })
  streams.out.write(output === 'json' ? writeJson(checked) : writeText(checked, streams.out))
  for (const { manifest, fault } of checked.unreadable) {
    streams.err.write(`regcred: ${placeOf(manifest)}: a ${manifest.kind} cannot be read: ${fault}\n`)
  }
  if (checked.withoutSecrets.length > 0) {
    const names = checked.withoutSecrets.join(', ')
    streams.err.write(
      `regcred: no Secrets for namespace ${names}: pull secrets there are unknown; --strict takes them as absent\n`,
    )
  }
  if (checked.unreadable.length > 0)
    throw new CommandError('some objects could not be read; correct them or leave them out')
  return checked.objects.some(({ findings }) => findings.length > 0) ? 1 : 0
}
