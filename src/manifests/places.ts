import { get, getItems, getString } from '../kube/untyped.ts'
import { DATA_KEYS } from '../kubelet/secret.ts'
import type { Manifest, Place } from './found.ts'

/** Where a name stands that a finding may be about. */
export interface NamedPlace extends Place {
  /** As {@link secretPlace} or {@link imagePlace} writes it. */
  readonly of: string
}

/** Names of an object whose places are looked up: nobody reads of more. */
const MAX_PLACES = 1000

export function secretPlace(name: string): string {
  return `secret ${name}`
}

export function imagePlace(container: string, image: string): string {
  return `image ${container} ${image}`
}

/** The places by what stands there. A list is kept of each object, since a map takes three times the memory. */
export function byName(places: readonly NamedPlace[]): ReadonlyMap<string, Place> {
  return new Map(places.map(({ of, line, column }) => [of, { line, column }]))
}

/**
 * Finds the places of the names in a Pod spec, and of what a Secret or a Namespace may have wrong with it, each name once.
 *
 * @param specPath the path of the Pod spec; undefined for an object without one
 */
export function findPlaces(manifest: Manifest, specPath: readonly string[] | undefined): readonly NamedPlace[] {
  const places: NamedPlace[] = []
  const names = new Set<string>()
  const { object, placeOf } = manifest
  const note = (key: string, path: readonly (string | number)[]) => {
    const place = names.size < MAX_PLACES && !names.has(key) ? placeOf?.(path) : undefined
    if (place === undefined) return
    names.add(key)
    places.push({ of: key, ...place })
  }
  if (specPath !== undefined) notePodSpec(get(object, ...specPath), specPath, note)
  else if (manifest.kind === 'Secret') {
    const key = secretPlace(getString(object, 'metadata', 'name') ?? '')
    for (const data of ['stringData', 'data']) for (const name of DATA_KEYS) note(key, [data, name])
    note(key, ['type'])
  }
  return places
}

function notePodSpec(
  spec: unknown,
  at: readonly string[],
  note: (key: string, path: readonly (string | number)[]) => void,
): void {
  getItems(spec, 'imagePullSecrets').forEach((item, i) => {
    const name = getString(item, 'name')
    if (name !== undefined) note(secretPlace(name), [...at, 'imagePullSecrets', i, 'name'])
  })
  for (const list of ['initContainers', 'containers', 'ephemeralContainers']) {
    getItems(spec, list).forEach((container, i) => {
      const image = getString(container, 'image')
      if (image !== undefined) note(imagePlace(getString(container, 'name') ?? '', image), [...at, list, i, 'image'])
    })
  }
  getItems(spec, 'volumes').forEach((volume, i) => {
    const image = getString(volume, 'image', 'reference')
    if (image !== undefined)
      note(imagePlace(getString(volume, 'name') ?? '', image), [...at, 'volumes', i, 'image', 'reference'])
  })
}
