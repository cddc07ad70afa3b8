import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AdmitError, admit, type Outcome } from '../admit.ts'
import type { Sources } from '../cluster/sources.ts'
import type { Stage } from '../review/review.ts'
import { announcedLength, Body } from './body.ts'
import { timeToAnswer } from './deadline.ts'
import type { Decoder } from './decoder.ts'
import { DoorError, type ErrorCode, toDoorError } from './errors.ts'
import type { Leave, Turnstile } from './turnstile.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** When the caller stops waiting, on the clock of the admission paths. */
    deadline: number
  }
}

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
  readonly decoder: Decoder
  /** Through which reviews go, one each. */
  readonly turnstile: Turnstile
  /** Through which large bodies go on their way in, by their bytes. */
  readonly scales: Turnstile
  /** PEM of the authorities of which a client has to show a certificate; anybody may send reviews without it. */
  readonly clientCa?: string
  /** Milliseconds that a request has waited already when it is first seen. */
  readonly loopDelay: () => number
  /** Monotonic milliseconds. */
  readonly clock?: () => number
}

/** As large as any object that etcd takes, old and new, with what JSON adds; what others in the field allow. */
export const BODY_LIMIT = 7 * 1024 * 1024
/** Bytes of a body up to which the number of connections is limit enough. */
const UNWEIGHED = 64 * 1024

const PATHS: readonly [string, Stage][] = [
  ['/mutate', 'mutate'],
  ['/validate', 'validate'],
]

/** Adds `POST /mutate` and `POST /validate`: bytes in, bytes out. */
export function admissionRoutes(server: FastifyInstance, admission: Admission): void {
  const { sources, witness, decoder, turnstile, scales, loopDelay, clientCa } = admission
  const { clock = performance.now.bind(performance) } = admission
  const timeLeft = ({ deadline }: FastifyRequest) => Math.max(0, deadline - clock())
  server.decorateRequest('deadline', 0)
  for (const [path, stage] of PATHS) {
    server.post<{ Querystring: Record<string, unknown> }>(path, {
      onRequest(request, reply, done) {
        const time = timeToAnswer(request.query['timeout']) - loopDelay()
        request.deadline = clock() + time
        const weight = weigh(request)
        if (clientCa !== undefined && !isKnown(request.socket)) done(new DoorError('UNKNOWN_CLIENT'))
        else if (time <= 0) done(new DoorError('OVERLOADED'))
        else if (weight <= UNWEIGHED) done()
        else {
          const letIn = (leave: Leave) => {
            leaveAtEnd(reply, leave)
            giveUpAfter(timeLeft(request), request)
            done()
          }
          Promise.resolve(scales.enter(weight, request.deadline)).then(letIn, done)
        }
      },
      async handler(request, reply) {
        const start = clock()
        const { body } = request
        if (!(body instanceof Body)) throw new DoorError('NOT_JSON')
        // Few reviews have to wait for anything, and each await costs a turn.
        const entered = turnstile.enter(1, request.deadline)
        const leave = entered instanceof Promise ? await entered : entered
        try {
          const now = sources()
          const decoding = decoder.decode(body, stage, now.rulebook.settings.templates)
          const decoded = decoding instanceof Promise ? await decoding : decoding
          if (!decoded.ok) throw new DoorError(decoded.error, decoded.fault)
          const admitting = admit(decoded.review, now, () => timeLeft(request))
          const admitted = admitting instanceof Promise ? await admitting : admitting
          witness.answered(admitted.outcome, (clock() - start) / 1000)
          reply.type('application/json; charset=utf-8')
          return admitted.body
        } finally {
          leave()
        }
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

/** The bytes of a body that is still to come; the most that it can be where the caller does not say. */
function weigh({ headers }: FastifyRequest): number {
  return Math.min(announcedLength(headers) ?? BODY_LIMIT, BODY_LIMIT)
}

/** A caller may have gone while it waited. */
function leaveAtEnd({ raw }: FastifyReply, leave: Leave): void {
  if (raw.closed) leave()
  else raw.once('close', leave)
}

/** A body that holds room and does not arrive in the time of its review is waited for no longer. */
function giveUpAfter(milliseconds: number, { raw }: FastifyRequest): void {
  const timer = setTimeout(() => raw.destroy(), milliseconds)
  for (const event of ['end', 'close']) raw.once(event, () => clearTimeout(timer))
}

/** Whether an authority of `--client-ca-file` has signed the certificate of this client. */
function isKnown(socket: Socket): boolean {
  return socket instanceof TLSSocket && socket.authorized
}
