import { type DockerConfigFault, type DockerConfigFormat, parseDockerConfig } from './docker-config.ts'
import { type DockerConfigLimits, TOO_LARGE } from './docker-config-limits.ts'
import type { Entry } from './entry.ts'
import { decodeBase64 } from './go/base64.ts'

/** The two types of which the kubelet uses a Secret. */
export const DOCKER_CONFIG_JSON_TYPE = 'kubernetes.io/dockerconfigjson'
export const DOCKERCFG_TYPE = 'kubernetes.io/dockercfg'

/** Whether a Secret of this type is one that the kubelet uses. */
export function isPullSecretType(
  type: string | null | undefined,
): type is typeof DOCKER_CONFIG_JSON_TYPE | typeof DOCKERCFG_TYPE {
  return type === DOCKER_CONFIG_JSON_TYPE || type === DOCKERCFG_TYPE
}

/**
 * What the kubelet would make of one Secret that a Pod names as a pull secret.
 *
 * No password is in here: a reading is long-lived and may be logged.
 */
export type SecretReading = PullSecret | MalformedSecret | WrongTypeSecret | UnreadSecret

/** A Secret that the kubelet reads without an error. It may still hold no usable entry. */
export interface PullSecret {
  readonly kind: 'pullSecret'
  readonly name: string
  /** In no particular order; the keyring orders them. */
  readonly entries: readonly Entry[]
  /** The credential store or helper that the docker config names and the kubelet ignores, e.g. `desktop`. */
  readonly store?: string
  /** Made by the cluster for a ServiceAccount (OpenShift does), so never ours to hand to other Pods. */
  readonly generated: boolean
}

/** A Secret of a pull-secret type on which the kubelet's parser fails, and with it the whole keyring of the Pod. */
interface MalformedSecret {
  readonly kind: 'malformed'
  readonly name: string
  /** A fixed short phrase, e.g. `auth is not base64`; never a byte of the content. */
  readonly reason: SecretFault
}

/** The API server refuses a Secret with data that is not base64, so only a manifest can hold the second kind. */
export type SecretFault = DockerConfigFault | 'its data is not base64'

/** A Secret that the kubelet skips in silence: its type or its key is not that of a pull secret. */
interface WrongTypeSecret {
  readonly kind: 'wrongType'
  readonly name: string
  /** Absent where only the metadata was read. */
  readonly type?: string
}

/**
 * A Secret of a pull-secret type of which nobody can say what it holds: nothing but the metadata was received, or it is empty until a
 * controller fills it.
 */
interface UnreadSecret {
  readonly kind: 'unread'
  readonly name: string
}

/** A pull secret that was not read, because it has more than was asked for. */
export interface LargeSecret {
  readonly kind: 'large'
  readonly name: string
}

/** A Secret as the API has it, as far as it is read: `data` in base64. */
export interface SecretObject {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, unknown>> | undefined }
  readonly type?: string | undefined
  readonly data?: Readonly<Record<string, string>> | undefined
}

/**
 * Reads a Secret as the kubelet does when it makes a keyring.
 *
 * | type                             | data                           | reading                 |
 * | -------------------------------- | ------------------------------ | ----------------------- |
 * | `kubernetes.io/dockerconfigjson` | `.dockerconfigjson`, not empty | pullSecret or malformed |
 * | `kubernetes.io/dockercfg`        | `.dockercfg`, not empty        | pullSecret or malformed |
 * | anything else                    |                                | wrongType               |
 * | one of the two                   | nothing yet: {@link COPIERS}   | unread                  |
 *
 * @see k8s.io/kubernetes/pkg/credentialprovider/secrets, MakeDockerKeyring
 */
export function readSecret(secret: SecretObject): SecretReading
export function readSecret(secret: SecretObject, limits: DockerConfigLimits): SecretReading | LargeSecret
export function readSecret(
  { metadata, type = 'Opaque', data }: SecretObject,
  limits?: DockerConfigLimits,
): SecretReading | LargeSecret {
  const { name, annotations = {} } = metadata
  const format = FORMATS.get(type)
  const encoded = format === undefined ? undefined : data?.[`.${format}`]
  const content = encoded === undefined ? '' : decodeBase64(encoded)
  if (content === undefined) return { kind: 'malformed', name, reason: 'its data is not base64' }
  if (format === undefined) return { kind: 'wrongType', name, type }
  const isToBeFilled = hasAny(annotations, COPIERS)
  if (content === '') return isToBeFilled ? { kind: 'unread', name } : { kind: 'wrongType', name, type }

  const config = limits === undefined ? parseDockerConfig(format, content) : parseDockerConfig(format, content, limits)
  if (config === TOO_LARGE) return { kind: 'large', name }
  if (!config.ok) return { kind: 'malformed', name, reason: config.reason }
  const { entries, store } = config
  if (isToBeFilled && entries.length === 0 && store === undefined) return { kind: 'unread', name }
  const generated = hasAny(annotations, GENERATED_BY)
  return { kind: 'pullSecret', name, entries, generated, ...(store !== undefined && { store }) }
}

function hasAny(annotations: Readonly<Record<string, unknown>>, keys: readonly string[]): boolean {
  return keys.some(key => Object.hasOwn(annotations, key))
}

/** What is left of a Secret where only metadata may be known: whether it is of a pull-secret type. */
export function withoutContents(reading: SecretReading): SecretReading {
  const { kind, name } = reading
  const isOther = kind === 'wrongType' && !isPullSecretType(reading.type)
  return isOther ? { kind, name } : { kind: 'unread', name }
}

/** The keys of `data` that are read. */
export const DATA_KEYS = ['.dockerconfigjson', '.dockercfg']

const FORMATS: ReadonlyMap<string, DockerConfigFormat> = new Map([
  [DOCKER_CONFIG_JSON_TYPE, 'dockerconfigjson'],
  [DOCKERCFG_TYPE, 'dockercfg'],
])

/** Annotations: Kubernetes' own mark, and those of OpenShift's controllers, since 4.16 and of the older ones. */
const GENERATED_BY = [
  'kubernetes.io/service-account.name',
  'openshift.io/internal-registry-auth-token.service-account',
  'openshift.io/token-secret.name',
]

/** Annotations by which a controller is asked to fill a Secret with what another holds: replicator, secretgen and reflector. */
export const COPIERS = [
  'replicator.v1.mittwald.de/replicate-from',
  'secretgen.carvel.dev/image-pull-secret',
  'reflector.v1.k8s.emberstack.com/reflects',
]

/** The annotations of a Secret that are read. */
export const ANNOTATIONS_READ = [...GENERATED_BY, ...COPIERS]
