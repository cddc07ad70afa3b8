import { styleText } from 'node:util'
import { type Checked, type CheckedObject, placeOf } from '../engine/check-manifests.ts'
import type { Effect, Finding } from '../policy/finding.ts'
import type { Planned } from '../policy/plan.ts'
import { oneLine } from '../runtime/one-line.ts'

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
 * @param stream where it goes: there is colour only on a terminal
 */
export function writeText({ objects }: Checked, stream: NodeJS.WritableStream): string {
  const blocks = objects.filter(({ findings, plan }) => findings.length > 0 || plan.add.length > 0)
  return [...blocks.map(object => writeObject(object, stream)), writeCounts(objects)].join('\n')
}

function writeObject(object: CheckedObject, stream: NodeJS.WritableStream): string {
  const { manifest, namespace, name, findings, plan, images } = object
  const place = namespace === '' ? '' : ` in namespace ${namespace}`
  const title = styleText('bold', oneLine(`${manifest.kind} ${name}${place}`), { stream })
  const lines = [
    `${title} (${placeOf(manifest)})`,
    ...findings.map(finding => writeFinding(finding, stream)),
    ...plan.add.map(planned => writePlanned(planned, images.length)),
  ]
  return `${lines.join('\n')}\n`
}

function writeFinding({ code, effect, message }: Finding, stream: NodeJS.WritableStream): string {
  const { level, format } = LEVELS[effect]
  return `  ${styleText(format, level.padEnd(7), { stream })}  ${code}: ${oneLine(message)}`
}

function writePlanned({ secret, source }: Planned, images: number): string {
  const why = source === 'match' && images > 1 ? 'it fits one of these images' : SOURCES[source]
  return `  regcred would add "${secret}" (${why})`
}

function writeCounts(objects: readonly CheckedObject[]): string {
  const findings = objects.flatMap(object => object.findings)
  const counts = Object.entries(LEVELS).map(([effect, { level }]) => {
    return count(findings.filter(finding => finding.effect === effect).length, level)
  })
  return `${count(objects.length, 'object')} checked: ${counts.join(', ')}\n`
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
