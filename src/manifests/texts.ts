import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Size of a file: a larger one is no manifest, and parsing YAML takes many times its size. */
const MAX_FILE_BYTES = 32 * 1024 * 1024

/** A file, or what became of a path instead. */
type FoundText = { readonly file: string; readonly text: string } | { readonly fault: string }

/** The texts at a path, one after another: of a file, of the manifests below a folder, or of standard input for `-`. */
export async function* textsAt(
  path: string,
  stdin: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<FoundText, void> {
  if (path === '-') {
    yield await readText(path, stdin)
    return
  }
  try {
    const files = (await stat(path)).isDirectory() ? await filesBelow(path) : [path]
    if (files.length === 0) yield { fault: `there is no .yaml, .yml or .json file in ${path}; give another folder` }
    // A pipe or a device does not say how much there is to come.
    for (const file of files) yield await readText(file, createReadStream(file))
  } catch (error) {
    yield { fault: `cannot read ${path} (${Object(error).code}); check the path and its permissions` }
  }
}

async function readText(file: string, stream: AsyncIterable<Uint8Array | string>): Promise<FoundText> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > MAX_FILE_BYTES)
      return { fault: `${file === '-' ? 'standard input' : file} is larger than 32 MiB; split it` }
    chunks.push(bytes)
  }
  const bytes = Buffer.concat(chunks)
  // What PowerShell writes with `>`.
  const isUtf16 = size >= 2 && [0xfeff, 0xfffe].includes(bytes.readUInt16BE(0))
  return isUtf16 ? { fault: `${file} is in UTF-16; save it as UTF-8` } : { file, text: bytes.toString() }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}
