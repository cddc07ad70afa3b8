import { type Checked, type CheckedObject, placeOf } from '../engine/check-manifests.ts'
import type { Effect, Finding } from '../policy/finding.ts'
import type { Planned } from '../policy/plan.ts'
import { count } from '../runtime/count.ts'
import type { Shown, Terminal } from '../runtime/terminal.ts'

/** The level of each effect for people, as SARIF has them too, and its colour on a terminal. */
const LEVELS = {
  blocks: { level: 'error', format: 'red' },
  mayBlock: { level: 'warning', format: 'yellow' },
  degrades: { level: 'note', format: 'cyan' },
} as const satisfies Record<Effect, { level: string; format: string }>

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
 */
export function writeText({ objects }: Checked, out: Terminal): readonly Shown[] {
  const blocks = objects.filter(({ findings, plan }) => findings.length > 0 || plan.add.length > 0)
  return [...blocks.flatMap(object => writeObject(object, out)), out.line`${countAll(objects)}`]
}

function writeObject(object: CheckedObject, out: Terminal): readonly Shown[] {
  const { manifest, namespace, name, findings, plan, images } = object
  const place = namespace === '' ? '' : ` in namespace ${namespace}`
  return [
    out.line`${out.paint('bold', `${manifest.kind} ${name}${place}`)} (${placeOf(manifest)})`,
    ...findings.map(finding => writeFinding(finding, out)),
    ...plan.add.map(planned => writePlanned(planned, images.length, out)),
    out.line``,
  ]
}

function writeFinding({ code, effect, message }: Finding, out: Terminal): Shown {
  const { level, format } = LEVELS[effect]
  return out.line`  ${out.paint(format, level.padEnd(7))}  ${code}: ${message}`
}

function writePlanned({ secret, source }: Planned, images: number, out: Terminal): Shown {
  const why = source === 'match' && images > 1 ? 'it fits one of these images' : SOURCES[source]
  return out.line`  regcred would add "${secret}" (${why})`
}

function countAll(objects: readonly CheckedObject[]): string {
  const findings = objects.flatMap(object => object.findings)
  const counts = Object.entries(LEVELS).map(([effect, { level }]) => {
    return count(findings.filter(finding => finding.effect === effect).length, level)
  })
  return `${count(objects.length, 'object')} checked: ${counts.join(', ')}`
}
