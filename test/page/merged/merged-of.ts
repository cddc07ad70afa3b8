import { Merge, type Merged } from '../../../src/page/merged/merge.ts'
import { readDocument } from '../../../src/page/merged/read-document.ts'
import type { ScanDocument } from '../../../src/scan/formats/scan-document.ts'
import { NOW } from '../documents.ts'

/** These scans, merged, and these files that could not be. */
export function mergedOf(scans: readonly ScanDocument[], faults: readonly string[] = [], now = NOW): Merged {
  const merge = new Merge()
  for (const [i, scan] of scans.entries()) {
    const read = readDocument(JSON.stringify(scan))
    if ('fault' in read) throw new Error(read.fault)
    merge.add(read.scan, `file-${i}`)
  }
  for (const fault of faults) merge.addFault(fault)
  return merge.end(now)
}
