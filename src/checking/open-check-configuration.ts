import { relative, resolve } from 'node:path'
import { CommandError } from '../runtime/command-error.ts'
import type { CheckConfiguration } from './check-configuration.ts'
import { findCheckConfiguration, isFileIn } from './find-check-configuration.ts'

/** The configuration of a check, if there is one. */
export interface OpenedConfiguration {
  readonly configuration?: CheckConfiguration
  /** A file that was found, and is not for checks but for a cluster. */
  readonly passedOver?: string
}

/**
 * Chooses and reads the configuration of a check.
 *
 * | asked for      | read                                    | may be, and name                         |
 * | -------------- | --------------------------------------- | ---------------------------------------- |
 * | a file         | that file                               | anything: who asks knows it              |
 * | nothing        | what is found from the folder upwards   | files of the same repository, no devices |
 * | `false`        | nothing                                 |                                          |
 *
 * A file that is found and is a manifest of something else counts as none.
 *
 * @param cwd the working directory
 * @throws {CommandError} with every error of the file, a line each
 */
export async function openCheckConfiguration(
  asked: string | false | undefined,
  cwd: string,
): Promise<OpenedConfiguration> {
  if (asked === false) return {}
  if (asked !== undefined) {
    const configuration = await read(asked, cwd)
    if (configuration === 'admission') {
      throw new CommandError(`${asked} is the configuration of a cluster; write --config ${asked}`)
    }
    if (configuration === 'other') throw new CommandError(`${asked} is no CheckConfiguration of regcred.dev/v1alpha1`)
    return { configuration }
  }
  const found = await findCheckConfiguration(cwd)
  if (found === undefined) return {}
  const file = relative(cwd, found.file)
  await requireInside(found.root, found.file, file, 'is')
  const configuration = await read(file, cwd)
  if (configuration === 'admission') return { passedOver: file }
  // A manifest of that name, which is checked as any other.
  if (configuration === 'other') return {}
  for (const path of [configuration.admission ?? [], configuration.knownSecrets].flat()) {
    await requireInside(found.root, resolve(cwd, path), file, `names ${path}, which is`)
  }
  return { configuration }
}

/** What is found was chosen by whoever wrote the repository, who is not to read other files by it: errors quote what is in them. */
async function requireInside(root: string, path: string, file: string, what: string): Promise<void> {
  if (await isFileIn(root, path)) return
  throw new CommandError(`${file}: ${what} not a file of this repository; if it is to be used: --check-config ${file}`)
}

/** What it is, where it is not for checks. Loaded when there is one: that takes a while. */
async function read(file: string, cwd: string): Promise<CheckConfiguration | 'admission' | 'other'> {
  const [{ readConfigurationText }, { formatFault }, { parseCheckConfiguration }] = await Promise.all([
    import('../config/load.ts'),
    import('../config/fault.ts'),
    import('./parse-check-configuration.ts'),
  ])
  const source = await readConfigurationText(resolve(cwd, file))
  if ('fault' in source) throw new CommandError(`${file}: ${source.fault}`)
  const reading = parseCheckConfiguration(source.text, file, cwd)
  if (reading.ok === 'admission' || reading.ok === 'other') return reading.ok
  if (reading.ok) return reading.configuration
  throw new CommandError(reading.faults.map(fault => formatFault(file, fault)))
}
