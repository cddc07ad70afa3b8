import { writeTold } from '../advice/advice.ts'
import { tellCause } from '../decision/causes.ts'
import type { Checked, CheckedObject } from '../engine/checked.ts'
import { formatPlace } from '../manifests/found.ts'
import { count, nameFirst } from '../runtime/count.ts'
import type { Shown, Terminal } from '../runtime/terminal.ts'
import { countIgnored, tellIgnored } from './ignored.ts'
import type { Level } from './level.ts'
import { countCauses, type ToldCause, tellCauses, tellPlanned } from './told.ts'

/** The colour of each level on a terminal. */
const FORMATS = { error: 'red', warning: 'yellow', note: 'cyan' } as const satisfies Record<Level, string>

/**
 * Writes what was checked for people: each cause once, below the first object that it does most to, with the places where it holds
 * as well; and at the end a line of counts.
 *
 * @param out where it goes
 * @param asked whether what would be added counts as added, and so is no note; and whether to name what is ignored
 */
export function writeText(
  { objects }: Checked,
  out: Terminal,
  { assumeInjection, verbose }: { readonly assumeInjection: boolean; readonly verbose: boolean },
): readonly Shown[] {
  const told = tellCauses(objects, assumeInjection)
  const blocks = [...Map.groupBy(told, ({ object }) => object)].flatMap(([object, causes]) => [
    writeTitle(object, out),
    ...causes.map(one => writeCause(one, out)),
    out.line``,
  ])
  const ignored = verbose ? tellIgnored(objects).map(text => out.line`${text}`) : []
  return [
    ...blocks,
    ...ignored,
    out.line`${countAll(objects.length, told)}${tellCount(countIgnored(objects), verbose)}`,
  ]
}

function writeTitle({ manifest, namespace, name }: CheckedObject, out: Terminal): Shown {
  const inNamespace = namespace === '' ? '' : ` in namespace ${namespace}`
  const { line, source, isRendered } = manifest
  const from = source === undefined || isRendered ? '' : `${source}, `
  const place = formatPlace(manifest, line === undefined ? {} : { line })
  return out.line`${out.paint('bold', `${manifest.kind} ${name}${inNamespace}`)} (${from}${place})`
}

function writeCause({ object, said, elsewhere, elsewhereCount }: ToldCause, out: Terminal): Shown {
  const level = said.level === undefined ? '' : out.line`${paintLevel(said.level, out)}  `
  if ('planned' in said) {
    return out.line`  ${level}${tellPlanned(said.planned, object)}${inBrackets([sameAt(elsewhere, elsewhereCount)])}`
  }
  const [{ code, place }] = said.cause
  const own = place === undefined ? '' : formatPlace(object.manifest, place)
  const where = inBrackets([own, sameAt(elsewhere, elsewhereCount)])
  return out.line`  ${level}${code}: ${writeTold(tellCause(said.cause))}${where}`
}

/** Where else a cause holds, e.g. `the same at a.yaml:3:5, b.yaml:3:5 and 2 more`. */
function sameAt(places: readonly string[], all: number): string {
  return all === 0 ? '' : `the same at ${nameFirst(places, all)}`
}

function inBrackets(parts: readonly string[]): string {
  const said = parts.filter(part => part !== '')
  return said.length === 0 ? '' : ` (${said.join('; ')})`
}

function paintLevel(level: Level, out: Terminal): Shown {
  return out.paint(FORMATS[level], level.padEnd(7))
}

function countAll(objects: number, told: readonly ToldCause[]): string {
  const counts = Object.entries(countCauses(told)).map(([level, number]) => count(number, level))
  return `${count(objects, 'object')} checked: ${counts.join(', ')}`
}

function tellCount(ignored: number, verbose: boolean): string {
  if (ignored === 0) return ''
  return `; ${ignored} ignored${verbose ? '' : ', -v names them'}`
}
