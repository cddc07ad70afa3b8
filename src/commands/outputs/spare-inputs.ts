import type { Found } from '../../manifests/found.ts'
import { CommandError } from '../../runtime/command-error.ts'
import type { Output } from '../option-parsers.ts'
import { identify } from './file-identity.ts'

/**
 * The same objects, and no output over a file that they come from: that would be gone. A file without an object in it, such as a report
 * of an earlier run, may be written over.
 *
 * @throws {CommandError} as soon as there is an object of such a file
 */
export async function* spareInputs(found: AsyncIterable<Found>, outputs: readonly Output[]): AsyncGenerator<Found> {
  const places = new Map(outputs.flatMap(({ file }) => (file === undefined ? [] : [[identify(file), file]])))
  let last: string | undefined
  for await (const one of found) {
    if (places.size > 0 && 'object' in one && one.file !== last) {
      last = one.file
      const output = one.file === '-' ? undefined : places.get(identify(one.file))
      if (output !== undefined) throw new CommandError(`${output} is being checked; write the output to another file`)
    }
    yield one
  }
}

/**
 * Refuses an output over a file that the check goes by.
 *
 * @param files the baseline, configurations, and files of Secrets
 * @throws {CommandError} for the first of them
 */
export function spareFiles(files: readonly (string | undefined)[], outputs: readonly Output[]): void {
  const used = new Map(files.flatMap(file => (file === undefined || file === '-' ? [] : [[identify(file), file]])))
  for (const { file } of outputs) {
    const one = file === undefined ? undefined : used.get(identify(file))
    if (one !== undefined) throw new CommandError(`${one} is read by this check; write the output to another file`)
  }
}
