import { join } from 'node:path'
import { conclude } from '../../src/node-files/conclude.ts'
import type { FoundEntry } from '../../src/node-files/conclusions.ts'
import { readNodeFiles } from '../../src/node-files/read.ts'

/** What follows from files of a folder: entries as text, and remarks; or what is wrong. Paths are told from the folder on. */
export async function conclusionsOf(folder: string, paths: readonly string[] = ['.']) {
  const read = await readNodeFiles(paths.map(path => join(folder, path)))
  const short = (text: string) => text.replaceAll(`${folder}/`, '').replaceAll(folder, '.')
  if (!read.ok) return { entries: [], remarks: [], faults: read.faults.map(short) }
  const { entries, remarks } = conclude(read.statements)
  return { entries: entries.map(entry => toText(entry, short)), remarks: remarks.map(short), faults: [] }
}

function toText({ entry, reasons }: FoundEntry, short: (text: string) => string): string {
  return `${typeof entry === 'string' ? entry : JSON.stringify(entry)} <- ${reasons.map(short).join(' | ')}`
}
