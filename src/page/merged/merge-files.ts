import { basename, resolve } from 'node:path'
import { describeFileFault, readBeginning } from '../../runtime/read-small-file.ts'
import { Merge } from './merge.ts'
import { readDocument } from './read-document.ts'

/** Bytes of one file: a scan of 5,000 workloads and 10,000 pull secrets has a tenth of it. */
const MAX_REPORT_BYTES = 128 * 1024 * 1024

/**
 * Reads scans from files, one after another, and merges them. One that cannot be used is told, and keeps nothing from the others.
 *
 * @param maxBytes of one file
 */
export async function mergeFiles(files: readonly string[], maxBytes: number = MAX_REPORT_BYTES): Promise<Merge> {
  const merge = new Merge()
  const seen = new Set<string>()
  for (const file of files) {
    const fault = seen.has(resolve(file)) ? 'it is named twice' : await addFile(merge, file, maxBytes)
    seen.add(resolve(file))
    if (fault !== undefined) merge.addFault(`cannot use ${file}: ${fault}`)
  }
  return merge
}

/** @returns what is wrong, in words, or nothing */
async function addFile(merge: Merge, file: string, maxBytes: number): Promise<string | undefined> {
  let bytes: Buffer
  try {
    bytes = await readBeginning(file, maxBytes)
  } catch (error) {
    return describeFileFault(error)
  }
  if (bytes.length > maxBytes) return `it has more than ${maxBytes.toLocaleString('en')} bytes`
  const read = readDocument(bytes.toString())
  if ('fault' in read) return `${read.fault}; write one with: regcred scan -A -o json=FILE`
  merge.add(read.scan, basename(file, '.json'))
  return undefined
}
