import { Document, type YAMLSeq } from 'yaml'
import { API_VERSION, KIND } from '../config/configuration.ts'
import { MAX_CONFIGURATION_BYTES } from '../config/parse.ts'
import { conclude } from '../node-files/conclude.ts'
import type { Conclusions } from '../node-files/conclusions.ts'
import { readNodeFiles } from '../node-files/read.ts'
import { CommandError } from '../runtime/command-error.ts'
import { Terminal } from '../runtime/terminal.ts'
import { visibleJson, visibleLines } from '../runtime/visible.ts'
import type { Streams } from './streams.ts'

/**
 * Prints the entries of a configuration that follow from files of a node, and from which file each does. Of the credentials
 * in them nothing is printed.
 *
 * @throws {CommandError} with every error of the files, a line each
 */
export async function printNodeFiles(
  paths: readonly string[],
  output: 'yaml' | 'json',
  streams: Pick<Streams, 'stdout'>,
): Promise<void> {
  const read = await readNodeFiles(paths)
  if (!read.ok) throw new CommandError(read.faults)
  const conclusions = conclude(read.statements)
  const text = output === 'json' ? toJson(conclusions) : toYaml(conclusions)
  if (text.length > MAX_CONFIGURATION_BYTES)
    throw new CommandError('more follows from these files than a configuration can hold; give those of one node')
  new Terminal(streams.stdout).writeText(text)
}

const HEAD =
  ' From files of a node, by regcred config --node-files.\n' +
  ' If your configuration lists something under registries.node already, add these entries there.'

function toYaml({ entries, remarks }: Conclusions): string {
  const document = toDocument({ entries })
  document.commentBefore = HEAD
  const list = document.getIn(['registries', 'node'], true) as YAMLSeq | undefined
  for (const [at, { reasons }] of entries.entries()) {
    const item = list?.get(at, true)
    if (typeof item === 'object' && item !== null) Object.assign(item, { commentBefore: toComment(reasons) })
  }
  const left = entries.length === 0 ? ['No entry follows from these files.'] : []
  if (left.length + remarks.length > 0) document.comment = toComment([...left, ...remarks])
  return visibleLines(document.toString({ lineWidth: 0 }))
}

function toJson({ entries, remarks }: Conclusions): string {
  const configuration = toDocument({ entries }).toJS()
  return `${visibleJson({ configuration, entries, remarks }, 2)}\n`
}

function toDocument({ entries }: Pick<Conclusions, 'entries'>): Document {
  const node = entries.map(({ entry }) => entry)
  return new Document({ apiVersion: API_VERSION, kind: KIND, ...(node.length > 0 && { registries: { node } }) })
}

function toComment(lines: readonly string[]): string {
  return lines.map(line => ` ${line}`).join('\n')
}
