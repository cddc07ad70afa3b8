import type { ImageName } from '../kubelet/image-name.ts'
import type { RegistryClass } from './registry-class.ts'

/** An image as the kubelet and the configuration read it. */
export interface ImageReading {
  /** Undefined where the kubelet cannot parse it. */
  readonly name: ImageName | undefined
  readonly registryClass: RegistryClass
  /** The names that `inject.rules` writes down for it, in the order of the rules. */
  readonly ruleSecrets: readonly string[]
}

/** An image of a Pod, and what its name says. */
export interface ImageUse extends ImageReading {
  /** Name of the container, or of the volume for an image volume. */
  readonly container: string
  /** As written. */
  readonly image: string
  /** It may have to be pulled: every `imagePullPolicy` but `Never`. */
  readonly pulled: boolean
}
