import type { KindPath } from '../policy/settings.ts'
import { writeFault } from './schema.ts'

const BUILT_IN: readonly KindPath[] = [
  { group: 'apps', kind: 'Deployment', path: '/spec/template' },
  { group: 'apps', kind: 'StatefulSet', path: '/spec/template' },
  { group: 'apps', kind: 'DaemonSet', path: '/spec/template' },
  { group: 'apps', kind: 'ReplicaSet', path: '/spec/template' },
  { group: '', kind: 'ReplicationController', path: '/spec/template' },
  { group: 'batch', kind: 'Job', path: '/spec/template' },
  { group: 'batch', kind: 'CronJob', path: '/spec/jobTemplate/spec/template' },
  { group: '', kind: 'PodTemplate', path: '/template' },
]

/** Where objects of this kind keep their Pod templates: most have one, some several, and most kinds none. */
export function templatesOf(group: string, kind: string, further: readonly KindPath[] = []): readonly KindPath[] {
  return [...BUILT_IN, ...further].filter(known => known.group === group && known.kind === kind)
}

/** The fields on the way to the Pod template of any kind. */
export function templateFields(further: readonly KindPath[]): string[] {
  return [...BUILT_IN, ...further].flatMap(({ path }) => partsOf(path))
}

/** A value in an object, and the keys that lead to it. */
export interface FoundValue {
  readonly path: readonly string[]
  readonly value: unknown
}

/** Values that a path with stars may lead to: no object that means well has more templates. */
const MAX_FOUND_VALUES = 1000

/**
 * The values at a JSON pointer (RFC 6901), in which a part `*` stands for every item of a list or every value of a mapping. None
 * where the path leads nowhere, and a fault where something else than an object stands in the way.
 */
export function findAt(
  object: unknown,
  pointer: string,
): { readonly found: FoundValue[] } | { readonly fault: string } {
  let found: FoundValue[] = [{ path: [], value: object }]
  for (const part of partsOf(pointer)) {
    const next: FoundValue[] = []
    for (const { path, value } of found) {
      if (value === undefined || value === null) continue
      const entries = entriesOf(value, part)
      if (entries === undefined) {
        return { fault: writeFault(pointerTo(path), 'must be object') }
      }
      for (const [key, below] of entries) next.push({ path: [...path, key], value: below })
    }
    found = next.slice(0, MAX_FOUND_VALUES)
  }
  return { found: found.filter(({ value }) => value !== undefined && value !== null) }
}

/** What a part of a path leads to; undefined where nothing can be below such a value. */
function entriesOf(value: unknown, part: string): readonly (readonly [string, unknown])[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (part === '*') return Object.entries(value)
  if (Array.isArray(value) && !/^\d+$/.test(part)) return undefined
  return Object.hasOwn(value, part) ? [[part, Reflect.get(value, part)]] : []
}

/** The JSON pointer that leads along these keys. */
export function pointerTo(path: readonly string[]): string {
  return `/${path.map(key => key.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`
}

/** The keys that a JSON pointer leads along. */
function partsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Whether a value is the spec of a Pod, which some kinds have where others have a template. */
export function isPodSpec(value: unknown): boolean {
  return isObject(value) && Array.isArray(value['containers']) && !Object.hasOwn(value, 'spec')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
