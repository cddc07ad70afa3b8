import type { Output } from '../option-parsers.ts'

/** What `scan` writes. */
export const SCAN_FORMATS = ['text', 'wide', 'json', 'csv', 'markdown', 'sarif', 'html'] as const

export type ScanFormat = (typeof SCAN_FORMATS)[number]
export type ScanOutput = Output<ScanFormat>
