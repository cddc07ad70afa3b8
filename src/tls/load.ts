import { createHash } from 'node:crypto'
import { readSmallFile } from '../runtime/read-small-file.ts'
import { faultOfAuthorities, faultOfPair, type Pair } from './pair.ts'

/** PEM as it was loaded from files: something that can be used, or one sentence that says what keeps it from that. */
export type LoadedPem<T> = (
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
/** Makes something of the texts of the files, in their order. */
type Parse<T> = (...texts: readonly string[]) => { readonly value: T; readonly fault: string | undefined }

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
): Promise<LoadedPem<Pair>> {
  return await load({ '--tls-cert-file': certFile, '--tls-private-key-file': keyFile }, (cert, key) => {
    const value = { cert, key }
    return { value, fault: faultOfPair(value, now, { names }) }
  })
}

/** Reads the certificates of authorities. */
export async function loadAuthorities(file: string): Promise<LoadedPem<string>> {
  return await load({ '--client-ca-file': file }, value => ({ value, fault: faultOfAuthorities(value) }))
}

/**
 * Reads once more what cannot be used: one file may have been read before a swap of their folder, and the next after it.
 *
 * @param files by the flag that names each
 */
async function load<T>(files: Files, parse: Parse<T>): Promise<LoadedPem<T>> {
  const loaded = await attempt(files, parse)
  return loaded.ok ? loaded : await attempt(files, parse)
}

async function attempt<T>(files: Files, parse: Parse<T>): Promise<LoadedPem<T>> {
  const texts: string[] = []
  for (const [flag, file] of Object.entries(files)) {
    try {
      texts.push((await readSmallFile(file)).toString())
    } catch (cause) {
      const fault = `${flag}: cannot read ${file} (${Object(cause).code}); check the path and its permissions`
      return { ok: false, fault, cause, digest: fault }
    }
  }
  const { value, fault } = parse(...texts)
  const digest = createHash('sha256')
    .update(texts.join('\0'))
    .update(fault ?? '')
    .digest('hex')
  if (fault === undefined) return { ok: true, value, digest }
  return { ok: false, fault: `${Object.values(files).join(', ')}: ${fault}`, digest }
}
