import { writeAdvice } from '../../report/command-lines.ts'
import type { Level } from '../../report/level.ts'
import { hang, layOutTable } from '../../runtime/columns.ts'
import { count, nameFirst } from '../../runtime/count.ts'
import { writeSpan } from '../../runtime/duration.ts'
import type { Shown, Terminal } from '../../runtime/terminal.ts'
import type { AffectedWorkload, Scan, ScannedNamespace, TextOptions, Workload } from '../scan.ts'
import { writeRemarks } from './scan-remarks.ts'
import { sayTotals } from './scan-totals.ts'
import { whyCommand } from './why-command.ts'

/** Causes of a section that are told: nobody reads more. */
const MAX_TOLD = 50
/** Workloads that a cause names before it only counts them. */
const MAX_NAMED = 5
/** Characters of a namespace before what is said of it goes on in its own line. */
const MAX_NAMESPACE_LENGTH = 20
/** Rows of the table of namespaces; the others are one. */
const MAX_ROWS = 20

/** Characters of a line with `-o wide`. */
export const MAX_WIDE_LENGTH = 1000

/** How much is told before the rest is counted. */
interface Bounds {
  readonly told: number
  readonly named: number
  readonly rows: number
}

const BOUNDS: Bounds = { told: MAX_TOLD, named: MAX_NAMED, rows: MAX_ROWS }
const ALL = Number.POSITIVE_INFINITY
const NO_BOUNDS: Bounds = { told: ALL, named: ALL, rows: ALL }

/** One thing to tell of a namespace. */
interface Item {
  readonly namespace: string
  readonly lines: readonly string[]
  /** Each with its command in a line of its own. */
  readonly advice: readonly string[]
}

/** Writes for people what came of a scan: what is wrong, by cause, then where, and what is not known. */
export function writeScan(scan: Scan, options: TextOptions, out: Terminal): readonly Shown[] {
  const { namespaces } = scan
  const { listsUnused, isWide } = options
  const [bounds, width] = isWide ? [NO_BOUNDS, MAX_WIDE_LENGTH] : [BOUNDS, options.width]
  const sections = [
    {
      title: 'WILL NOT PULL',
      format: 'red',
      items: [...itemsOf(namespaces, 'error', bounds), ...waitingItems(namespaces, bounds)],
    },
    { title: 'MAY NOT PULL', format: 'yellow', items: itemsOf(namespaces, 'warning', bounds) },
    { title: 'EXPIRING', format: 'cyan', items: expiringItems(scan, bounds) },
    { title: 'NOTES', format: 'bold', items: isWide ? itemsOf(namespaces, 'note', bounds) : [] },
  ] as const
  return [
    ...sections.flatMap(({ title, format, items }) =>
      items.length === 0
        ? []
        : [out.line`${out.paint(format, title)}`, ...writeItems(items, width, bounds, out), out.line``],
    ),
    ...(namespaces.length > 1 ? writeTable(namespaces, width, bounds, out) : []),
    ...hang('', sayTotals(scan), width).map(line => out.line`${line}`),
    ...writeRemarks(scan, { width, listsUnused, isWide }, out),
  ]
}

function itemsOf(namespaces: readonly ScannedNamespace[], level: Level, bounds: Bounds): readonly Item[] {
  return namespaces
    .flatMap(({ causes }) => causes)
    .filter(cause => cause.level === level)
    .map(({ namespace, problem, advice, workloads }) => ({
      namespace,
      lines: [problem, ...(workloads.length === 0 ? [] : [nameWorkloads(workloads, bounds)])],
      advice: adviceFor(advice, workloads),
    }))
}

/** What to do for most of them, and for the others, each with the first workload that it is for. */
function adviceFor(advice: string, workloads: readonly AffectedWorkload[]): readonly string[] {
  const others = new Map<string, AffectedWorkload>()
  for (const one of workloads) if (one.advice !== undefined && !others.has(one.advice)) others.set(one.advice, one)
  return [
    ...(advice === '' ? [] : [advice]),
    ...[...others].map(([text, { kind, name }]) => `${kind} ${name}: ${text}`),
  ]
}

function waitingItems(namespaces: readonly ScannedNamespace[], bounds: Bounds): readonly Item[] {
  return namespaces.flatMap(({ namespace, unexplained }) =>
    unexplained.length === 0
      ? []
      : [
          {
            namespace,
            lines: [
              'Pods wait for an image, though nothing is wrong with their pull secrets',
              nameWorkloads(unexplained, bounds),
            ],
            advice: [adviseWhy(namespace, unexplained[0])],
          },
        ],
  )
}

function adviseWhy(namespace: string, first: Workload | undefined): string {
  const command = first && whyCommand(namespace, first)
  return `what the node said: ${command ?? `regcred why POD --namespace ${namespace}`}`
}

function expiringItems({ namespaces, now }: Scan, bounds: Bounds): readonly Item[] {
  return namespaces
    .flatMap(({ expiring }) => expiring)
    .sort((a, b) => a.expires - b.expires)
    .map(({ namespace, secret, registry, expires, named, usedBy }) => {
      const users =
        usedBy === 0 ? 'nothing that was read names it' : `named by ${nameFirst(named.slice(0, bounds.named), usedBy)}`
      const what = `"${secret}" for "${registry}" expires in ${writeSpan(expires - now)}; ${users}`
      return { namespace, lines: [what], advice: [] }
    })
}

function writeItems(items: readonly Item[], width: number, bounds: Bounds, out: Terminal): readonly Shown[] {
  const told = items.slice(0, bounds.told)
  const longest = told.reduce((most, { namespace }) => Math.max(most, namespace.length), 0)
  const column = Math.min(longest, MAX_NAMESPACE_LENGTH)
  const indent = ' '.repeat(column + 4)
  const more = items.length - told.length
  return [
    ...told.flatMap(({ namespace, lines: [first = '', ...lines], advice }) => [
      ...writeFirst(namespace, column, first, width, out),
      ...lines.flatMap(line => hang(indent, line, width).map(one => out.line`${one}`)),
      ...advice.flatMap(one => writeAdvice(`${indent}→ `, one, width, out)),
    ]),
    ...(more === 0 ? [] : [out.line`  and ${more} more: -o wide has them all`]),
  ]
}

function writeFirst(namespace: string, column: number, text: string, width: number, out: Terminal): readonly Shown[] {
  const [label = '', ...rest] =
    namespace.length <= column ? [`  ${namespace.padEnd(column)}  `] : [' '.repeat(column + 4), namespace]
  return [...rest.map(name => out.line`  ${name}`), ...hang(label, text, width).map(line => out.line`${line}`)]
}

/** E.g. `Deployment web (3 Pods wait), CronJob nightly`, or `5 Deployments: api, jobs, mail, web, worker`. */
export function nameWorkloads(workloads: readonly Workload[], bounds: Pick<Bounds, 'named'>): string {
  const kinds = new Set(workloads.map(({ kind }) => kind))
  const named = workloads.slice(0, bounds.named)
  const isOneKind = kinds.size === 1 && workloads.length > 1
  const names = named.map(({ kind, name, waiting }) => {
    const pods = waiting === 0 ? '' : ` (${count(waiting, 'Pod')} ${waiting === 1 ? 'waits' : 'wait'})`
    return `${isOneKind ? '' : `${kind} `}${name}${pods}`
  })
  const all = nameFirst(names, workloads.length)
  return isOneKind ? `${workloads.length} ${[...kinds].join('')}s: ${all}` : all
}

/** The namespaces with something wrong, the worst first, and the rest in one line. */
function writeTable(
  namespaces: readonly ScannedNamespace[],
  width: number,
  bounds: Bounds,
  out: Terminal,
): readonly Shown[] {
  const isWrong = ({ willNotPull, mayNotPull }: ScannedNamespace) => willNotPull + mayNotPull > 0
  const wrong = namespaces
    .filter(isWrong)
    .sort((a, b) => b.willNotPull - a.willNotPull || b.mayNotPull - a.mayNotPull)
    .slice(0, bounds.rows)
  const others = namespaces.filter(one => !wrong.includes(one))
  const sum = (of: (one: ScannedNamespace) => number) => others.reduce((all, one) => all + of(one), 0)
  const rest = [
    `${others.length} ${wrong.length === 0 ? 'namespaces' : 'more'}`,
    ...[sum(one => one.workloads), sum(one => one.willNotPull), sum(one => one.mayNotPull)].map(String),
  ]
  const rows = [
    ['NAMESPACE', 'WORKLOADS', 'WILL NOT', 'MAY NOT'],
    ...wrong.map(({ namespace, workloads, willNotPull, mayNotPull }) => [
      namespace,
      ...[workloads, willNotPull, mayNotPull].map(String),
    ]),
    ...(others.length === 0 ? [] : [rest]),
  ]
  const columns = [Math.max(MAX_NAMESPACE_LENGTH, width - NUMBERS_LENGTH), NUMBER_LENGTH, NUMBER_LENGTH]
  return layOutTable(rows, width, columns).map(line => out.line`${line}`)
}

/** Characters of a column of numbers. */
const NUMBER_LENGTH = 9
/** Characters of three such, and of the blanks around them. */
const NUMBERS_LENGTH = 45
