/** What the tests know of Kubernetes objects by themselves: nothing here asks the product. */
export type Json = Readonly<Record<string, unknown>>

/** An object of the corpus. */
export interface CorpusObject {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly namespace: string
  readonly object: Json
  /** Of a Pod, or those that the object would make. */
  readonly pods: readonly CorpusPod[]
}

/** A Pod spec in an object, and the metadata beside it. */
export interface CorpusPod {
  readonly metadata: Json
  readonly spec: Json
  readonly images: readonly string[]
  readonly references: readonly string[]
  readonly account: string
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Takes a manifest for an object that is created.
 *
 * @param fallback the namespace of an object that names none
 */
export function describe(manifest: { apiVersion: string; kind: string; object: Json }, fallback: string): CorpusObject {
  const metadata = child(manifest.object, 'metadata')
  const { apiVersion, kind, object } = manifest
  const namespace = text(metadata, 'namespace') || fallback
  const name = text(metadata, 'name') || text(metadata, 'generateName')
  return { apiVersion, kind, name, namespace, object, pods: kind === 'Pod' ? [podOf(object)] : podsIn(object) }
}

/** Every Pod template anywhere in an object: what has a spec with containers. */
function podsIn(value: unknown): CorpusPod[] {
  if (Array.isArray(value)) return value.flatMap(podsIn)
  if (!isObject(value)) return []
  if (Array.isArray(child(value, 'spec')['containers'])) return [podOf(value)]
  return Object.values(value).flatMap(podsIn)
}

function podOf(pod: Json): CorpusPod {
  const spec = child(pod, 'spec')
  const containers = [...items(spec['initContainers']), ...items(spec['containers'])]
  const volumes = items(spec['volumes']).map(volume => text(child(volume, 'image'), 'reference'))
  return {
    metadata: child(pod, 'metadata'),
    spec,
    images: [...containers.map(container => text(container, 'image')), ...volumes].filter(image => image !== ''),
    references: namesIn(spec['imagePullSecrets']),
    account: text(spec, 'serviceAccountName') || 'default',
  }
}

/** The names of a list of references. */
export function namesIn(list: unknown): string[] {
  return items(list).map(reference => text(reference, 'name'))
}

export function child(value: Json, key: string): Json {
  const found = value[key]
  return isObject(found) ? found : {}
}

function items(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function text(value: Json, key: string): string {
  const found = value[key]
  return typeof found === 'string' ? found : ''
}
