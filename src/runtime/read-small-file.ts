import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import { getSystemErrorMessage } from 'node:util'

/** Bytes of a file of credentials: a kubeconfig, certificates, a key, a token. The largest bundle of CAs has a tenth of it. */
const MAX_SMALL_FILE_BYTES = 4 * 1024 * 1024

/**
 * Reads a whole file that has to be small: one without an end, such as a device, would take all memory.
 *
 * @throws with code `EFBIG` where it is not, else what the file system throws
 */
export async function readSmallFile(file: string): Promise<Buffer> {
  return checkSize(await readBeginning(file, MAX_SMALL_FILE_BYTES))
}

/** As much of a file as tells whether it has more than so many bytes: it may be a device, or grow while it is read. */
export async function readBeginning(file: string, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of createReadStream(file, { end: maxBytes })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The same where nobody can wait. */
export function readSmallFileSync(file: string): Buffer {
  const bytes = Buffer.alloc(MAX_SMALL_FILE_BYTES + 1)
  const descriptor = openSync(file, 'r')
  try {
    let length = 0
    for (let read = -1; read !== 0; length += read)
      read = readSync(descriptor, bytes, length, bytes.length - length, null)
    return checkSize(bytes.subarray(0, length))
  } finally {
    closeSync(descriptor)
  }
}

function checkSize(bytes: Buffer): Buffer {
  if (bytes.length <= MAX_SMALL_FILE_BYTES) return bytes
  throw Object.assign(new Error('a file is too large'), { code: 'EFBIG' })
}

/** What the file system says is wrong, in words, e.g. `no such file or directory`. */
export function describeFileFault(error: unknown): string {
  const { errno } = error as NodeJS.ErrnoException
  return getSystemErrorMessage(Number(errno))
}
