import { Command, Option } from 'commander'
import { type Audience, explain } from '../config/explain.ts'
import { type Configuration, defaultConfiguration } from '../config/parse.ts'
import { printJson, printYaml } from '../config/print.ts'
import { jsonSchema } from '../config/schema.ts'
import { type Manifest, readManifests } from '../manifests/read.ts'
import { ManifestView } from '../manifests/view.ts'
import { readManifestSubject } from '../review/manifest.ts'
import type { Streams } from './check.ts'
import { CommandError } from './command-error.ts'
import { loadOrFail } from './settings.ts'

interface ConfigFlags {
  readonly config?: string
  readonly namespace?: string
  readonly manifests?: string
  readonly filename?: string
  readonly output: 'yaml' | 'json'
  readonly schema?: true
}

/** `regcred config`: what configuration holds, in general or for a namespace or a Pod, and which line decided. */
export function configCommand(
  streams: Streams = { in: process.stdin, out: process.stdout, err: process.stderr },
): Command {
  return new Command('config')
    .description('print the configuration that holds, and which line decided each setting')
    .option('--config <file>', 'AdmissionConfiguration; the defaults without it')
    .option('-n, --namespace <name>', 'print what holds in this namespace')
    .option('--manifests <path>', 'file or folder of manifests that holds the Namespace')
    .option('-f, --filename <file>', 'print what holds for the Pod, or the Pod template, in this manifest; - is stdin')
    .addOption(new Option('-o, --output <format>', 'format').choices(['yaml', 'json']).default('yaml'))
    .option('--schema', 'print the JSON Schema of the configuration file instead, for editors')
    .addHelpText('after', '\nExit status: 0, or 2 if a file has faults; all of them are printed.')
    .action((flags: ConfigFlags) => printConfiguration(flags, streams))
}

async function printConfiguration(flags: ConfigFlags, streams: Streams): Promise<void> {
  if (flags.schema) {
    streams.out.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`)
    return
  }
  const configuration =
    flags.config === undefined ? defaultConfiguration : (await loadOrFail(flags.config)).configuration
  const rows = explain(configuration, await findSubject(flags, configuration, streams))
  streams.out.write(flags.output === 'json' ? printJson(rows) : printYaml(rows))
}

/** For whom the configuration is asked; undefined where it is for nobody in particular. */
async function findSubject(
  { namespace, manifests, filename }: ConfigFlags,
  { settings }: Configuration,
  streams: Streams,
): Promise<Audience | undefined> {
  const given = filename === undefined ? [] : await read(filename, streams)
  const around = manifests === undefined ? [] : await read(manifests, streams)
  const pods = given.flatMap(manifest => {
    const { subject, ...rest } = readManifestSubject(manifest, namespace ?? 'default', settings.templates)
    if (subject.about === 'unreadable') throw new CommandError(`${filename}: ${manifest.kind} ${subject.fault}`)
    return subject.about === 'pod' || subject.about === 'template' ? [{ ...rest, pod: subject }] : []
  })
  const [found] = pods
  if (filename !== undefined && (found === undefined || pods.length > 1)) {
    throw new CommandError(`${filename} holds ${pods.length} Pods and Pod templates; give a manifest of one`)
  }
  const name = found?.namespace ?? namespace
  if (name === undefined) return undefined
  const known = new ManifestView([...around, ...given]).namespace(name)
  if (known.state !== 'value') {
    streams.err.write(`regcred: no manifest given is of Namespace ${name}: what it may be labelled is left out\n`)
  }
  return {
    namespace: known.state === 'value' ? known.value : { name },
    ...(found && { pod: found.pod }),
  }
}

async function read(path: string, streams: Streams): Promise<readonly Manifest[]> {
  const found = await readManifests([path], streams.in)
  if (!found.ok) throw new CommandError(found.faults.join('\n'))
  return found.manifests
}
