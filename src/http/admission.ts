import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import { AdmitError, admit, type Outcome } from '../admit.ts'
import type { Sources } from '../cluster/sources.ts'
import type { Stage } from '../review/review.ts'
import { timeToAnswer } from './deadline.ts'
import { DoorError, type ErrorCode, toDoorError } from './errors.ts'
import type { Turnstile } from './turnstile.ts'

/** Whoever counts and logs what happens at the door. */
interface Witness {
  /** @param seconds from the last byte in to the first byte out */
  answered(outcome: Outcome, seconds: number): void
  /** @param uid of the review, where it is known */
  failed(stage: Stage, code: ErrorCode, error: Error, uid?: string): void
}

/** What the admission paths need. */
export interface Admission {
  /** Asked anew for each review: configuration may have changed. */
  readonly sources: () => Sources
  readonly witness: Witness
  readonly turnstile: Turnstile
  /** PEM of the authorities of which a client has to show a certificate; anybody may send reviews without it. */
  readonly clientCa?: string
  /** Monotonic milliseconds. */
  readonly clock?: () => number
}

const PATHS: readonly [string, Stage][] = [
  ['/mutate', 'mutate'],
  ['/validate', 'validate'],
]

/** Adds `POST /mutate` and `POST /validate`: bytes in, bytes out. */
export function admissionRoutes(server: FastifyInstance, admission: Admission): void {
  const { sources, witness, turnstile, clientCa, clock = performance.now.bind(performance) } = admission
  for (const [path, stage] of PATHS) {
    server.post<{ Body: unknown; Querystring: Record<string, unknown> }>(path, {
      ...(clientCa === undefined ? {} : { onRequest: refuseStrangers }),
      async handler({ body, query }, reply) {
        const start = clock()
        const timeout = timeToAnswer(query['timeout'])
        if (typeof body !== 'string') throw new DoorError('NOT_JSON')
        const timeLeft = () => Math.max(0, start + timeout - clock())
        const admitted = await turnstile.pass(timeLeft(), () => admit(body, stage, sources(), timeLeft))
        if (!admitted.ok) throw new DoorError(admitted.error, admitted.fault)
        witness.answered(admitted.outcome, (clock() - start) / 1000)
        reply.type('application/json; charset=utf-8')
        return admitted.body
      },
      errorHandler(error, _request, reply) {
        const coded = toDoorError(error)
        if (error instanceof AdmitError) witness.failed(stage, coded.code, error, error.uid)
        else witness.failed(stage, coded.code, coded)
        reply.code(coded.statusCode).send(coded.toJSON())
      },
    })
  }
}

/** Lets those in whose certificate an authority of `--client-ca-file` has signed. */
async function refuseStrangers({ socket }: { readonly socket: Socket }): Promise<void> {
  if (!(socket instanceof TLSSocket && socket.authorized)) throw new DoorError('UNKNOWN_CLIENT')
}
