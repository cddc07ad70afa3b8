import { get, getString } from '../kube/untyped.ts'
import { type Fault, type Found, formatFault, type Manifest, type Other, type PlaceOf } from './found.ts'
import { readJsonValues } from './json-values.ts'
import { isKustomization, recogniseOther } from './other.ts'
import { textsAt } from './texts.ts'
import type { YamlDocument } from './yaml-documents.ts'

export type ReadManifests =
  | { readonly ok: true; readonly manifests: readonly Manifest[] }
  | { readonly ok: false; readonly faults: readonly string[] }

/** Faults of a file, after which it is read no further. */
const MAX_FAULTS = 100
/** Lists in one another: kubectl writes one, and tools that put lists together a few. */
const MAX_NESTED_LISTS = 10

/**
 * Finds what is in a file, in every `.yaml`, `.yml` and `.json` file below a folder (in the order of their paths), or in
 * a stream for `-`: one text, and one document of it, at a time.
 *
 * Several documents in a file and lists of objects are taken apart. A fault keeps nothing else from being read.
 *
 * @param isExcluded says which files below a folder are left out
 * @param onText is given each text before what is in it
 */
export async function* findManifests(
  paths: readonly string[],
  stdin: AsyncIterable<Uint8Array | string>,
  isExcluded?: (path: string) => boolean,
  onText?: (file: string, text: string) => Promise<void>,
): AsyncGenerator<Found, void> {
  for (const path of paths) {
    for await (const found of textsAt(path, stdin, isExcluded)) {
      if ('text' in found) {
        await onText?.(found.file, found.text)
        yield* findInText(found.file, found.text)
      } else yield found
    }
  }
}

/** Takes the text of one file apart. */
export async function* findInText(file: string, text: string): AsyncGenerator<Found, void> {
  let faults = 0
  let isEmpty = true
  for await (const found of objectsOf(file, readDocuments(text))) {
    if ('other' in found && found.other === 'empty') continue
    isEmpty = false
    yield found
    if (!('fault' in found)) continue
    faults += 1
    if (faults < MAX_FAULTS) continue
    yield { fault: { file, message: `it has ${MAX_FAULTS} errors so far, and is read no further` } }
    return
  }
  if (isEmpty) yield { file, other: 'empty' }
}

/** Reads manifests of which every one has to be in order. */
export async function readManifests(
  paths: readonly string[],
  stdin: AsyncIterable<Uint8Array | string> = process.stdin,
): Promise<ReadManifests> {
  return await collect(findManifests(paths, stdin))
}

/** As {@link readManifests}, of the text of one file. */
export async function parseManifests(file: string, text: string): Promise<ReadManifests> {
  return await collect(findInText(file, text))
}

async function collect(all: AsyncIterable<Found>): Promise<ReadManifests> {
  const manifests: Manifest[] = []
  const faults: Fault[] = []
  for await (const found of all) {
    if ('fault' in found) faults.push(found.fault)
    else if (!('other' in found)) {
      const { placeOf: _, ...manifest } = found
      manifests.push(manifest)
    } else if (found.other === 'chart')
      faults.push({ file: found.file, message: 'this is a Helm chart; render it first' })
  }
  return faults.length > 0 ? { ok: false, faults: faults.map(formatFault) } : { ok: true, manifests }
}

/** Reads the documents of a text. JSON is YAML too, and far sooner read as what it is. */
export async function* readDocuments(text: string): AsyncGenerator<YamlDocument, void> {
  const values = readJsonValues(text)
  if (values === undefined) {
    const { readYaml } = await import('./yaml.ts')
    yield* readYaml(text)
  } else for (const value of values) yield { value, placeOf: () => undefined }
}

async function* objectsOf(file: string, documents: AsyncIterable<YamlDocument>): AsyncGenerator<Found, void> {
  for await (const document of documents) {
    if ('fault' in document) yield { fault: { file, ...document.fault } }
    else yield* objectsIn({ file, ...document, path: [] })
  }
}

/** A value of a document, and where it stands. */
interface Part {
  readonly file: string
  readonly value: unknown
  readonly placeOf: PlaceOf
  readonly source?: string
  readonly path: readonly (string | number)[]
}

/** An object, or those that a `List` holds (`kubectl get -o yaml` writes one, and typed lists exist as well). */
function* objectsIn(part: Part): Generator<Found, void> {
  const { file, value, path } = part
  const object: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value))
      : {}
  const { apiVersion, kind, items } = object
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    if (path.length === 0) yield otherOf(file, value, object)
    return
  }
  if (!kind.endsWith('List') || !Array.isArray(items)) {
    if (isKustomization(file, apiVersion)) yield otherKustomization(file, object)
    else yield manifestOf(part, apiVersion, kind, object)
    return
  }
  // A path has two parts for each list.
  if (path.length >= 2 * MAX_NESTED_LISTS) {
    const message = `more than ${MAX_NESTED_LISTS} lists are in one another; write them out`
    yield { fault: { file, ...part.placeOf(path), message } }
    return
  }
  if (items.length === 0 && path.length === 0) yield { file, other: 'emptyList' }
  const itemKind = kind.slice(0, -'List'.length)
  for (const [i, item] of items.entries()) {
    const typed = itemKind === '' ? item : { apiVersion, kind: itemKind, ...(typeof item === 'object' ? item : {}) }
    yield* objectsIn({ ...part, value: typed, path: [...path, 'items', i] })
  }
}

/** What is no Kubernetes object; a kustomization need not say what it is. */
function otherOf(file: string, value: unknown, object: Manifest['object']): Other {
  const other = recogniseOther(file, value)
  return other === 'kustomization' ? otherKustomization(file, object) : { file, other }
}

function otherKustomization(file: string, object: Manifest['object']): Other {
  const kustomization = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', object }
  return { file, other: 'kustomization', kustomization }
}

function manifestOf(part: Part, apiVersion: string, kind: string, object: Manifest['object']): Manifest {
  const { file, placeOf, path } = part
  const source = originOf(object) ?? part.source
  return {
    file,
    ...placeOf(path),
    ...(source !== undefined && { source }),
    apiVersion,
    kind,
    object,
    placeOf: below => placeOf([...path, ...below]),
  }
}

/** kustomize writes where an object is from, if it is asked to (`buildMetadata: [originAnnotations]`). */
function originOf(object: unknown): string | undefined {
  const annotations = get(object, 'metadata', 'annotations')
  return /^path: (\S.*)$/m.exec(getString(annotations, 'config.kubernetes.io/origin') ?? '')?.[1]
}
