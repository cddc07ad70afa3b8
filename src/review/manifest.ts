import type { Template } from '../policy/settings.ts'
import type { Subject } from './review.ts'
import { checkSecret } from './schema.ts'
import { readIgnored, readSecretObject } from './secret.ts'
import { readSubject } from './subject.ts'
import { partsOf, templateKind } from './workload.ts'

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
 * @param isMeantAsPullSecret of a Secret of another type, whether its author seems to have meant one: when it is made is the
 *   moment to say so
 */
export function readManifestSubject(
  { apiVersion, kind, object }: { readonly apiVersion: string; readonly kind: string; readonly object: unknown },
  fallback: string,
  templates: readonly Template[],
  isMeantAsPullSecret: (secret: unknown) => boolean = () => false,
): ManifestSubject {
  const slash = apiVersion.indexOf('/')
  const group = groupOf(apiVersion)
  const version = apiVersion.slice(slash + 1)
  const isCore = group === '' && ['Pod', 'Secret', 'Namespace'].includes(kind)
  if (!isCore && templateKind(group, kind, templates) === undefined) {
    return { name: '', namespace: '', subject: { about: 'nothing' } }
  }
  const request = { uid: 'manifest', kind: { group, version, kind }, operation: 'CREATE', object }
  const { name, namespace, subject: own } = readSubject(request, 'written', templates)
  const isOther = group === '' && kind === 'Secret' && own.about === 'nothing'
  const subject = isOther && isMeantAsPullSecret(object) ? readOtherSecret(object) : own
  return { name, namespace: kind === 'Namespace' ? '' : namespace || fallback, subject }
}

/** A Secret that holds a docker config, whatever its type is. */
function readOtherSecret(object: unknown): Subject {
  const checked = checkSecret(object)
  const reading = 'fault' in checked ? undefined : readSecretObject(checked.value)
  if ('fault' in checked || reading === undefined) return { about: 'nothing' }
  return { about: 'secret', reading, ignored: readIgnored(checked.value) }
}

/** Where an object of a kind has a Pod spec, and whether the kind is Kubernetes' own. */
export function specPathOf(
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  templates: readonly Template[],
): { readonly specPath: readonly string[] | undefined; readonly isBuiltIn: boolean } {
  const group = groupOf(apiVersion)
  if (group === '' && kind === 'Pod') return { specPath: ['spec'], isBuiltIn: true }
  const builtIn = templateKind(group, kind)
  const template = builtIn ?? templateKind(group, kind, templates)
  const specPath = template && [...partsOf(template.path), 'spec']
  return { specPath, isBuiltIn: builtIn !== undefined }
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash === -1 ? '' : apiVersion.slice(0, slash)
}
