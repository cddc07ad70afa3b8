import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { faultOfAuthorities, faultOfPair, type Pair } from './pair.ts'

/** What was found in files: something that can be used, or one sentence that says what keeps it from that. */
export type Found<T> = (
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: string; readonly cause?: unknown }
) & {
  /** Differs where the content differs, or what is thought of it: time alone can make a pair good or bad. */
  readonly digest: string
}

/** Where a pair is, in PEM. */
export interface PairFiles {
  readonly certFile: string
  readonly keyFile: string
}

type Files = Readonly<Record<string, string>>
type Read<T> = (...texts: readonly string[]) => { readonly value: T; readonly fault: string | undefined }

/**
 * Reads a certificate and its key, and tries them.
 *
 * @param now milliseconds since the epoch
 * @param names DNS names and IP addresses that it has to be for
 */
export async function loadPair(
  { certFile, keyFile }: PairFiles,
  now: number,
  names: readonly string[],
): Promise<Found<Pair>> {
  return await load({ '--tls-cert-file': certFile, '--tls-private-key-file': keyFile }, (cert, key) => {
    const value = { cert, key }
    return { value, fault: faultOfPair(value, now, { names }) }
  })
}

/** Reads the certificates of authorities. */
export async function loadAuthorities(file: string): Promise<Found<string>> {
  return await load({ '--client-ca-file': file }, value => ({ value, fault: faultOfAuthorities(value) }))
}

/**
 * Reads once more what cannot be used: one file may have been read before a swap of their folder, and the next after it.
 *
 * @param files by the flag that names each
 */
async function load<T>(files: Files, read: Read<T>): Promise<Found<T>> {
  const found = await attempt(files, read)
  return found.ok ? found : await attempt(files, read)
}

async function attempt<T>(files: Files, read: Read<T>): Promise<Found<T>> {
  const texts: string[] = []
  for (const [flag, file] of Object.entries(files)) {
    try {
      texts.push(await readFile(file, 'utf8'))
    } catch (cause) {
      const fault = `${flag}: cannot read ${file} (${Object(cause).code}); check the path and its permissions`
      return { ok: false, fault, cause, digest: fault }
    }
  }
  const { value, fault } = read(...texts)
  const digest = createHash('sha256')
    .update(texts.join('\0'))
    .update(fault ?? '')
    .digest('hex')
  if (fault === undefined) return { ok: true, value, digest }
  return { ok: false, fault: `${Object.values(files).join(', ')}: ${fault}`, digest }
}
