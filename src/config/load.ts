import { createHash } from 'node:crypto'
import { readBeginning } from '../runtime/read-small-file.ts'
import { MAX_CONFIGURATION_BYTES, parseConfiguration, type Reading, refuse } from './parse.ts'

/** A configuration as it was found on disk. */
export interface LoadedConfiguration {
  readonly reading: Reading
  /** Differs where the content, or the reason why there is none, differs. */
  readonly digest: string
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'is a folder, not a file',
}

/** Reads a configuration file. A file that cannot be read is refused as one that says nonsense is. */
export async function loadConfiguration(file: string): Promise<LoadedConfiguration> {
  const { digest, ...read } = await readConfigurationText(file)
  if ('fault' in read) return { reading: refuse([{ path: '', message: read.fault }]), digest }
  return { reading: parseConfiguration(read.text, file), digest }
}

/** The text of a configuration file, of which no more is read than one may have; or why there is none. */
export async function readConfigurationText(
  file: string,
): Promise<{ readonly digest: string } & ({ readonly text: string } | { readonly fault: string })> {
  let bytes: Buffer
  try {
    bytes = await readBeginning(file, MAX_CONFIGURATION_BYTES)
  } catch (error) {
    const code = String(Object(error).code)
    return { fault: await explain(code, file), digest: code }
  }
  const digest = createHash('sha256').update(bytes).digest('hex')
  const text = readUtf8(bytes)
  return text === undefined ? { fault: 'is not UTF-8', digest } : { text, digest }
}

async function explain(code: string, file: string): Promise<string> {
  if (code !== 'ENOENT') return REASONS[code] ?? `cannot be read (${code})`
  // Loaded where it is needed, which is not at every start.
  const { tellNoSuchFile } = await import('../runtime/files/nearest-path.ts')
  return await tellNoSuchFile(file)
}

function readUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
