import { getString } from '../../kube/untyped.ts'
import { FINDINGS, type FindingCode, isFindingCode } from '../../policy/finding.ts'
import { readIgnores, type WrittenIgnore } from '../../policy/ignores.ts'
import { IGNORE_ANNOTATION } from '../../policy/labels.ts'
import { nearestName } from '../../runtime/nearest-name.ts'
import { cutVisible } from '../../runtime/visible.ts'
import type { Fault, Manifest, Origin } from '../found.ts'

/** A code that an object does not want to be told, and where it says so. */
export interface OwnIgnore extends Origin {
  readonly code: FindingCode
  readonly reason: string
}

/** Characters of the annotation. */
const MAX_IGNORE_LENGTH = 4096
/** Characters of a code that is none, where it is named. */
const MAX_NAMED_LENGTH = 60
/** Letters by which a code may be misspelt. */
const MAX_CODE_DISTANCE = 3

/**
 * Reads the annotation `regcred.dev/ignore` of an object, or of a Pod template in it.
 *
 * @param metadata the path of the metadata
 * @param isOptional whether a code needs no reason
 */
export function readOwnIgnores(
  found: Manifest,
  metadata: readonly string[],
  isOptional: boolean,
): { readonly ignores: readonly OwnIgnore[]; readonly faults: readonly Fault[] } {
  const path = [...metadata, 'annotations', IGNORE_ANNOTATION]
  const text = getString(found.object, ...path)
  if (text === undefined) return NONE
  const { file, line, column, source } = { ...found, ...found.placeOf?.(path) }
  const origin: Origin = {
    ...{ file, ...(line !== undefined && { line }), ...(column !== undefined && { column }) },
    ...(source !== undefined && { source }),
  }
  const fail = (message: string) => ({ ...origin, message: `${IGNORE_ANNOTATION}: ${message}` })
  if (text.length > MAX_IGNORE_LENGTH) {
    return { ignores: [], faults: [fail(`longer than ${MAX_IGNORE_LENGTH} characters; write less`)] }
  }
  // Copies, which hold nothing of the file.
  const { known, faults } = checkIgnores(structuredClone(readIgnores(text)), isOptional)
  return { ignores: known.map(one => ({ ...origin, ...one })), faults: faults.map(fail) }
}

const NONE = { ignores: [], faults: [] }

/** Those of the codes that there are, and what is wrong with the others. */
export function checkIgnores(
  written: readonly WrittenIgnore[],
  isOptional: boolean,
): {
  readonly known: readonly { readonly code: FindingCode; readonly reason: string }[]
  readonly faults: readonly string[]
} {
  const known: { code: FindingCode; reason: string }[] = []
  const faults: string[] = []
  for (const { code, reason } of written) {
    if (!isFindingCode(code)) faults.push(explainCode(code))
    else if (reason === '' && !isOptional) faults.push(`${code} is ignored without a reason; write ${code}: REASON`)
    else known.push({ code, reason })
  }
  return { known, faults }
}

function explainCode(code: string): string {
  const near = nearestName(code, Object.keys(FINDINGS), { limit: MAX_CODE_DISTANCE, ignoreCase: true })
  const help = near === undefined ? 'regcred explain lists them' : `did you mean ${near}?`
  return `"${cutVisible(code, MAX_NAMED_LENGTH)}" is not the code of a finding; ${help}`
}
