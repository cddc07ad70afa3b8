import type { Template } from '../policy/settings.ts'
import type { Subject } from './review.ts'
import { readSubject } from './subject.ts'
import { templateKind } from './workload.ts'

/** The part of a manifest that is reviewed; `nothing` for kinds that do not concern us. */
export interface ManifestSubject {
  readonly name: string
  /** Empty for an object that is in no namespace. */
  readonly namespace: string
  readonly subject: Subject
}

/**
 * Reads a manifest as if it were being created, the way its author wrote it.
 *
 * @param fallback the namespace of an object that names none
 */
export function readManifestSubject(
  { apiVersion, kind, object }: { readonly apiVersion: string; readonly kind: string; readonly object: unknown },
  fallback: string,
  templates: readonly Template[],
): ManifestSubject {
  const slash = apiVersion.indexOf('/')
  const group = slash === -1 ? '' : apiVersion.slice(0, slash)
  const version = apiVersion.slice(slash + 1)
  const isCore = group === '' && ['Pod', 'Secret', 'Namespace'].includes(kind)
  if (!isCore && templateKind(group, kind, templates) === undefined) {
    return { name: '', namespace: '', subject: { about: 'nothing' } }
  }
  const request = { uid: 'manifest', kind: { group, version, kind }, operation: 'CREATE', object }
  const { name, namespace, subject } = readSubject(request, 'written', templates)
  return { name, namespace: kind === 'Namespace' ? '' : namespace || fallback, subject }
}
