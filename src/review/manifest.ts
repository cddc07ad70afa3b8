import type { KindPath } from '../policy/settings.ts'
import { isFromCluster } from './home.ts'
import type { Subject } from './review.ts'
import { checkSecret, type SecretFields } from './schema.ts'
import { readIgnored, readSecretObject } from './secret.ts'
import { readSubject } from './subject.ts'
import { findAt, isPodSpec, pointerTo, templatesOf } from './workload.ts'

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
  templates: readonly KindPath[],
  isMeantAsPullSecret: (secret: unknown) => boolean = () => false,
): ManifestSubject {
  const slash = apiVersion.indexOf('/')
  const group = groupOf(apiVersion)
  const version = apiVersion.slice(slash + 1)
  const isCore = group === '' && ['Pod', 'Secret', 'Namespace'].includes(kind)
  if (!isCore && templatesOf(group, kind, templates).length === 0) {
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
  // It has been read as a Secret of another type, so there is no fault.
  const { value } = checkSecret(object) as { readonly value: SecretFields }
  const reading = readSecretObject(value)
  const isFile = !isFromCluster(value.metadata)
  return reading === undefined
    ? { about: 'nothing' }
    : { about: 'secret', isFile, tool: undefined, reading, ignored: readIgnored(value) }
}

/** Where an object has a Pod spec. */
interface SpecPlace {
  readonly specPath: readonly string[]
  /** The one template that it is in; none where the kind is Kubernetes' own, whose templates everybody knows. */
  readonly templates: readonly KindPath[]
}

/** Where a manifest has Pod specs, and whether its kind is Kubernetes' own. */
export interface SpecPlaces {
  readonly isBuiltIn: boolean
  /** Whether its kind has a Pod spec at all. */
  readonly isWorkload: boolean
  readonly specs: readonly SpecPlace[]
}

/** Finds the Pod specs of a manifest: several where its kind has several templates, none where no path leads to one. */
export function findSpecs(
  { apiVersion, kind, object }: { readonly apiVersion: string; readonly kind: string; readonly object: unknown },
  templates: readonly KindPath[],
): SpecPlaces {
  const group = groupOf(apiVersion)
  if (group === '' && kind === 'Pod') {
    return { isBuiltIn: true, isWorkload: true, specs: [{ specPath: ['spec'], templates: [] }] }
  }
  const builtIn = templatesOf(group, kind)
  const kinds = builtIn.length > 0 ? builtIn : templatesOf(group, kind, templates)
  const isBuiltIn = builtIn.length > 0
  const specs = kinds.flatMap(({ path: pointer }): SpecPlace[] => {
    const result = findAt(object, pointer)
    // What stands in the way is told of where the object is read.
    if ('fault' in result) return [{ specPath: [], templates: isBuiltIn ? [] : [{ group, kind, path: pointer }] }]
    return result.found.map(({ path, value }) => {
      const template = { group, kind, path: pointerTo(path) }
      return { specPath: isPodSpec(value) ? path : [...path, 'spec'], templates: isBuiltIn ? [] : [template] }
    })
  })
  return { isBuiltIn, isWorkload: kinds.length > 0, specs }
}

/** The API group of an object, empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash === -1 ? '' : apiVersion.slice(0, slash)
}
