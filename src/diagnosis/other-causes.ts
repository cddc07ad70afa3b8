import { coveringSecrets, type PullCase } from './pull-case.ts'

/** One cause, in a sentence, and what mends it. */
export interface Cause {
  readonly cause: string
  /** One step after another, each with at most one command, at its end. */
  readonly next: readonly string[]
}

/** What does not depend on pull secrets. */
export const OTHER = {
  invalidName: { cause: 'The image name is not valid.', next: ['Correct it where the Pod comes from.'] },
  rateLimited: {
    cause: 'The registry has had too many pulls: those without a login are counted by address, those with one by user.',
    next: ['Any login at this registry helps: list a pull secret for it, or wait.'],
  },
  serverError: { cause: 'The registry has a fault of its own.', next: ['Wait: the node tries again by itself.'] },
  unreachable: {
    cause: 'The node cannot reach the registry; pull secrets have nothing to do with it.',
    next: ['Check the host name in the image, and DNS, proxy and firewall of the node.'],
  },
  certificate: {
    cause: 'The node does not trust the certificate of the registry; pull secrets have nothing to do with it.',
    next: ['Give the authority that signed it to the container runtime of the node.'],
  },
  plainHttp: {
    cause: 'The registry answers without TLS, and the node insists on it; pull secrets have nothing to do with it.',
    next: ['Check the port in the image, or tell the container runtime of the node about this registry.'],
  },
  platform: {
    cause: 'The image is not made for machines like this node; pull secrets have nothing to do with it.',
    next: ['Use an image for it, or a nodeSelector for kubernetes.io/arch.'],
  },
  proxy: {
    cause: 'The proxy of the node wants a login of its own; pull secrets have nothing to do with it.',
    next: ['Correct the proxy in the environment of the container runtime of the node.'],
  },
  node: {
    cause: 'The node has a fault of its own, or pulls too much at once; pull secrets have nothing to do with it.',
    next: ['Wait; if it stays, look at the kubelet and the container runtime of the node.'],
  },
  noSpace: { cause: 'The node has no room for the image.', next: ['Make room on the node, or move the Pod.'] },
  neverPull: {
    cause: 'imagePullPolicy is Never, and the node does not have the image, or has it for Pods with its pull secret.',
    next: ['Set imagePullPolicy to IfNotPresent, or give the Pod the pull secret with which the image was pulled.'],
  },
  unverified: {
    cause: 'The node does not accept the signature of the image; pull secrets have nothing to do with it.',
    next: ['Use an image that is signed as the node wants it.'],
  },
} as const satisfies Record<string, Cause>

/** What the node said says all; of too many pulls it matters who pulled. */
export function explainOther(kind: keyof typeof OTHER, pull: PullCase): Cause {
  const [covering] = kind === 'rateLimited' ? coveringSecrets(pull) : []
  if (covering === undefined) return OTHER[kind]
  return {
    cause: `The registry has had too many pulls of the user in Secret "${covering}".`,
    next: ['Wait, or use a login with a higher limit.'],
  }
}
