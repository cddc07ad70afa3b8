import { readVersion } from '../../package.ts'
import type { Merged } from '../../page/merged/merge.ts'
import { mergeFiles } from '../../page/merged/merge-files.ts'
import { mergedPageOf } from '../../page/merged/merged-page.ts'
import { CommandError } from '../../runtime/command-error.ts'
import { Terminal } from '../../runtime/terminal.ts'
import { writeEach } from '../outputs/write-each.ts'
import type { Streams } from '../streams.ts'
import type { MergeFlags, MergeFormat } from './formats.ts'

/** What the exit status says. */
const STATUS = { fine: 0, couldNot: 2 } as const

/**
 * Makes one report of many scans. A file that cannot be used keeps nothing from the others.
 *
 * @returns the exit status
 * @throws {CommandError} a line for each file if none can be used, and for each place that cannot be written
 */
export async function merge(files: readonly string[], flags: MergeFlags, streams: Streams): Promise<number> {
  const { output = [{ format: 'markdown' }] } = flags
  if (files.length === 0)
    throw new CommandError('give the files of scans: regcred report merge prod-1.json prod-2.json')
  const merging = await mergeFiles(files)
  if (merging.isEmpty) throw new CommandError(merging.faults)
  const merged = merging.end(Date.now())
  const faults = await writeEach(output, format => WRITERS[format](merged), streams)
  const err = new Terminal(streams.stderr)
  err.write(...merged.faults.map(fault => err.line`regcred: ${fault}`))
  if (faults.length > 0) throw new CommandError(faults)
  return merged.faults.length > 0 ? STATUS.couldNot : STATUS.fine
}

const WRITERS: Readonly<Record<MergeFormat, (merged: Merged) => Promise<string>>> = {
  html: async merged => {
    const { writePage } = await import('../../page/write-page.ts')
    return writePage(mergedPageOf(merged, readVersion()))
  },
  json: async merged => {
    const { writeMergedJson } = await import('../../page/merged/merged-json.ts')
    return writeMergedJson(merged)
  },
  markdown: async merged => {
    const { writePageMarkdown } = await import('../../page/merged/merged-markdown.ts')
    return writePageMarkdown(mergedPageOf(merged, readVersion()))
  },
}
