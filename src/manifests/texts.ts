import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Fault, Other } from './found.ts'

/** Size of a file: a larger one is no manifest, and parsing YAML takes many times its size. */
const MAX_FILE_BYTES = 32 * 1024 * 1024

/** A file, or what became of a path instead. */
type FoundText = { readonly file: string; readonly text: string } | { readonly fault: Fault } | Other

/**
 * The texts at a path, one after another: of a file, of the manifests below a folder, or of standard input for `-`.
 *
 * @param isExcluded says which files below a folder are left out
 */
export async function* textsAt(
  path: string,
  stdin: AsyncIterable<Uint8Array | string>,
  isExcluded: (path: string) => boolean = () => false,
): AsyncGenerator<FoundText, void> {
  if (path === '-') {
    yield await readText(path, stdin)
    return
  }
  try {
    if (!(await stat(path)).isDirectory()) {
      // A pipe or a device does not say how much there is to come.
      yield await readText(path, createReadStream(path))
      return
    }
    const { files, charts, excluded } = await filesBelow(path, isExcluded)
    for (const file of charts) yield { file, other: 'chart' }
    if (files.length === 0 && charts.length === 0) yield fail(path, excluded > 0 ? ALL_EXCLUDED : NO_MANIFESTS)
    for (const file of files) yield* readFile(file)
  } catch (error) {
    yield fail(path, await explain(Object(error).code, path))
  }
}

async function explain(code: string, path: string): Promise<string> {
  if (code !== 'ENOENT') return `cannot be read (${code}); check the path and its permissions`
  // Loaded where it is needed, which is not at every start.
  const { tellNoSuchFile } = await import('../runtime/files/nearest-path.ts')
  return await tellNoSuchFile(path)
}

const NO_MANIFESTS = 'there is no .yaml, .yml or .json file in this folder; give another'
const ALL_EXCLUDED = 'all manifests in this folder are excluded; correct exclude in the configuration'

/** A file of a folder that cannot be read keeps no other from being read. */
async function* readFile(file: string): AsyncGenerator<FoundText, void> {
  try {
    yield await readText(file, createReadStream(file))
  } catch (error) {
    yield fail(file, `cannot be read (${Object(error).code}); check its permissions`)
  }
}

function fail(file: string, message: string): { readonly fault: Fault } {
  return { fault: { file, message } }
}

const NOT_UTF_8 = 'not text in UTF-8; save it as UTF-8'

async function readText(file: string, stream: AsyncIterable<Uint8Array | string>): Promise<FoundText> {
  const decoding = new Decoding()
  let size = 0
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    size += bytes.length
    if (size > MAX_FILE_BYTES) return fail(file, 'larger than 32 MiB; split it')
    if (!decoding.add(bytes)) return fail(file, NOT_UTF_8)
  }
  const text = decoding.end()
  if (text === undefined) return fail(file, NOT_UTF_8)
  // No text holds one, and no YAML may.
  return text.includes('\0') ? fail(file, 'not text; give manifests in YAML or JSON') : { file, text }
}

/**
 * UTF-8, or UTF-16 with a byte order mark, as kubectl reads it and PowerShell writes it with `>`. Decoded as it comes, since a file is
 * large, and its bytes are as well.
 */
class Decoding {
  #text = ''
  #head = new Uint8Array()
  #decoder: InstanceType<typeof TextDecoder> | undefined

  /** @returns whether it is text so far */
  add(bytes: Uint8Array): boolean {
    if (this.#decoder === undefined) {
      this.#head = Buffer.concat([this.#head, bytes])
      return this.#head.length < 2 || this.#begin()
    }
    return this.#decode(this.#decoder, bytes)
  }

  /** All of the text; undefined where it is none. */
  end(): string | undefined {
    if (this.#decoder === undefined && !this.#begin()) return undefined
    return this.#decoder === undefined || this.#decode(this.#decoder) ? this.#text : undefined
  }

  #begin(): boolean {
    const [first, second] = this.#head
    const is = (a: number, b: number) => first === a && second === b
    const encoding = is(0xff, 0xfe) ? 'utf-16le' : is(0xfe, 0xff) ? 'utf-16be' : 'utf-8'
    this.#decoder = new TextDecoder(encoding, { fatal: true })
    return this.#decode(this.#decoder, this.#head)
  }

  /** @param bytes the next; without any the text ends */
  #decode(decoder: InstanceType<typeof TextDecoder>, bytes?: Uint8Array): boolean {
    try {
      this.#text += decoder.decode(bytes, { stream: bytes !== undefined })
      return true
    } catch {
      return false
    }
  }
}

/** The manifests below a folder, and the folders that are Helm charts: what is below those are no manifests yet. */
async function filesBelow(
  folder: string,
  isExcluded: (path: string) => boolean,
): Promise<{ readonly files: string[]; readonly charts: string[]; readonly excluded: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  const chartFolders = new Set(paths.filter(path => basename(path) === 'Chart.yaml').map(path => dirname(path)))
  const charts = [...chartFolders].filter(chart => !isBelow(dirname(chart), chartFolders)).sort()
  const files = paths.filter(path => /\.(ya?ml|json)$/.test(path) && !isBelow(dirname(path), chartFolders)).sort()
  const found = { files: files.filter(path => !isExcluded(path)), charts: charts.filter(path => !isExcluded(path)) }
  return { ...found, excluded: files.length - found.files.length }
}

/** Whether a folder is one of these, or in one; whoever asks for each file asks about no more than the depth of its path. */
function isBelow(folder: string, folders: ReadonlySet<string>): boolean {
  const above = dirname(folder)
  return folders.has(folder) || (above !== folder && isBelow(above, folders))
}
