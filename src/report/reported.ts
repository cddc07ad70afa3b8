import { relative, resolve, sep } from 'node:path'
import { writeTold } from '../advice/advice.ts'
import { type Cause, causesOf, tellCause } from '../decision/causes.ts'
import type { Checked, CheckedFinding, CheckedObject, IgnoredFinding } from '../engine/checked.ts'
import type { Fault, Origin } from '../manifests/found.ts'
import type { FindingCode } from '../policy/finding.ts'
import { count } from '../runtime/count.ts'
import { cutVisible, visible } from '../runtime/visible.ts'
import { aboutOf, identityOf } from './identity.ts'
import type { Level } from './level.ts'
import { gravestOf, tellPlanned } from './told.ts'

/** Characters of what is said of one problem: names in manifests may be megabytes. */
const MAX_MESSAGE_LENGTH = 2000
/** Characters of a path: what a rendered text says of its source may be anything. */
const MAX_PATH_LENGTH = 1000

/** A finding, what regcred would add, or what could not be read. */
export type ReportedCode = FindingCode | 'WouldInject' | 'NotRead'

/** One problem of one object, or of one file, as the formats for pipelines have it: every text in it is one visible line. */
export interface Reported {
  readonly code: ReportedCode
  readonly level: Level
  /** Which object it is, what is wrong, and what to do. */
  readonly message: string
  /** Relative to the working directory, with forward slashes; `stdin` for standard input that does not say where it is from. */
  readonly path: string
  /** From 1, where known. */
  readonly line?: number
  readonly column?: number
  /** What stays the same when lines move: code, object, and Secret or image without its tag; in a fault its file and message. */
  readonly identity: readonly string[]
}

/** A problem that is not to be told, and why. */
export type ReportedIgnored = Reported & Pick<IgnoredFinding, 'by' | 'reason'>

/** An object, and what there is to say of it. */
export interface ReportedObject {
  readonly title: string
  readonly path: string
  readonly line?: number
  readonly problems: readonly Reported[]
  readonly ignored: readonly ReportedIgnored[]
}

/** What the formats for pipelines are written from. */
export interface Report {
  readonly objects: readonly ReportedObject[]
  readonly faults: readonly Reported[]
}

export interface ReportOptions {
  /** What would be added counts as added, and so is no problem. */
  readonly assumeInjection: boolean
  /** The working directory, to which paths are relative. */
  readonly cwd: string
}

/**
 * Puts down what was checked, object by object in the order of the input. What has one cause in an object is one problem; the same
 * cause in another object is another problem, since a pipeline shows each where it stands.
 */
export function report({ objects, errors }: Checked, options: ReportOptions): Report {
  return {
    objects: objects.map(object => reportObject(object, options)),
    faults: errors.map(fault => reportFault(fault, options)),
  }
}

const RANK = { error: 0, warning: 1, note: 2 } as const satisfies Record<Level, number>

/** All problems, the gravest first: readers that show only some show the first. */
export function gravestFirst({ objects, faults }: Report): readonly Reported[] {
  const all = [...faults, ...objects.flatMap(({ problems }) => problems)]
  return all.sort((a, b) => RANK[a.level] - RANK[b.level])
}

/** Whether a level is as grave as another, or graver. */
export function isAtLeast(level: Level, other: Level): boolean {
  return RANK[level] <= RANK[other]
}

/** E.g. `2 objects checked: 1 error, 0 warnings, 0 notes`. */
export function countProblems({ objects, faults }: Report): string {
  const counts = { error: 0, warning: 0, note: 0 }
  for (const { level } of [...faults, ...objects.flatMap(({ problems }) => problems)]) counts[level] += 1
  const levels = Object.entries(counts).map(([level, number]) => count(number, level))
  const ignored = objects.reduce((sum, object) => sum + object.ignored.length, 0)
  return `${count(objects.length, 'object')} checked: ${levels.join(', ')}${ignored === 0 ? '' : `; ${ignored} ignored`}`
}

function reportObject(object: CheckedObject, { assumeInjection, cwd }: ReportOptions): ReportedObject {
  const { manifest, namespace, name, findings, ignored = [], plan } = object
  const path = pathOf(manifest, cwd)
  const title = cutVisible(
    `${manifest.kind} ${name}${namespace === '' ? '' : ` in namespace ${namespace}`}`,
    MAX_MESSAGE_LENGTH,
  )
  const common = (code: FindingCode | 'WouldInject', about: string, text: string) => ({
    ...{ code, path, message: cutVisible(`${title}: ${text}`, MAX_MESSAGE_LENGTH) },
    identity: identityOf(code, about, object),
  })
  const reportCause = (cause: Cause<CheckedFinding>): Reported => {
    const [first] = cause
    const text = writeTold(tellCause(cause))
    return { ...common(first.code, aboutOf(first), text), level: gravestOf(cause), ...placeOf(manifest, first) }
  }
  const ofPlan = (assumeInjection ? [] : plan.add).map(
    (planned): Reported => ({
      ...common('WouldInject', planned.secret, tellPlanned(planned, object)),
      ...{ level: 'note', ...placeOf(manifest) },
    }),
  )
  const { line } = placeOf(manifest)
  return {
    ...{ title, path, problems: [...causesOf(findings).map(reportCause), ...ofPlan] },
    ignored: ignored.map(({ finding, by, reason }) => ({
      ...{ ...reportCause([finding]), by, reason: cutVisible(reason, MAX_MESSAGE_LENGTH) },
    })),
    ...(line !== undefined && { line }),
  }
}

function reportFault(fault: Fault, { cwd }: ReportOptions): Reported {
  const message = cutVisible(fault.message, MAX_MESSAGE_LENGTH)
  const path = pathOf(fault, cwd)
  return { code: 'NotRead', level: 'error', message, path, identity: ['NotRead', path, message], ...placeOf(fault) }
}

/** The lines of a rendered text are not those of its source, which alone is named. */
function placeOf(origin: Origin, finding?: CheckedFinding): Pick<Reported, 'line' | 'column'> {
  const { file, source, line, column, isRendered } = origin
  if (isRendered || (file === '-' && source !== undefined)) return {}
  const place = finding?.place ?? { line, column }
  return {
    ...(place.line !== undefined && { line: place.line }),
    ...(place.column !== undefined && { column: place.column }),
  }
}

function pathOf({ file, source = '' }: Origin, cwd: string): string {
  if (file !== '-') return visible(relative(cwd, resolve(cwd, file)).split(sep).join('/') || '.')
  // What comes from a text is no path of this machine, nor of another.
  const inside = source.replace(/^\/+/, '')
  return inside === '' ? STDIN : cutVisible(inside, MAX_PATH_LENGTH)
}

/** The path of standard input. */
export const STDIN = 'stdin'
