/**
 * A login to a registry, as a pull secret has it. It holds a password: it lives until its Secret is printed, and goes into no message.
 */
export interface Login {
  /** The key of the docker config, as the kubelet matches it with images. */
  readonly registry: string
  /** A string of bytes, without a colon. */
  readonly user: string
  /** A string of bytes. */
  readonly password: string
}
