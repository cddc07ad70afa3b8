import type { ImageName } from '../kubelet/image-name.ts'
import type { RegistryClass } from './registries/classifier.ts'
import type { AccountNeeds } from './registries/node-entry.ts'

/** An image as the kubelet and the configuration read it. */
export interface ImageReading {
  /** Undefined where the kubelet cannot parse it. */
  readonly name: ImageName | undefined
  readonly registryClass: RegistryClass
  /** The names that `inject.rules` writes down for it, in the order of the rules. */
  readonly ruleSecrets: readonly string[]
  /** Of a registry to which the nodes log in for some ServiceAccounts alone: what these have to have. */
  readonly needs?: AccountNeeds
}

/**
 * An image of a Pod, and what its name says; with `needs` its class is private where the ServiceAccount does not have them, and `node`
 * where it has, or nobody can know.
 */
export interface ImageUse extends ImageReading {
  /** Name of the container, or of the volume for an image volume. */
  readonly container: string
  /** As written. */
  readonly image: string
  /** It may have to be pulled: every `imagePullPolicy` but `Never`. */
  readonly pulled: boolean
}
