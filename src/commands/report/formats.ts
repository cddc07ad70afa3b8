import type { Output } from '../option-parsers.ts'

/** What `report merge` writes. */
export const MERGE_FORMATS = ['html', 'json', 'markdown'] as const

export type MergeFormat = (typeof MERGE_FORMATS)[number]

export interface MergeFlags {
  readonly output?: readonly Output<MergeFormat>[]
}
