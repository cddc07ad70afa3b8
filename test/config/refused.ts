import { formatFault } from '../../src/config/fault.ts'
import { parseConfiguration } from '../../src/config/parse.ts'

/** What every configuration file begins with. */
export const HEAD = 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\n'

/** What is wrong with a file, as people are told. */
export function faultsOf(text: string): readonly string[] {
  const reading = parseConfiguration(text, 'regcred.yaml')
  return reading.ok ? [] : reading.faults.map(fault => formatFault('regcred.yaml', fault))
}

/** A file that is refused, and all that is wrong with it. */
export interface RefusedFile {
  readonly name: string
  readonly text: string
  readonly faults: readonly string[]
}
