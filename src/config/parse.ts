import { Check } from 'typebox/value'
import { applyDefaults, traceProvenance } from './apply-defaults.ts'
import type { Configuration } from './configuration.ts'
import type { Fault } from './fault.ts'
import { configurationSchema } from './schema.ts'
import { validateMeaning } from './validate-meaning.ts'
import { validateSchema } from './validate-schema.ts'
import { parseYamlSource } from './yaml-source.ts'

/** Size of a configuration file: what a ConfigMap can hold. Larger ones are not looked into. */
export const MAX_CONFIGURATION_BYTES = 1024 * 1024
/** Faults of a file that are listed: more than anybody fixes at once. */
const MAX_LISTED_FAULTS = 100

/** What a configuration file says. */
export type Reading = Configuration | Refusal

export interface Refusal {
  readonly ok: false
  readonly faults: readonly Fault[]
}

/**
 * Reads a configuration file: YAML 1.2, and so JSON as well.
 *
 * Everything that is wrong with it is told at once, in the order of the file; then nothing of it holds.
 *
 * @param fileName as people are to see it in `provenance`.
 */
export function parseConfiguration(text: string, fileName: string): Reading {
  const file = parseSource(text)
  if ('faults' in file) return refuse(file.faults)
  const { value, places } = file
  const faults = [...validateSchema(value, places), ...validateMeaning(value, places)]
  if (faults.length > 0 || !Check(configurationSchema, value)) return refuse(faults)
  return { ok: true, settings: applyDefaults(value), provenance: traceProvenance(value, places, fileName) }
}

/** Takes the text of a file apart, unless it is too large. */
export function parseSource(text: string): ReturnType<typeof parseYamlSource> {
  if (Buffer.byteLength(text) <= MAX_CONFIGURATION_BYTES) return parseYamlSource(text)
  return { faults: [{ path: '', message: 'is larger than 1 MiB' }] }
}

/** The refusal of a file, for these reasons. */
export function refuse(faults: readonly Fault[]): Refusal {
  const more = faults.length - MAX_LISTED_FAULTS
  const listed = faults.toSorted((a, b) => position(a) - position(b)).slice(0, MAX_LISTED_FAULTS)
  return { ok: false, faults: more > 0 ? [...listed, { path: '', message: `${more} more errors` }] : listed }
}

/** Columns stay below what a line counts for: a file has fewer characters. */
function position({ place }: Fault): number {
  return place === undefined ? 0 : place.line * MAX_CONFIGURATION_BYTES + place.column
}
