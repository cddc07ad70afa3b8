import { visibleJson } from '../../runtime/visible.ts'
import type { Scan } from '../scan.ts'
import { documentOf } from './scan-document.ts'

/** Writes what came of a scan as JSON: a stable contract, described in docs/scan.md. */
export function writeScanJson(scan: Scan): string {
  return `${visibleJson(documentOf(scan), 2)}\n`
}
