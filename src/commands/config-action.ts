import { defaultConfiguration } from '../config/configuration.ts'
import { explain } from '../config/explain.ts'
import { printJson, printYaml } from '../config/print.ts'
import { Terminal } from '../runtime/terminal.ts'
import { type AudienceFlags, findAudience } from './audience.ts'
import { loadOrFail } from './settings.ts'
import type { Streams } from './streams.ts'

export interface ConfigFlags extends AudienceFlags {
  readonly config?: string
  readonly output: 'yaml' | 'json'
  readonly schema?: true
  readonly nodeFiles?: readonly string[]
}

/**
 * Prints the configuration in effect, the schema of its file, or what of it follows from files of a node.
 *
 * @throws {CommandError} with every error of a file, a line each
 */
export async function printConfiguration(flags: ConfigFlags, streams: Streams): Promise<void> {
  if (flags.nodeFiles) {
    const { printNodeFiles } = await import('./node-files-action.ts')
    await printNodeFiles(flags.nodeFiles, flags.output, streams)
    return
  }
  const out = new Terminal(streams.stdout)
  if (flags.schema) {
    const { jsonSchema } = await import('../config/schema.ts')
    out.writeText(`${JSON.stringify(jsonSchema(), null, 2)}\n`)
    return
  }
  const configuration =
    flags.config === undefined ? defaultConfiguration : (await loadOrFail(flags.config)).configuration
  const rows = explain(configuration, await findAudience(flags, configuration.settings.templates, streams))
  out.writeText(flags.output === 'json' ? printJson(rows) : printYaml(rows))
}
