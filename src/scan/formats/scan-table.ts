import { visible } from '../../runtime/visible.ts'
import type { AffectedWorkload, Scan } from '../scan.ts'
import { writeCsv } from './csv.ts'

const COLUMNS = ['namespace', 'level', 'code', 'kind', 'name', 'waiting', 'secret', 'message', 'advice'] as const

/** A row for each cause and workload, the gravest first; a cause without a workload has one. */
function rowsOf(scan: Scan): readonly (readonly string[])[] {
  const byLevel = Map.groupBy(unsortedRowsOf(scan), ([, level = '']) => level)
  return ['error', 'warning', 'note'].flatMap(level => byLevel.get(level) ?? [])
}

function* unsortedRowsOf({ namespaces }: Scan): Generator<readonly string[], void> {
  for (const { namespace, causes, unexplained } of namespaces) {
    for (const { level, code, secret = '', problem, advice, workloads } of causes) {
      const all: readonly AffectedWorkload[] = workloads.length === 0 ? [{ kind: '', name: '', waiting: 0 }] : workloads
      for (const { kind, name, waiting, advice: own = advice } of all)
        yield [namespace, level, code, kind, name, `${waiting}`, secret, problem, own]
    }
    for (const { kind, name, waiting } of unexplained)
      yield [namespace, 'error', 'Waiting', kind, name, `${waiting}`, '', 'its Pods wait for an image', '']
  }
}

/** Writes what is wrong as CSV, with a row of column names. */
export function writeScanCsv(scan: Scan): string {
  return writeCsv([COLUMNS, ...rowsOf(scan)])
}

/** Writes what is wrong as a table of Markdown, in which nothing is taken for Markdown or HTML. */
export function writeScanMarkdown(scan: Scan): string {
  const head = ['Namespace', 'Level', 'Code', 'Workload', 'Message']
  const rows = rowsOf(scan).map(([namespace, level, code, kind, name, , , problem]) => {
    return [namespace, level, code, `${kind} ${name}`.trim(), problem]
  })
  return writeMarkdownTable(head, rows)
}

/** Writes a table of Markdown. @param head of our own words */
export function writeMarkdownTable(
  head: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
): string {
  const lines = [head, head.map(() => '---'), ...rows.map(row => row.map((cell = '') => escapeMarkdown(cell)))]
  return lines.map(cells => `| ${cells.join(' | ')} |\n`).join('')
}

/** What means something in Markdown, or in the HTML that it may hold; a name with a dash stays as it is. */
function escapeMarkdown(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]()#!|~>:@]/g, character => `\\${character}`)
}
