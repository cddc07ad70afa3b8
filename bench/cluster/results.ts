import { markdownTable } from '../figures/markdown.ts'
import { quantile } from '../figures/quantile.ts'
import type { Round } from './load.ts'
import { type Row, SIDES } from './sides.ts'

/** A row with what was measured of it. */
export interface Measured extends Row {
  readonly rounds: readonly Round[]
}

const HEADER = [
  'in front',
  'the Pod',
  'made by',
  'pull secrets',
  'creates/s',
  'quartiles',
  'API server ms',
  'webhook ms',
  'p50 ms',
  'p99 ms',
  'reads',
]
const KINDS = {
  inOrder: 'is in order',
  byName: 'injected by name',
  byMatch: 'injected by match',
  wrong: 'is wrong',
} as const

/** What people are told of a row: who is in front, and what the Pod is like. */
export function titleOf({ side, kind }: Row): { readonly side: string; readonly pod: string } {
  return { side: SIDES.find(({ name }) => name === side)?.title ?? side, pod: KINDS[kind] }
}

/** A Markdown table of the medians. */
export function table(measured: readonly Measured[]): string {
  const rows = measured.map(row => {
    const of = (field: keyof Round, at = 0.5) =>
      quantile(
        row.rounds.map(round => round[field]),
        at,
      )
    const { side, pod } = titleOf(row)
    return [
      side,
      pod,
      row.actor,
      row.pullSecrets,
      of('perSecond').toFixed(0),
      `${of('perSecond', 0.25).toFixed(0)} to ${of('perSecond', 0.75).toFixed(0)}`,
      of('apiServerCpu').toFixed(2),
      of('webhookCpu').toFixed(2),
      of('p50').toFixed(1),
      of('p99').toFixed(1),
      of('reads').toFixed(2),
    ]
  })
  return markdownTable(HEADER, rows)
}
