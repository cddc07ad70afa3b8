import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { keepResult, RESULTS, readResult } from '../figures/kept.ts'
import { barTable, judge, type Verdict } from './bars.ts'
import { plotGrowth, plotThroughput } from './plots.ts'
import { type Measured, table } from './results.ts'

/** A run as it is kept. */
export interface Results {
  /** Such as `Node v24.21.0, 2 cores, 5 rounds of 2 s`. */
  readonly machine: string
  readonly rows: readonly Measured[]
}

const README = join(import.meta.dirname, '../README.md')
const FILE = 'cluster.json'
const [BEGIN, END] = ['<!-- cluster: written by bench/cluster.ts -->', '<!-- end of cluster -->']

/** Keeps the rounds, draws them, and writes them down in bench/README.md. */
export async function keep(results: Results): Promise<void> {
  await keepResult(FILE, results)
  await writeFile(join(RESULTS, 'cluster-throughput.svg'), await plotThroughput(results.rows))
  await writeFile(join(RESULTS, 'cluster-growth.svg'), await plotGrowth(results.rows))
  const text = await readFile(README, 'utf8')
  const [start, end] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (start < 0 || end < start) throw new Error(`${README} has no place for the results of the cluster`)
  await writeFile(README, `${text.slice(0, start)}${BEGIN}\n\n${describe(results)}\n\n${text.slice(end)}`)
}

/** The bars as they were when a run was last kept; none if there was none. */
export async function keptVerdicts(): Promise<Verdict[]> {
  return judge((await readResult<Results>(FILE))?.rows ?? [])
}

function describe({ machine, rows }: Results): string {
  return `${machine}:

![creates a second, by who is in front](results/cluster-throughput.svg)

![creates a second, by the pull secrets of the namespace](results/cluster-growth.svg)

${barTable(judge(rows))}

${table(rows)}`
}
