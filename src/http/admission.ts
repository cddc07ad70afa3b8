import type { FastifyInstance } from 'fastify'
import { AdmitError, admit, type Outcome } from '../admit.ts'
import type { Sources } from '../cluster/sources.ts'
import type { Stage } from '../review/review.ts'
import { timeToAnswer } from './deadline.ts'
import { DoorError, type ErrorCode, toDoorError } from './errors.ts'
import type { Turnstile } from './turnstile.ts'

/** Whoever counts and logs what happens at the door. */
export interface Witness {
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
  /** Monotonic milliseconds. */
  readonly clock?: () => number
}

const PATHS: readonly [string, Stage][] = [
  ['/mutate', 'mutate'],
  ['/validate', 'validate'],
]

/** Adds `POST /mutate` and `POST /validate`: bytes in, bytes out. */
export function admissionRoutes(server: FastifyInstance, admission: Admission): void {
  const { sources, witness, turnstile, clock = performance.now.bind(performance) } = admission
  for (const [path, stage] of PATHS) {
    server.post<{ Body: unknown; Querystring: Record<string, unknown> }>(path, async (request, reply) => {
      const start = clock()
      const timeout = timeToAnswer(request.query['timeout'])
      try {
        const { body } = request
        if (typeof body !== 'string') throw new DoorError('NOT_JSON')
        const timeLeft = () => Math.max(0, start + timeout - clock())
        const admitted = await turnstile.pass(timeLeft(), () => admit(body, stage, sources(), timeLeft))
        if (!admitted.ok) throw new DoorError(admitted.error, admitted.fault)
        witness.answered(admitted.outcome, (clock() - start) / 1000)
        return await reply.type('application/json').send(admitted.body)
      } catch (error) {
        const coded = toDoorError(error)
        if (error instanceof AdmitError) witness.failed(stage, coded.code, error, error.uid)
        else witness.failed(stage, coded.code, coded)
        throw coded
      }
    })
  }
}
