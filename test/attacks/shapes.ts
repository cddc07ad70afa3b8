import { bodies } from './bodies.ts'
import type { KubeObject } from './objects.ts'
import { pods } from './pods.ts'
import { secrets } from './secrets.ts'

/** One request, as large and as awkward as somebody can make it who has no rights but in a namespace of his own. */
export interface Shape {
  /** Says what is sent, and what it costs somebody to find that out. */
  readonly name: string
  /** What is sent where. An event goes to the API server, which tells it to who watches. */
  readonly to: '/mutate' | '/validate' | 'event'
  /** Whose namespace it is: `default` without it. */
  readonly namespace?: string
  /** What that namespace holds besides; made when it is asked for, as the body is: it may be megabytes. */
  held?(): readonly KubeObject[]
  body(): string | Buffer
}

/** All of them: what one request can cost others is the worst of these. */
export const SHAPES: readonly Shape[] = [...secrets, ...pods, ...bodies]
