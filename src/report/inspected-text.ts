import { type Inspected, type InspectedEntry, isEntryFine } from '../inspection/inspected.ts'
import type { UsedBy } from '../inspection/used-by.ts'
import { hang, layOutTable } from '../runtime/columns.ts'
import { nameFirst } from '../runtime/count.ts'
import { writeSpan } from '../runtime/duration.ts'
import type { Shown, Terminal } from '../runtime/terminal.ts'
import { cutVisible } from '../runtime/visible.ts'
import { writeAdvice } from './command-lines.ts'

/** A Secret or a docker config, with what the cluster says of it. */
export interface InspectedInUse {
  readonly inspected: Inspected
  /** Undefined where no cluster was asked. */
  readonly usedBy?: UsedBy
  /** Kinds of objects that may not be listed, or could not. */
  readonly unlisted?: readonly string[]
}

export interface TextOptions {
  /** Columns of the terminal. */
  readonly width: number
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Whether every row is written. */
  readonly all: boolean
  readonly image?: string
}

/** Rows of a table, beyond which they are counted. */
const MAX_ROWS = 20
/** Characters of a cell: a registry goes on below, a user is cut. */
const CELL_WIDTHS = { registry: 33, user: 14, password: 8 } as const
/** Remedies that are told, each for all entries that it is for. */
const MAX_REMEDIES = 10
/** Registries that are named where something holds for several. */
const MAX_NAMED = 3

/** Writes what a Secret or a docker config is worth, for people. */
export function writeInspected(one: InspectedInUse, options: TextOptions, out: Terminal): readonly Shown[] {
  const { inspected } = one
  const { problem, isUnread, entries } = inspected
  const prose = (prefix: string, text: string) =>
    text === '' ? [] : hang(prefix, text, options.width).map(line => out.line`${line}`)
  const unread = 'nobody can say what it will hold: it is encrypted, or another program fills it'
  return [
    ...writeTitle(inspected, options, out),
    ...(isUnread ? prose('- ', unread) : []),
    ...(problem === undefined ? [] : prose('✖ ', `${problem}${whereFound(inspected)}`)),
    ...(entries.length === 0 ? [] : writeTable(entries, options, out)),
    ...(options.image === undefined || isUnread ? [] : prose('', tellImage(options.image, entries))),
    ...prose('', tellUse(one, options.now)),
    ...writeRemedies(inspected, options.width, out),
  ]
}

function writeTitle({ kind, name, namespace, type, created }: Inspected, { now, width }: TextOptions, out: Terminal) {
  const made = created === undefined ? '' : `, made ${writeSpan(now - created)} ago`
  const title = kind === 'Secret' ? `Secret ${namespace}/${name}, ${type}${made}` : `${name}, a docker config`
  const [first = '', ...rest] = hang('', title, width)
  return [out.line`${out.paint('bold', first)}`, ...rest.map(line => out.line`${line}`)]
}

function whereFound({ foundUnder }: Inspected): string {
  return foundUnder === undefined ? '' : `; there is a docker config under "${foundUnder}"`
}

function writeTable(entries: readonly InspectedEntry[], options: TextOptions, out: Terminal): readonly Shown[] {
  const shown = options.all ? entries : entries.slice(0, MAX_ROWS)
  const rows = shown.map(entry => [
    entry.registry,
    cutVisible(entry.user, CELL_WIDTHS.user) || '-',
    entry.hasPassword ? 'set' : '-',
    tellWorth(entry),
  ])
  const head = ['REGISTRY', 'USER', 'PASSWORD', 'WORKS FOR']
  const lines = layOutTable([head, ...rows], options.width, Object.values(CELL_WIDTHS))
  const left = entries.slice(shown.length)
  const wrong = left.filter(entry => !isEntryFine(entry)).length
  const more = `and ${left.length} more, ${wrong === 0 ? 'all of which work' : `${wrong} of which do not work`} (--all)`
  return [...lines.map(line => out.line`${line}`), ...(left.length === 0 ? [] : [out.line`${more}`])]
}

function tellWorth({ works, images = '', why, turn }: InspectedEntry): string {
  const worth = why === undefined ? images : works ? `${images}, but ${why}` : `nothing: ${why}`
  return turn === undefined ? worth : `${worth} [${turn}]`
}

/** Which entry the kubelet would use for an image; the numbers stand in the table. */
function tellImage(image: string, entries: readonly InspectedEntry[]): string {
  const tried = entries.flatMap(entry => (entry.turn === undefined ? [] : [{ ...entry, turn: entry.turn }]))
  const [first, ...others] = tried.sort((a, b) => a.turn - b.turn).map(({ registry }) => `"${registry}"`)
  if (first === undefined) return `For ${image} nothing in it is tried.`
  const then = others.length === 0 ? '' : `, then ${nameFirst(others.slice(0, MAX_NAMED), others.length)}`
  return `For ${image} Kubernetes tries ${first} [1]${then}.`
}

function tellUse({ inspected, usedBy, unlisted = [] }: InspectedInUse, now: number): string {
  const sentences: string[] = []
  if (usedBy !== undefined) {
    const { named, count } = usedBy
    const nobody = unlisted.length === 0 ? 'nobody' : 'nobody that I could see'
    sentences.push(`Used by: ${count === 0 ? nobody : nameFirst(named, count)}.`)
  }
  if (unlisted.length > 0) sentences.push(`Not looked at, since they could not be listed: ${unlisted.join(', ')}.`)
  if (inspected.entries.length > 0) sentences.push(`Expires: ${tellExpiry(inspected.entries, now)}.`)
  return sentences.join(' ')
}

function tellExpiry(entries: readonly InspectedEntry[], now: number): string {
  const dated = entries.flatMap(({ registry, expires }) => (expires === undefined ? [] : [{ registry, expires }]))
  if (dated.length === 0) return 'does not say'
  const told = dated
    .sort((a, b) => a.expires - b.expires)
    .slice(0, MAX_NAMED)
    .map(({ registry, expires }) => {
      const span = writeSpan(expires - now)
      const when = new Date(expires).toISOString().replace(/:\d\d\.\d+Z$/, 'Z')
      return `${registry} ${expires <= now ? `${span} ago` : `in ${span}`} (${when})`
    })
  return nameFirst(told, dated.length)
}

/** What to do, once for all entries for which it is the same; and last what is to be done with the whole. */
function writeRemedies({ kind, entries, advice = [] }: Inspected, width: number, out: Terminal): readonly Shown[] {
  if (advice.length === 0) return []
  const wanted = entries.flatMap(({ registry, advice: own }) => (own === undefined ? [] : [{ registry, own }]))
  const remedies = kind === 'Secret' ? [...Map.groupBy(wanted, ({ own }) => own)] : []
  const lines = remedies.slice(0, MAX_REMEDIES).flatMap(([own, all]) => {
    const registries = all.slice(0, MAX_NAMED).map(({ registry }) => registry)
    return writeAdvice('  ', `${nameFirst(registries, all.length)}: ${own}`, width, out)
  })
  const left = remedies.length - MAX_REMEDIES
  const more = left > 0 ? [out.line`  and ${left} more`] : []
  return [out.line`Next:`, ...lines, ...more, ...advice.flatMap(step => writeAdvice('  ', step, width, out))]
}
