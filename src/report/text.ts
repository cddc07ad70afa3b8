import { writeTold } from '../advice/advice.ts'
import type { Checked, CheckedFinding, CheckedObject } from '../engine/checked.ts'
import type { Planned } from '../policy/plan.ts'
import { count } from '../runtime/count.ts'
import type { Shown, Terminal } from '../runtime/terminal.ts'
import { countLevels, LEVELS, type Level } from './level.ts'

/** The colour of each level on a terminal. */
const FORMATS = { error: 'red', warning: 'yellow', note: 'cyan' } as const satisfies Record<Level, string>

/** Why a reference would be added, by its source. */
const SOURCES: Readonly<Record<Planned['source'], string>> = {
  configuration: 'inject.secrets of the configuration',
  rule: 'inject.rules of the configuration',
  namespace: 'annotation of the namespace',
  pod: 'annotation of the Pod',
  match: 'it fits this image',
}

/**
 * Writes what was checked for people: an object with something to say of it, its findings, what would be added, and at
 * the end a line of counts.
 *
 * @param out where it goes
 * @param assumeInjection whether what would be added counts as added, and so is no note
 */
export function writeText({ objects }: Checked, out: Terminal, assumeInjection: boolean): readonly Shown[] {
  const told = objects.filter(({ findings, plan }) => findings.length > 0 || plan.add.length > 0)
  const blocks = told.flatMap(object => writeObject(object, out, assumeInjection))
  return [...blocks, out.line`${countAll(objects, assumeInjection)}`]
}

function writeObject(object: CheckedObject, out: Terminal, assumeInjection: boolean): readonly Shown[] {
  const { manifest, namespace, name, findings, plan, images } = object
  const inNamespace = namespace === '' ? '' : ` in namespace ${namespace}`
  const { file, line, source } = manifest
  const place = `${source === undefined ? '' : `${source}, `}${file}${line === undefined ? '' : `:${line}`}`
  return [
    out.line`${out.paint('bold', `${manifest.kind} ${name}${inNamespace}`)} (${place})`,
    ...findings.map(finding => writeFinding(finding, file, out)),
    ...plan.add.map(planned => writePlanned(planned, images.length, out, assumeInjection)),
    out.line``,
  ]
}

function writeFinding(finding: CheckedFinding, file: string, out: Terminal): Shown {
  const { code, effect, place } = finding
  const where = place === undefined ? '' : ` (${file}:${place.line}:${place.column})`
  return out.line`  ${paintLevel(LEVELS[effect], out)}  ${code}: ${writeTold(finding)}${where}`
}

function writePlanned({ secret, source }: Planned, images: number, out: Terminal, assumeInjection: boolean): Shown {
  const why = source === 'match' && images > 1 ? 'it fits one of these images' : SOURCES[source]
  const said = out.line`regcred would add "${secret}" (${why})`
  return assumeInjection ? out.line`  ${said}` : out.line`  ${paintLevel('note', out)}  ${said}`
}

function paintLevel(level: Level, out: Terminal): Shown {
  return out.paint(FORMATS[level], level.padEnd(7))
}

function countAll(objects: readonly CheckedObject[], assumeInjection: boolean): string {
  const counts = Object.entries(countLevels(objects, assumeInjection)).map(([level, number]) => count(number, level))
  return `${count(objects.length, 'object')} checked: ${counts.join(', ')}`
}
