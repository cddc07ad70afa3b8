import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { MAX_CONFIGURATION_BYTES, parseConfiguration, type Reading, refuse } from './parse.ts'

/** A configuration as it was found on disk. */
export interface LoadedConfiguration {
  readonly reading: Reading
  /** Differs where the content, or the reason why there is none, differs. */
  readonly digest: string
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'is a folder, not a file',
}

/** Reads a configuration file. A file that cannot be read is refused as one that says nonsense is. */
export async function loadConfiguration(file: string): Promise<LoadedConfiguration> {
  let bytes: Buffer
  try {
    bytes = await readSome(file)
  } catch (error) {
    const code = String(Object(error).code)
    return refuseAs(REASONS[code] ?? `cannot be read (${code})`, code)
  }
  const digest = createHash('sha256').update(bytes).digest('hex')
  const text = readUtf8(bytes)
  return text === undefined ? refuseAs('is not UTF-8', digest) : { reading: parseConfiguration(text, file), digest }
}

/** As much as tells whether it is too much: the file may be a device, or grow while it is read. */
async function readSome(file: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of createReadStream(file, { end: MAX_CONFIGURATION_BYTES })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function readUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function refuseAs(message: string, digest: string): LoadedConfiguration {
  return { reading: refuse([{ path: '', message }]), digest }
}
