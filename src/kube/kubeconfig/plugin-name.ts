import { basename } from 'node:path'
import { getString } from '../untyped.ts'

/** Who is asked for credentials, for people, e.g. `the exec plugin "aws"`. Apart from what asks, which takes time to load. */
export function nameOfPlugin(exec: unknown): string {
  const command = getString(exec, 'command')
  return command === undefined ? 'the identity provider' : `the exec plugin "${basename(command)}"`
}
