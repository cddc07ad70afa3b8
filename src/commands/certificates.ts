import { readFile } from 'node:fs/promises'
import { faultOfAuthorities, faultOfPair, type Pair } from '../tls/pair.ts'
import { CommandError } from './command-error.ts'

/**
 * Reads a certificate and its key from two PEM files and tries them.
 *
 * @param now milliseconds since the epoch
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

/**
 * Reads the certificates of authorities from a PEM file.
 *
 * @throws {CommandError} one line that names the file and says what to do
 */
export async function readAuthorities(file: string): Promise<string> {
  const pem = await readPem('--client-ca-file', file)
  const fault = faultOfAuthorities(pem)
  if (fault !== undefined) throw new CommandError(`${file}: ${fault}`)
  return pem
}

async function readPem(flag: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new CommandError(`${flag}: cannot read ${file} (${Object(error).code}); check the path and its permissions`, {
      cause: error,
    })
  }
}
