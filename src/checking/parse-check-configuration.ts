import { dirname, relative, resolve } from 'node:path'
import { Check, Pointer } from 'typebox/value'
import { KIND } from '../config/configuration.ts'
import type { Fault } from '../config/fault.ts'
import { parseSource, type Refusal, refuse } from '../config/parse.ts'
import { validateSchema } from '../config/validate-schema.ts'
import type { CheckConfiguration } from './check-configuration.ts'
import { type CheckFile, checkSchema } from './check-schema.ts'

/** What a file says that may be the configuration of a check. */
export type CheckReading =
  | { readonly ok: true; readonly configuration: CheckConfiguration }
  /** It is the configuration of a cluster, which has the same name in some repositories. */
  | { readonly ok: 'admission' }
  /** It is a manifest that is called so, of which there may be several in it. */
  | { readonly ok: 'other' }
  | Refusal

/**
 * Reads the configuration of a check: YAML 1.2, and so JSON as well. Everything that is wrong with it is told at once.
 *
 * @param file as people are to see it, from the working directory on
 * @param cwd the working directory
 */
export function parseCheckConfiguration(text: string, file: string, cwd: string): CheckReading {
  if (isOther(text)) return { ok: 'other' }
  const source = parseSource(text)
  if ('faults' in source) return refuse(source.faults)
  const { value, places } = source
  if (Pointer.Get(value, '/kind') === KIND) return { ok: 'admission' }
  const faults: readonly Fault[] = validateSchema(value, places, checkSchema)
  if (faults.length > 0 || !Check(checkSchema, value)) return refuse(faults)
  return { ok: true, configuration: toConfiguration(value, file, cwd) }
}

function toConfiguration(
  { admission, exclude = [], failOn, knownSecrets = [], secretsFrom = [], ignore = [] }: CheckFile,
  file: string,
  cwd: string,
): CheckConfiguration {
  const folder = dirname(resolve(cwd, file))
  const fromHere = (path: string) => relative(cwd, resolve(folder, path))
  return {
    ...{ file, folder, exclude, ignore },
    ...(admission !== undefined && { admission: fromHere(admission) }),
    ...(failOn !== undefined && { failOn }),
    knownSecrets: knownSecrets.map(fromHere),
    secretsFrom: secretsFrom.map(({ group, kind, secretName }) => ({ group, kind, path: secretName })),
  }
}

/** The first type of an object that stands at the begin of a line, whatever else is wrong with the text. */
const API_VERSION = /^[\t {]*["']?apiVersion["']?[\t ]*:[\t ]*["']?([^\s"',#]+)/m

/** Whether it is of an API of others, and does not say that it is a CheckConfiguration. */
function isOther(text: string): boolean {
  const [, apiVersion = ''] = API_VERSION.exec(text) ?? []
  return apiVersion !== '' && !apiVersion.startsWith('regcred.dev/') && !text.includes('CheckConfiguration')
}
