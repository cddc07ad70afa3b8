import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readJsonValues } from './json-values.ts'
import type { LineOf } from './yaml-documents.ts'

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
  const parsed = await Promise.all(texts.map(({ file, text }) => parseManifests(file, text)))
  const faults = found.flatMap(result => ('fault' in result ? [result.fault] : []))
  const manifests: Manifest[] = []
  for (const result of parsed) {
    if (result.ok) manifests.push(...result.manifests)
    else faults.push(...result.faults)
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, manifests }
}

/** Takes the text of one file apart. JSON is YAML too, and far sooner read as what it is. */
export async function parseManifests(file: string, text: string): Promise<ReadManifests> {
  const values = readJsonValues(text)
  if (values !== undefined) {
    return { ok: true, manifests: values.flatMap(value => objectsIn(file, value, () => undefined)) }
  }
  const { readYamlDocuments } = await import('./yaml-documents.ts')
  const { documents, faults } = readYamlDocuments(text)
  if (faults.length > 0) return { ok: false, faults: faults.map(fault => `${file}${fault}`) }
  return { ok: true, manifests: documents.flatMap(({ value, lineOf }) => objectsIn(file, value, lineOf)) }
}

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
