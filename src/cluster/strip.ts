import { get, getString, strings } from '../kube/untyped.ts'
import { readSecret, type SecretReading } from '../kubelet/secret.ts'
import type { Namespace, ServiceAccount } from '../policy/known.ts'
import { readNamespace } from '../review/namespace.ts'

const NO_REFERENCES: readonly string[] = Object.freeze([])
/** What Go's strconv.ParseBool takes for true, with which the API server reads the annotation. */
const TRUE = new Set<unknown>(['1', 't', 'T', 'TRUE', 'true', 'True'])

/** What is kept of a Namespace as the API sends it; what has another type than it should have counts as not there. */
export function stripNamespace(object: unknown, name: string): Namespace {
  const labels = strings(get(object, 'metadata', 'labels'))
  const annotations = strings(get(object, 'metadata', 'annotations'))
  return readNamespace(name, { labels, annotations })
}

/**
 * What is kept of a ServiceAccount as the API sends it; what has another type than it should have counts as not there.
 *
 * @see k8s.io/kubernetes/plugin/pkg/admission/serviceaccount, enforceMountableSecrets
 */
export function stripServiceAccount(object: unknown, name: string): ServiceAccount {
  const listed = get(object, 'imagePullSecrets')
  const references = Array.isArray(listed) ? listed.map(item => getString(item, 'name') ?? '').filter(Boolean) : []
  return {
    name,
    references: references.length === 0 ? NO_REFERENCES : references,
    enforcesMountable: TRUE.has(get(object, 'metadata', 'annotations', 'kubernetes.io/enforce-mountable-secrets')),
  }
}

/**
 * What is kept of the metadata of a Secret of a pull-secret type, which is its name alone: its annotations may hold a copy
 * of the whole Secret, if `kubectl apply` wrote it.
 */
export function stripSecretMetadata(_: unknown, name: string): SecretReading {
  return { kind: 'unread', name }
}

/** What is kept of a Secret as the API sends it: how the kubelet would read it, and no byte of its contents. */
export function stripSecret(object: unknown, name: string): SecretReading {
  return readSecret({
    metadata: { name, annotations: strings(get(object, 'metadata', 'annotations')) },
    type: getString(object, 'type') ?? '',
    data: strings(get(object, 'data')),
  })
}
