import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type ErrorCode, isNode, LineCounter, parseAllDocuments } from 'yaml'
import { readJsonValues } from './json-values.ts'
import { findUnrendered } from './unrendered.ts'

/** One Kubernetes object of a manifest. */
export interface Manifest {
  /** The file, or `-` for standard input. */
  readonly file: string
  /** The line of the file where it begins, from 1; JSON is read without its places. */
  readonly line?: number
  readonly apiVersion: string
  readonly kind: string
  readonly object: Readonly<Record<string, unknown>>
}

export type ReadManifests =
  | { readonly ok: true; readonly manifests: readonly Manifest[] }
  | { readonly ok: false; readonly faults: readonly string[] }

/** Aliases of a document; each costs as much as what it stands for. */
const MAX_ALIASES = 1000
/** Size of a file: a larger one is no manifest, and parsing YAML takes many times its size. */
const MAX_FILE_BYTES = 32 * 1024 * 1024

/**
 * Reads manifests from a file, from every `.yaml`, `.yml` and `.json` file below a folder (in the order of their paths), or
 * from a stream for `-`.
 *
 * Several documents in a file and lists of objects are taken apart; documents that are no Kubernetes objects are left out.
 * Every fault is reported, each in a sentence with its file and line, and never with a line of the file: there may be a
 * password in it.
 */
export async function readManifests(
  paths: readonly string[],
  stdin: AsyncIterable<Uint8Array | string> = process.stdin,
): Promise<ReadManifests> {
  const found = await Promise.all(paths.map(path => textsAt(path, stdin)))
  const texts = found.flatMap(result => ('texts' in result ? result.texts : []))
  const parsed = texts.map(({ file, text }) => parseManifests(file, text))
  const faults = found.flatMap(result => ('fault' in result ? [result.fault] : []))
  const manifests: Manifest[] = []
  for (const result of parsed) {
    if (result.ok) manifests.push(...result.manifests)
    else faults.push(...result.faults)
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, manifests }
}

/** Takes the text of one file apart. JSON is YAML too, and far sooner read as what it is. */
export function parseManifests(file: string, text: string): ReadManifests {
  const values = readJsonValues(text)
  if (values === undefined) return parseYaml(file, text)
  return { ok: true, manifests: values.flatMap(value => objectsIn(file, value, () => undefined)) }
}

function parseYaml(file: string, text: string): ReadManifests {
  const lineCounter = new LineCounter()
  const options = {
    lineCounter,
    merge: true,
    uniqueKeys: false,
    strict: false,
    logLevel: 'error',
    prettyErrors: false,
  } as const
  const manifests: Manifest[] = []
  const faults: string[] = []
  const fail = (offset: number, message: string) => {
    const { line, col } = lineCounter.linePos(offset)
    faults.push(`${file}:${line}:${col}: ${message}`)
  }
  for (const document of parseAllDocuments(text, options)) {
    const [error] = document.errors
    const unrendered = findUnrendered(document, text)
    if (unrendered !== undefined) {
      fail(
        unrendered,
        'this is a template that is not rendered yet ({{ }}); render it first, for example with helm template',
      )
      continue
    }
    if (error !== undefined) {
      fail(error.pos[0], `this is not YAML or JSON: ${explain(error)}; correct it or leave the file out`)
      continue
    }
    try {
      const lineOf: LineOf = path => {
        const node = document.getIn(path, true)
        return isNode(node) && node.range ? lineCounter.linePos(node.range[0]).line : undefined
      }
      manifests.push(...objectsIn(file, document.toJS({ maxAliasCount: MAX_ALIASES }), lineOf))
    } catch {
      faults.push(`${file}: its YAML aliases cannot be resolved; write them out or leave the file out`)
    }
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, manifests }
}

/** What the parser says of these errors is a fixed sentence; of others it may quote the file. */
const FIXED_SENTENCES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'BAD_INDENT',
  'BAD_SCALAR_START',
  'BLOCK_AS_IMPLICIT_KEY',
  'BLOCK_IN_FLOW',
  'KEY_OVER_1024_CHARS',
  'MISSING_CHAR',
  'MULTILINE_IMPLICIT_KEY',
  'MULTIPLE_ANCHORS',
  'MULTIPLE_TAGS',
  'TAB_AS_INDENT',
])

const OWN_SENTENCES: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_DQ_ESCAPE: 'there is a bad escape sequence in double quotes',
  UNEXPECTED_TOKEN: 'there is text that does not belong here',
}

function explain({ code, message }: { readonly code: ErrorCode; readonly message: string }): string {
  if (FIXED_SENTENCES.has(code)) return `${message.charAt(0).toLowerCase()}${message.slice(1)}`
  return OWN_SENTENCES[code] ?? code
}

/** The line where the value at a path begins, if that is known. */
type LineOf = (path: readonly (string | number)[]) => number | undefined

/** An object, or those that a `List` holds (`kubectl get -o yaml` writes one, and typed lists exist as well). */
function objectsIn(file: string, value: unknown, lineOf: LineOf, path: readonly (string | number)[] = []): Manifest[] {
  if (typeof value !== 'object' || value === null) return []
  const object = Object.fromEntries(Object.entries(value))
  const { apiVersion, kind, items } = object
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return []
  if (!kind.endsWith('List') || !Array.isArray(items)) {
    const line = lineOf(path)
    return [{ file, ...(line === undefined ? {} : { line }), apiVersion, kind, object }]
  }
  const itemKind = kind.slice(0, -'List'.length)
  return items.flatMap((item, i) => {
    const typed = itemKind === '' ? item : { apiVersion, kind: itemKind, ...(typeof item === 'object' ? item : {}) }
    return objectsIn(file, typed, lineOf, [...path, 'items', i])
  })
}

type Texts =
  | { readonly texts: readonly { readonly file: string; readonly text: string }[] }
  | { readonly fault: string }

async function textsAt(path: string, stdin: AsyncIterable<Uint8Array | string>): Promise<Texts> {
  if (path === '-') {
    const chunks: Uint8Array[] = []
    for await (const chunk of stdin) chunks.push(Buffer.from(chunk))
    return { texts: [{ file: path, text: Buffer.concat(chunks).toString() }] }
  }
  try {
    const files = (await stat(path)).isDirectory() ? await filesBelow(path) : [path]
    if (files.length === 0) return { fault: `there is no .yaml, .yml or .json file in ${path}; give another folder` }
    const texts = []
    for (const file of files) {
      if ((await stat(file)).size > MAX_FILE_BYTES) return { fault: `${file} is larger than 32 MiB; split it` }
      texts.push({ file, text: await readFile(file, 'utf8') })
    }
    return { texts }
  } catch (error) {
    return { fault: `cannot read ${path} (${Object(error).code}); check the path and its permissions` }
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}
