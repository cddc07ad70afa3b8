import { getString } from '../kube/untyped.ts'

/** Labels that say what an object is a part of, the first of which counts: Helm's, Argo CD's, and what Kubernetes recommends. */
const APPLICATION_LABELS = ['app.kubernetes.io/instance', 'argocd.argoproj.io/instance', 'app.kubernetes.io/part-of']

/** The application that an object says it belongs to, by its labels; undefined where it does not say. */
export function applicationOf(object: unknown): string | undefined {
  for (const label of APPLICATION_LABELS) {
    const value = getString(object, 'metadata', 'labels', label)
    if (value !== undefined && value !== '') return `${label}=${value}`
  }
  return undefined
}
