import { markdownTable } from '../figures/markdown.ts'
import { quantile } from '../figures/quantile.ts'
import type { Round } from './load.ts'
import type { Measured } from './results.ts'
import type { Row } from './sides.ts'

/** What one row comes to in the same round as another, or by itself. */
interface Bar {
  readonly title: string
  readonly of: Row
  readonly field: keyof Round
  readonly over?: Row
  /** The least that it should be; or the most. */
  readonly least?: number
  readonly most?: number
}

/** What was found of a bar. */
export interface Verdict {
  readonly title: string
  readonly median: number
  readonly low: number
  readonly high: number
  readonly bar: string
  readonly isMet: boolean
}

const row = (side: Row['side'], kind: Row['kind'], actor: Row['actor'] = 'controller', pullSecrets = 1): Row => ({
  side,
  kind,
  actor,
  pullSecrets,
})

/** Throughput of a stage of ours beside the policy that adds a fixed name, made by either. */
function besidePolicy(side: 'one' | 'both', title: string, inOrder: number, injected: number): Bar[] {
  const bars: Bar[] = []
  for (const actor of ['controller', 'person'] as const) {
    const policy = (kind: Row['kind']) => row('fixed', kind, actor)
    const of = (kind: Row['kind']) => ({ of: row(side, kind, actor), field: 'perSecond' as const })
    bars.push(
      { title: `${title}, in order, ${actor}`, ...of('inOrder'), over: policy('inOrder'), least: inOrder },
      { title: `${title}, injected by name, ${actor}`, ...of('byName'), over: policy('byName'), least: injected },
      { title: `${title}, injected by match, ${actor}`, ...of('byMatch'), over: policy('byName'), least: injected },
    )
  }
  return bars
}

const MOST_SECRETS = 1000
const BARS: readonly Bar[] = [
  ...besidePolicy('one', '/mutate alone over the policy with a fixed name', 1, 0.85),
  ...besidePolicy('both', 'both stages over the policy with a fixed name', 0.92, 0.75),
  {
    title: '/mutate alone over the policy with 100 Secrets as parameters',
    of: row('one', 'byMatch', 'controller', 100),
    field: 'perSecond',
    over: row('parameters', 'byMatch', 'controller', 100),
    least: 3,
  },
  ...(['one', 'both'] as const).map(side => ({
    title: `${side === 'one' ? '/mutate alone' : 'both stages'}, ${MOST_SECRETS} pull secrets over 1`,
    of: row(side, 'byMatch', 'controller', MOST_SECRETS),
    field: 'perSecond' as const,
    over: row(side, 'byMatch'),
    least: 0.9,
  })),
  ...(['inOrder', 'byMatch'] as const).map(kind => ({
    title: `our CPU with both stages, ms, ${kind === 'inOrder' ? 'in order' : 'injected by match'}`,
    of: row('both', kind),
    field: 'webhookCpu' as const,
    most: 0.5,
  })),
  ...(['byMatch', 'wrong'] as const).map(kind => ({
    title: `reads of a person's Pod that is ${kind === 'wrong' ? 'wrong' : 'injected by match'}, both stages`,
    of: row('both', kind, 'person'),
    field: 'reads' as const,
    most: kind === 'wrong' ? 2 : 0,
  })),
]

/** Those of which all rows were measured. */
export function judge(measured: readonly Measured[]): Verdict[] {
  return BARS.flatMap(bar => {
    const [of, over] = [find(measured, bar.of), bar.over && find(measured, bar.over)]
    if (of === undefined || (bar.over && over === undefined)) return []
    const values = of.rounds.map((round, i) => round[bar.field] / (over?.rounds[i]?.[bar.field] ?? 1))
    const median = quantile(values, 0.5)
    return {
      title: bar.title,
      median,
      low: quantile(values, 0.25),
      high: quantile(values, 0.75),
      bar: bar.least === undefined ? `≤ ${bar.most}` : `≥ ${bar.least}`,
      isMet: median >= (bar.least ?? Number.NEGATIVE_INFINITY) && median <= (bar.most ?? Number.POSITIVE_INFINITY),
    }
  })
}

function find(measured: readonly Measured[], { side, kind, actor, pullSecrets }: Row): Measured | undefined {
  return measured.find(
    other => other.side === side && other.kind === kind && other.actor === actor && other.pullSecrets === pullSecrets,
  )
}

/** A Markdown table; with what was kept of an earlier run beside it, if there is one. */
export function barTable(verdicts: readonly Verdict[], kept: readonly Verdict[] = []): string {
  const header = ['what', 'median', 'quartiles', 'bar', 'met', ...(kept.length > 0 ? ['kept'] : [])]
  const rows = verdicts.map(({ title, median, low, high, bar, isMet }) => [
    title,
    median.toFixed(2),
    `${low.toFixed(2)} to ${high.toFixed(2)}`,
    bar,
    isMet ? 'yes' : 'no',
    ...(kept.length > 0 ? [kept.find(other => other.title === title)?.median.toFixed(2) ?? ''] : []),
  ])
  return markdownTable(header, rows)
}
