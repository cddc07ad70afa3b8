import { findConfig } from '../inspection/find-config.ts'
import { type Fault, formatFault, type Other } from '../manifests/found.ts'
import { isMeantAsPullSecret } from '../manifests/placeholder.ts'
import { findInText } from '../manifests/read.ts'
import { textsAt } from '../manifests/texts.ts'
import { checkSecret, type SecretFields } from '../review/schema.ts'
import type { Streams } from './streams.ts'

/** A Secret of a file, or a file that is a docker config. It holds passwords, and lives as long as it is looked at. */
export type SecretInFile =
  | { readonly file: string; readonly secret: SecretFields }
  | { readonly file: string; readonly dockerConfig: string }

/** What was found in files, and what could not be read. */
export interface SecretsInFiles {
  readonly found: readonly SecretInFile[]
  readonly faults: readonly string[]
  /** Objects and documents that have no docker config. */
  readonly others: number
}

/** Reads the docker configs in files: as they are, or in Secrets, alone, in lists or among other objects. */
export async function readSecrets(
  paths: readonly string[],
  { stdin }: Pick<Streams, 'stdin'>,
): Promise<SecretsInFiles> {
  const found: SecretInFile[] = []
  const faults: string[] = []
  let others = 0
  for (const path of paths) {
    for await (const text of textsAt(path, stdin)) {
      if (!('text' in text)) faults.push(formatFault(faultOf(text)))
      else {
        const read = await readText(text.file, text.text)
        found.push(...read.found)
        faults.push(...read.faults)
        others += read.others
      }
    }
  }
  return { found, faults, others }
}

function faultOf(text: Other | { readonly fault: Fault }): Fault {
  return 'fault' in text ? text.fault : { file: text.file, message: 'this is a Helm chart; render it first' }
}

async function readText(file: string, text: string): Promise<SecretsInFiles> {
  const found: SecretInFile[] = []
  const faults: string[] = []
  let others = 0
  for await (const one of findInText(file, text)) {
    if ('fault' in one) faults.push(formatFault(one.fault))
    else if ('other' in one) {
      if (one.other === 'dockerConfig') found.push({ file, dockerConfig: text })
      else if (one.other !== 'empty') others += 1
    } else if (one.kind !== 'Secret' || one.apiVersion !== 'v1') others += 1
    else {
      const checked = checkSecret(one.object)
      if ('fault' in checked) faults.push(formatFault({ ...one, message: `cannot read this Secret: ${checked.fault}` }))
      else if (isMeantAsPullSecret(one.object) || findConfig(checked.value)) found.push({ file, secret: checked.value })
      else others += 1
    }
  }
  return { found, faults, others }
}
