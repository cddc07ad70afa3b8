import { listIn, POD_LIST, readHome } from '../review/home.ts'
import { groupOf } from '../review/manifest.ts'
import { readPod } from '../review/pod.ts'
import type { PodSubject } from '../review/review.ts'
import { checkObject, checkPod } from '../review/schema.ts'
import { findAt, templatesOf } from '../review/workload.ts'

/** An object of a cluster, as its API sends it. */
export interface ClusterObject {
  readonly apiVersion: string
  readonly kind: string
  readonly object: unknown
}

/** The Pod that an object is, or makes; or what is wrong with the object. */
export type PodToAsk = { readonly ok: true; readonly pod: PodSubject } | { readonly ok: false; readonly fault: string }

/**
 * The Pod of whom it is asked what it can pull.
 *
 * | the object        | its pull secrets                                                    |
 * | ----------------- | ------------------------------------------------------------------- |
 * | a Pod             | those that it has: the API server has added what was to be added     |
 * | has a template    | those of the template, or else those of its ServiceAccount           |
 * | a ServiceAccount  | its own: {@link podOf}                                               |
 */
export function podIn({ apiVersion, kind, object }: ClusterObject): PodToAsk {
  const checked = checkObject(object)
  if ('fault' in checked) return { ok: false, fault: checked.fault }
  const metadata = checked.value.metadata ?? {}
  const group = groupOf(apiVersion)
  const [template] = templatesOf(group, kind)
  const result = template === undefined ? { found: [{ value: object }] } : findAt(object, template.path)
  if ('fault' in result) return { ok: false, fault: result.fault }
  const pod = checkPod(result.found[0]?.value ?? {})
  if ('fault' in pod) return { ok: false, fault: pod.fault }
  const list = template === undefined ? POD_LIST : listIn(template.path)
  const [about, form] = template === undefined ? (['pod', 'stored'] as const) : (['template', 'written'] as const)
  const subject = readPod(pod.value.metadata ?? {}, pod.value.spec ?? {}, about, form, 'create')
  return { ok: true, pod: { ...subject, home: readHome(metadata, { group, kind }, list, 'stored') } }
}

/** A Pod that names nothing but its ServiceAccount. */
export function podOf(account: string): PodSubject {
  const pod = readPod({}, { serviceAccountName: account }, 'pod', 'written', 'create')
  return { ...pod, home: readHome({}, { group: '', kind: 'Pod' }, POD_LIST, 'stored') }
}

/** The same Pod with this image in the place of its own. */
export function withImage(pod: PodSubject, image: string): PodSubject {
  return { ...pod, images: [{ container: '', image, pulled: true }] }
}

/** The same Pod with these pull secrets in the place of its own and its ServiceAccount's. */
export function withSecrets(pod: PodSubject, references: readonly string[]): PodSubject {
  return { ...pod, form: 'stored', written: new Set(references), hasList: true, references }
}
