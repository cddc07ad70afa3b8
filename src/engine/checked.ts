import type { Fault, Manifest, Other, Place } from '../manifests/found.ts'
import type { OwnIgnore } from '../manifests/ignores/own-ignores.ts'
import type { PodCase } from '../policy/facts.ts'
import type { Finding } from '../policy/finding.ts'
import type { ImageUse } from '../policy/image-use.ts'
import type { Plan } from '../policy/plan.ts'
import type { RegistryClass } from '../policy/registries/classifier.ts'

/** An image, and every entry of the references that matches it, in the order in which the kubelet would try them. */
export interface CheckedImage {
  readonly container: string
  readonly image: string
  readonly registryClass: RegistryClass
  readonly credentials: readonly CheckedCredential[]
}

/** An entry that the kubelet would try. */
interface CheckedCredential {
  readonly secret: string
  readonly entry: string
  readonly usable: boolean
  /** Milliseconds since the epoch; absent where the password does not say. */
  readonly expires?: number
}

/** A finding, and the place of what is wrong where that is known better than that of its object. */
export type CheckedFinding = Finding & { readonly place?: Place }

/** A finding that is not to be told, who says so, and why. */
export interface IgnoredFinding {
  readonly finding: CheckedFinding
  readonly by: 'annotation' | 'comment' | 'configuration'
  readonly reason: string
}

/** What there is to say of one object of the input. */
export interface CheckedObject {
  readonly manifest: Omit<Manifest, 'object' | 'placeOf'>
  /** Empty for an object that is in no namespace. */
  readonly namespace: string
  readonly name: string
  readonly images: readonly CheckedImage[]
  readonly plan: Plan
  readonly findings: readonly CheckedFinding[]
  /** What it says that is to be ignored; left out where that is nothing. */
  readonly ignores?: readonly OwnIgnore[]
  /** Left out where there are none. */
  readonly ignored?: readonly IgnoredFinding[]
}

/** What came of a check: nothing that is wrong with one file or object keeps another from being checked. */
export interface Checked {
  readonly objects: readonly CheckedObject[]
  /** What cannot be read, or is not what its kind says. */
  readonly errors: readonly Fault[]
  /** Namespaces of which the input holds no pull secret, while what was to be said depends on which there are. */
  readonly unknownNamespaces: readonly string[]
  /** ServiceAccounts as `namespace/name` that are not in the input, while it depends on their imagePullSecrets. */
  readonly unknownAccounts: readonly string[]
  /** There was too much to compare: near names and near misses are left out from some object on. */
  readonly unexplained: boolean
  /** Places that say that something is to be ignored which is not found there; left out where nobody looked. */
  readonly unusedIgnores?: readonly Fault[]
  readonly input: {
    /** Kubernetes objects of all kinds. */
    readonly objects: number
    /** Those of them that make Pods, or are Pods. */
    readonly workloads: number
    /** What else there was. */
    readonly others: readonly Other[]
  }
}

/** What there is to say of an image. */
export function checkImage(use: ImageUse, { listed }: PodCase): CheckedImage {
  const { container, image, registryClass } = use
  const { credentials } = listed.cover(use)
  if (credentials.length === 0) return { container, image, registryClass, credentials: NO_CREDENTIALS }
  const told = credentials.map(({ secret, entry: { key, usable, expires } }) => ({
    ...{ secret: secret.name, entry: key, usable },
    ...(expires !== undefined && { expires }),
  }))
  return { container, image, registryClass, credentials: told }
}

const NO_CREDENTIALS: CheckedImage['credentials'] = []
