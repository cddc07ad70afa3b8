import type { LargeSecret, SecretReading } from '../../kubelet/secret.ts'
import type { Namespace, ServiceAccount } from '../../policy/known.ts'
import type { RoomLimits } from './cache-room.ts'

/** What is held of one namespace at most: 10,000 ordinary pull secrets, and a hundred with 250 registries each. */
const MAX_NAMESPACE_SECRET_BYTES = 16 * 1024 * 1024
/** What is held of all: 100,000 pull secrets with three registries each. */
const MAX_SECRET_BYTES = 80 * 1024 * 1024
/** What is held of the ServiceAccounts of one namespace. */
const MAX_NAMESPACE_ACCOUNT_BYTES = 4 * 1024 * 1024
/** What is held of all ServiceAccounts. */
const MAX_ACCOUNT_BYTES = 20 * 1024 * 1024
/** Of a Namespace the annotation with names of pull secrets may be long. */
const MAX_NAMESPACE_BYTES = 16 * 1024
/** What is held of all Namespaces. */
const MAX_NAMESPACES_BYTES = 20 * 1024 * 1024

export const secretLimits: RoomLimits = { perNamespace: MAX_NAMESPACE_SECRET_BYTES, total: MAX_SECRET_BYTES }
export const accountLimits: RoomLimits = { perNamespace: MAX_NAMESPACE_ACCOUNT_BYTES, total: MAX_ACCOUNT_BYTES }
export const namespaceLimits: RoomLimits = { perNamespace: MAX_NAMESPACE_BYTES, total: MAX_NAMESPACES_BYTES }

/** What a Secret takes beside its texts; this and the next are measured, as test/cluster/held/cache-limits.test.ts does. */
const SECRET_BYTES = 240
/** What a registry of it takes. */
const ENTRY_BYTES = 80
/** What a name among the references of a ServiceAccount takes, or a key among its annotations. */
const REFERENCE_BYTES = 40

/** A character may take two bytes. */
export function bytesOfSecret(secret: SecretReading | LargeSecret): number {
  if (secret.kind !== 'pullSecret') return SECRET_BYTES
  return secret.entries.reduce((sum, { key }) => sum + ENTRY_BYTES + 2 * key.length, SECRET_BYTES)
}

export function bytesOfAccount({ references, annotations = [] }: ServiceAccount): number {
  return [...references, ...annotations].reduce((sum, name) => sum + REFERENCE_BYTES + 2 * name.length, 0)
}

export function bytesOfNamespace({ mode = '', inject = '', pullSecrets = '' }: Namespace): number {
  return 2 * (mode.length + inject.length + pullSecrets.length)
}
