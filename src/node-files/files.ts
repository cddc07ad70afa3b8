import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fault } from '../manifests/found.ts'
import { readBeginning } from '../runtime/read-small-file.ts'

/** Size of a file of a node; the largest have a tenth of it. */
const MAX_NODE_FILE_BYTES = 256 * 1024
/** Files and folders that are passed while files are looked for. A whole disk has more, and is not what was meant. */
const MAX_FOLDER_ENTRIES = 20_000
/** Files of a folder that are read. */
const MAX_FILES = 2000

/** The text of a file, or what is wrong with it. */
type NodeText = { readonly file: string; readonly text: string } | { readonly fault: Fault }

/** A path as it was given: the files to read there, in the order of their names. */
export type NodePath = { readonly files: readonly string[]; readonly isFolder: boolean } | { readonly fault: Fault }

/** Finds what there is to read at a path: a file, or what may be of use below a folder, if there is no more in it than so much. */
export async function filesAt(path: string, maxEntries: number = MAX_FOLDER_ENTRIES): Promise<NodePath> {
  try {
    if (!(await stat(path)).isDirectory()) return { files: [path], isFolder: false }
    const files: string[] = []
    let seen = 0
    for await (const entry of await opendir(path, { recursive: true })) {
      seen += 1
      if (entry.isFile() && /\.(?:ya?ml|json|toml)$/.test(entry.name)) files.push(join(entry.parentPath, entry.name))
      if (seen > maxEntries || files.length > MAX_FILES)
        return fail(path, 'there is too much in this folder; give the files')
    }
    return { files: files.sort(), isFolder: true }
  } catch (error) {
    return unreadable(path, error)
  }
}

/** Reads a file of a node: text in UTF-8, of a bounded size. */
export async function readNodeFile(file: string): Promise<NodeText> {
  try {
    const bytes = await readBeginning(file, MAX_NODE_FILE_BYTES)
    if (bytes.length > MAX_NODE_FILE_BYTES) return fail(file, 'larger than 256 KiB; leave it out')
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? fail(file, NOT_TEXT) : { file, text }
  } catch (error) {
    return error instanceof TypeError ? fail(file, NOT_TEXT) : unreadable(file, error)
  }
}

const NOT_TEXT = 'not text in UTF-8; leave it out'

function unreadable(path: string, error: unknown): { readonly fault: Fault } {
  return fail(path, `cannot be read (${Object(error).code}); check the path and its permissions`)
}

function fail(file: string, message: string): { readonly fault: Fault } {
  return { fault: { file, message } }
}
