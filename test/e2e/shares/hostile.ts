import { SHAPES } from '../../attacks/shapes.ts'
import { type PodTweak, pod, REGISTRY } from '../control-plane/objects.ts'

/** One request of somebody who is up to no good: to the API server, or straight at the port of the webhook. */
export interface HostileRequest {
  readonly to: 'apiServer' | 'webhook'
  readonly body: string | Buffer
}

/** Secrets of the hostile namespace. */
export const LARGE_SECRETS = 4
/** Those of the shapes that are too large for an object of an API server: what they cost beside reads. */
const LARGE_SHAPES = ['keys that are no glob', 'hosts of their own', 'different keys', '3 MiB: globs']

export const many = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i))

/** Pods that make as many reads as one can, or the largest, or are themselves as large as 200 kB. */
const PODS: readonly ((i: number) => PodTweak)[] = [
  i => ({ references: many(100, name => `gone-${i}-${name}`) }),
  i => ({ references: many(3, name => `gone-${i}-${name}`) }),
  i => ({ images: many(50, image => `${REGISTRY}/a${i}/${image}`) }),
  () => ({ references: many(LARGE_SECRETS, name => `large-${name}`) }),
  i => ({ images: many(3000, image => `r${image}.example.com/a${i}`), references: ['gone'] }),
  i => ({
    images: [`${REGISTRY}/a${i}`],
    metadata: { annotations: { 'regcred.dev/pull-secrets': many(15_000, name => `gone-${name}`).join() } },
  }),
]

/** What one sends by turns, without end: three of four go through the API server. */
export function* hostileRequests(namespace: string): Generator<HostileRequest, never> {
  const large = SHAPES.filter(({ name }) => LARGE_SHAPES.some(part => name.endsWith(part))).map(({ body }) => body())
  for (let i = 0; ; i += 1) {
    for (let turn = 0; turn < 3; turn += 1) {
      const number = i * 3 + turn
      const made = pod(namespace, `pod-${number}`, PODS[number % PODS.length]?.(number))
      yield { to: 'apiServer', body: JSON.stringify(made) }
    }
    yield { to: 'webhook', body: large[i % large.length] ?? '' }
  }
}
