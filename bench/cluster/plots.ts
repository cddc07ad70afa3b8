import { logger, parse, View, Error as WITHOUT_WARNINGS } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { quantile } from '../figures/quantile.ts'
import { type Measured, titleOf } from './results.ts'

/** What is drawn of a row. */
interface Point {
  readonly side: string
  readonly pod: string
  readonly pullSecrets: number
  readonly low: number
  readonly middle: number
  readonly high: number
}

const COLOURS = { scheme: 'tableau10' } as const
const WIDTH = 420

/** Creates a second of each side, by what the Pod is like, beside one pull secret. */
export function plotThroughput(measured: readonly Measured[]): Promise<string> {
  const values = pointsOf(measured.filter(({ pullSecrets }) => pullSecrets === 1))
  const y = { field: 'side', type: 'nominal', title: null, sort: null, axis: { labelLimit: 300 } } as const
  return draw({
    data: { values },
    facet: { row: { field: 'pod', title: null, sort: null, header: { labelAngle: 0, labelAlign: 'left' } } },
    spec: {
      width: WIDTH,
      layer: [
        {
          mark: { type: 'bar' },
          encoding: {
            y,
            x: { field: 'middle', type: 'quantitative', title: 'creates a second, median and quartiles' },
            color: { field: 'side', legend: null, scale: COLOURS, sort: null },
          },
        },
        { mark: { type: 'rule' }, encoding: { y, x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } } },
      ],
    },
    resolve: { scale: { y: 'independent' } },
  })
}

/** How throughput changes with the pull secrets of the namespace. */
export function plotGrowth(measured: readonly Measured[]): Promise<string> {
  const values = pointsOf(measured.filter(({ kind, actor }) => kind === 'byMatch' && actor === 'controller'))
  return draw({
    width: WIDTH,
    data: { values },
    mark: { type: 'line', point: true },
    encoding: {
      x: { field: 'pullSecrets', type: 'quantitative', scale: { type: 'log' }, title: 'pull secrets of the namespace' },
      y: { field: 'middle', type: 'quantitative', title: 'creates a second' },
      color: { field: 'side', title: null, scale: COLOURS, sort: null, legend: { labelLimit: 300 } },
    },
  })
}

function pointsOf(measured: readonly Measured[]): Point[] {
  return measured.map(row => {
    const rates = row.rounds.map(({ perSecond }) => perSecond)
    const { side, pod } = titleOf(row)
    const [low, middle, high] = [quantile(rates, 0.25), quantile(rates, 0.5), quantile(rates, 0.75)]
    return { side, pod: `${pod}, by a ${row.actor}`, pullSecrets: row.pullSecrets, low, middle, high }
  })
}

/** Of each member of a union. */
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/** Scales of their own warn of what is meant. */
const QUIET = { logger: logger(WITHOUT_WARNINGS) }

/** @returns SVG */
function draw(spec: DistributiveOmit<TopLevelSpec, '$schema'>): Promise<string> {
  const whole = { $schema: 'https://vega.github.io/schema/vega-lite/v6.json', background: 'white', ...spec }
  return new View(parse(compile(whole as TopLevelSpec, QUIET).spec), { renderer: 'none' }).toSVG()
}
