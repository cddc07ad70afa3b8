import { readJsonValues } from './json-values.ts'
import { textsAt } from './texts.ts'
import type { LineOf, YamlDocument } from './yaml-documents.ts'

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

/** Faults of a file, after which it is read no further. */
const MAX_FAULTS = 100
/** Lists in one another: kubectl writes one, and tools that put lists together a few. */
const MAX_NESTED_LISTS = 10

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
  const manifests: Manifest[][] = []
  const faults: string[] = []
  for (const path of paths) {
    // One text at a time, so that no more than one is held.
    for await (const found of textsAt(path, stdin)) {
      const result =
        'fault' in found
          ? ({ ok: false, faults: [found.fault] } as const)
          : await parseManifests(found.file, found.text)
      if (result.ok) manifests.push([...result.manifests])
      else for (const fault of result.faults) faults.push(fault)
    }
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, manifests: manifests.flat() }
}

/** Takes the text of one file apart. */
export async function parseManifests(file: string, text: string): Promise<ReadManifests> {
  const manifests: Manifest[] = []
  const faults: string[] = []
  for (const found of objectsOf(file, await documentsOf(text))) {
    if (!('fault' in found)) manifests.push(found)
    else faults.push(`${file}${found.fault}`)
    if (faults.length < MAX_FAULTS) continue
    faults.push(`${file}: it has ${MAX_FAULTS} errors so far, and is read no further`)
    break
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, manifests }
}

/** JSON is YAML too, and far sooner read as what it is. */
async function documentsOf(text: string): Promise<Iterable<YamlDocument>> {
  const values = readJsonValues(text)
  if (values !== undefined) return values.map(value => ({ value, lineOf: () => undefined }))
  const { readYamlDocuments } = await import('./yaml-documents.ts')
  return readYamlDocuments(text)
}

function* objectsOf(
  file: string,
  documents: Iterable<YamlDocument>,
): Generator<Manifest | { readonly fault: string }, void> {
  for (const document of documents) {
    if ('fault' in document) yield document
    else yield* objectsIn(file, document.value, document.lineOf)
  }
}

/** An object, or those that a `List` holds (`kubectl get -o yaml` writes one, and typed lists exist as well). */
function* objectsIn(
  file: string,
  value: unknown,
  lineOf: LineOf,
  path: readonly (string | number)[] = [],
): Generator<Manifest | { readonly fault: string }, void> {
  if (typeof value !== 'object' || value === null) return
  const object = Object.fromEntries(Object.entries(value))
  const { apiVersion, kind, items } = object
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return
  const line = lineOf(path)
  if (!kind.endsWith('List') || !Array.isArray(items)) {
    yield { file, ...(line === undefined ? {} : { line }), apiVersion, kind, object }
    return
  }
  // A path has two parts for each list.
  if (path.length >= 2 * MAX_NESTED_LISTS) {
    yield {
      fault: `${line === undefined ? '' : `:${line}`}: more than ${MAX_NESTED_LISTS} lists are in one another; write them out`,
    }
    return
  }
  const itemKind = kind.slice(0, -'List'.length)
  for (const [i, item] of items.entries()) {
    const typed = itemKind === '' ? item : { apiVersion, kind: itemKind, ...(typeof item === 'object' ? item : {}) }
    yield* objectsIn(file, typed, lineOf, [...path, 'items', i])
  }
}
