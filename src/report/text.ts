import { styleText } from 'node:util'
import { type Checked, type CheckedObject, placeOf } from '../engine/check-manifests.ts'
import type { Effect, Finding } from '../policy/finding.ts'
import { oneLine } from '../runtime/one-line.ts'

/** How each effect reads, and its colour on a terminal. */
const EFFECTS = {
  blocks: { word: 'blocks', format: 'red' },
  mayBlock: { word: 'may block', format: 'yellow' },
  degrades: { word: 'degrades', format: 'cyan' },
} as const satisfies Record<Effect, { word: string; format: string }>

/**
 * Writes what was checked for people: an object with something to say of it, its findings, what would be injected, and at
 * the end a line of counts.
 *
 * @param stream where it goes: there is colour only on a terminal
 */
export function writeText({ objects }: Checked, stream: NodeJS.WritableStream): string {
  const blocks = objects.filter(({ findings, plan }) => findings.length > 0 || plan.add.length > 0)
  return [...blocks.map(object => writeObject(object, stream)), writeCounts(objects)].join('\n')
}

function writeObject(object: CheckedObject, stream: NodeJS.WritableStream): string {
  const { manifest, namespace, name, findings, plan } = object
  const place = namespace === '' ? '' : ` in namespace ${namespace}`
  const title = styleText('bold', oneLine(`${manifest.kind} ${name}${place}`), { stream })
  const lines = [
    `${title} (${placeOf(manifest)})`,
    ...findings.map(finding => writeFinding(finding, stream)),
    ...plan.add.map(({ secret, source }) => `  ${'injects'.padEnd(9)}  ${secret} (${source})`),
  ]
  return `${lines.join('\n')}\n`
}

function writeFinding({ code, effect, message }: Finding, stream: NodeJS.WritableStream): string {
  const { word, format } = EFFECTS[effect]
  return `  ${styleText(format, word.padEnd(9), { stream })}  ${code}: ${oneLine(message)}`
}

function writeCounts(objects: readonly CheckedObject[]): string {
  const findings = objects.flatMap(object => object.findings)
  const counts = Object.entries(EFFECTS).map(([effect, { word }]) => {
    return `${findings.filter(finding => finding.effect === effect).length} ${word}`
  })
  return `${objects.length} ${objects.length === 1 ? 'object' : 'objects'} checked: ${counts.join(', ')}\n`
}
