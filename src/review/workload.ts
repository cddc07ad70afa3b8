import type { Template } from '../policy/settings.ts'
import { writeFault } from './schema.ts'

const BUILT_IN: readonly Template[] = [
  { group: 'apps', kind: 'Deployment', path: '/spec/template' },
  { group: 'apps', kind: 'StatefulSet', path: '/spec/template' },
  { group: 'apps', kind: 'DaemonSet', path: '/spec/template' },
  { group: 'apps', kind: 'ReplicaSet', path: '/spec/template' },
  { group: '', kind: 'ReplicationController', path: '/spec/template' },
  { group: 'batch', kind: 'Job', path: '/spec/template' },
  { group: 'batch', kind: 'CronJob', path: '/spec/jobTemplate/spec/template' },
  { group: '', kind: 'PodTemplate', path: '/template' },
]

/** Where objects of this kind keep their Pod template; undefined for a kind without one. */
export function templateKind(group: string, kind: string, further: readonly Template[] = []): Template | undefined {
  return [...BUILT_IN, ...further].find(known => known.group === group && known.kind === kind)
}

/** The fields on the way to the Pod template of any kind. */
export function templateFields(further: readonly Template[]): string[] {
  return [...BUILT_IN, ...further].flatMap(({ path }) => partsOf(path))
}

/**
 * The value at a JSON pointer (RFC 6901); undefined where the path leads nowhere, and a fault where something else than an
 * object stands in the way.
 */
export function findAt(object: unknown, pointer: string): { readonly value: unknown } | { readonly fault: string } {
  const parts = partsOf(pointer)
  let value = object
  for (const [i, part] of parts.entries()) {
    if (value === undefined || value === null) return { value: undefined }
    if (!isObject(value)) return { fault: writeFault(pointer.split('/', i + 1).join('/'), 'must be object') }
    value = Object.hasOwn(value, part) ? value[part] : undefined
  }
  return { value }
}

/** The keys that a JSON pointer leads along. */
export function partsOf(pointer: string): readonly string[] {
  const parts = pointer.split('/').slice(1)
  return parts.map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
