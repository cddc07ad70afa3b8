import { get, getString, strings } from '../kube/untyped.ts'
import type { DockerConfigLimits } from '../kubelet/docker-config-limits.ts'
import { ANNOTATIONS_READ, DATA_KEYS, type LargeSecret, readSecret, type SecretReading } from '../kubelet/secret.ts'
import type { Namespace, ServiceAccount } from '../policy/known.ts'
import { readNamespace } from '../review/namespace.ts'

const NONE: readonly string[] = Object.freeze([])
/** Keys of annotations of a ServiceAccount that are kept. */
const MAX_ACCOUNT_ANNOTATIONS = 100
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
    references: references.length === 0 ? NONE : references,
    enforcesMountable: TRUE.has(get(object, 'metadata', 'annotations', 'kubernetes.io/enforce-mountable-secrets')),
    annotations: keysOf(get(object, 'metadata', 'annotations')),
  }
}

function keysOf(annotations: unknown): readonly string[] | undefined {
  const keys = Object.keys(strings(annotations))
  if (keys.length === 0) return NONE
  return keys.length > MAX_ACCOUNT_ANNOTATIONS ? undefined : keys
}

/**
 * What is kept of the metadata of a Secret of a pull-secret type, which is its name alone: its annotations may hold a copy
 * of the whole Secret, if `kubectl apply` wrote it.
 */
export function stripSecretMetadata(_: unknown, name: string): SecretReading {
  return { kind: 'unread', name }
}

/**
 * What is kept of a Secret as the API sends it: how the kubelet would read it, and no byte of its contents. What nobody asks
 * about is not looked at: there may be tens of thousands of annotations and keys.
 */
export function stripSecret(object: unknown, name: string, limits: DockerConfigLimits): SecretReading | LargeSecret {
  const secret = {
    metadata: { name, annotations: stringsAt(get(object, 'metadata', 'annotations'), ANNOTATIONS_READ) },
    type: getString(object, 'type') ?? '',
    data: stringsAt(get(object, 'data'), DATA_KEYS),
  }
  return readSecret(secret, limits)
}

function stringsAt(object: unknown, keys: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {}
  for (const key of keys) {
    const text = getString(object, key)
    if (text !== undefined) found[key] = text
  }
  return found
}
