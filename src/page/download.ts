import { writeCsvWithin } from '../scan/formats/csv.ts'
import type { Download } from './page.ts'
import { MAX_DOWNLOAD_LENGTH } from './sayings.ts'

/** A CSV file that a page holds; where it has not room for all rows, its button says so. @param what the rows are, e.g. `causes` */
export function makeDownload(
  file: string,
  what: string,
  head: readonly string[],
  all: readonly (readonly string[])[],
): Download {
  const { text, rows } = writeCsvWithin(MAX_DOWNLOAD_LENGTH, [head, ...all])
  const isWhole = rows > all.length
  const part = isWhole ? '' : ` (the first ${(rows - 1).toLocaleString('en')} of ${all.length.toLocaleString('en')})`
  return { file, label: `Download ${what} as CSV${part}`, text }
}
