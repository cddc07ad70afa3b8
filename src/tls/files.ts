import { readFile } from 'node:fs/promises'
import { CommandError } from '../commands/command-error.ts'
import { faultOfPair, type Pair } from './pair.ts'

/**
 * Reads a pair from two PEM files and tries it.
 *
 * @throws {CommandError} one line that names the file and says what to do
 */
export async function readPair(certFile: string, keyFile: string, now: number = Date.now()): Promise<Pair> {
  const pair = {
    cert: await readPem('--tls-cert-file', certFile),
    key: await readPem('--tls-private-key-file', keyFile),
  }
  const fault = faultOfPair(pair, now)
  if (fault !== undefined) throw new CommandError(`${certFile}, ${keyFile}: ${fault}`)
  return pair
}

async function readPem(flag: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unreadable'
    throw new CommandError(`${flag}: cannot read ${file} (${code}); check the path and its permissions`, {
      cause: error,
    })
  }
}
