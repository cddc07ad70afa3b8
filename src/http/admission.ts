import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AdmitError, admit, type Outcome } from '../engine/admit.ts'
import type { Context } from '../engine/context.ts'
import { namespaceOf } from '../review/namespace.ts'
import type { Stage } from '../review/review.ts'
import { Budget } from '../runtime/budget.ts'
import type { FairSemaphore } from '../runtime/fair-semaphore.ts'
import { Body } from './body.ts'
import type { BodyRoom, BodyTicket } from './body-room.ts'
import { type ClientNames, createClientCheck } from './client-names.ts'
import { timeToAnswer } from './deadline.ts'
import type { Decoder } from './decoder.ts'
import { type ErrorCode, HttpError, toHttpError } from './errors.ts'
import { type PathPrefixes, STAGE_PATHS } from './path-prefixes.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** When the caller stops waiting, on the clock of the admission paths. */
    deadline: number
    /** Accounts for what is held of its body; on the admission paths alone. */
    ticket: BodyTicket | null
  }
}

/** An observer, who counts and logs what becomes of requests. */
interface Observer {
  /** @param seconds from the last byte in to the first byte out */
  answered(outcome: Outcome, seconds: number): void
  /** @param uid of the review, where it is known */
  failed(stage: Stage, code: ErrorCode, error: Error, uid?: string): void
}

/** What the admission paths need. */
export interface Admission {
  /** Asked anew for each review: configuration may have changed. */
  readonly context: () => Context
  readonly observer: Observer
  readonly decoder: Decoder
  /** Of reviews that are under way, one each; shared between namespaces. */
  readonly reviews: FairSemaphore
  /** For the bytes of bodies that are on their way in. */
  readonly bodyRoom: BodyRoom
  /** Told of each connection on which a valid review has come. */
  readonly noteReview: (socket: Socket) => void
  /** PEM of the authorities of which a client has to show a certificate; anybody may send reviews without it. */
  readonly clientCa?: string
  /** Names of which that certificate has to have one; any certificate of the CA will do without. */
  readonly clientNames?: ClientNames
  /** Where reviews are accepted, asked anew for each request; at `/mutate` and `/validate` without it. */
  readonly pathPrefixes?: () => PathPrefixes
  /** Milliseconds that a request has waited already when it is first seen. */
  readonly eventLoopDelay: () => number
  /** Monotonic milliseconds. */
  readonly clock?: () => number
}

/**
 * Size of a review: an old and a new object of 1.5 MiB, as large as etcd takes them. In JSON they may have up to eight times as
 * much: `<` has six bytes, and the names of fields have none in etcd.
 */
export const MAX_BODY_BYTES = 24 * 1024 * 1024

/** What a review costs before anything is assessed, besides its decoding: to be received, and answered. */
const REVIEW_STEPS = 4000

const ANY_NAME: ClientNames = { commonNames: [], subjectAltNames: [] }
const OTHER_NAME = 'this one has none of the names of --client-cn or --client-san'

/** Adds `POST /mutate` and `POST /validate`: bytes in, bytes out. */
export function admissionRoutes(server: FastifyInstance, admission: Admission): void {
  const { context, observer, decoder, reviews, bodyRoom, noteReview, eventLoopDelay, clientCa } = admission
  const { clock = performance.now.bind(performance), clientNames = ANY_NAME } = admission
  const clientOf = createClientCheck(clientNames)
  const timeLeft = ({ deadline }: FastifyRequest) => Math.max(0, deadline - clock())
  server.decorateRequest('deadline', 0)
  server.decorateRequest('ticket', null)
  for (const [path, stage] of STAGE_PATHS) {
    server.post<{ Querystring: Record<string, unknown> }>(path, {
      onRequest(request, reply, done) {
        const time = timeToAnswer(request.query['timeout']) - eventLoopDelay()
        request.deadline = clock() + time
        const client = clientCa === undefined ? 'known' : clientOf(request.socket)
        if (client !== 'known') done(new HttpError('UNKNOWN_CLIENT', client === 'otherName' ? OTHER_NAME : undefined))
        else if (time <= 0) done(new HttpError('OVERLOADED'))
        else {
          const { raw, deadline } = request
          const ticket = bodyRoom.open({ deadline, resume: () => raw.resume(), abort: () => raw.destroy() })
          request.ticket = ticket
          reply.raw.once('close', ticket.close)
          done()
        }
      },
      async handler(request, reply) {
        const start = clock()
        const { body } = request
        if (!(body instanceof Body)) throw new HttpError('NOT_JSON')
        const { templates } = context().rulebook.settings
        const { decoded, steps } = await decoder.decode(body, stage, templates, request.deadline)
        // From here on nothing of it is held but what was read of it.
        request.body = undefined
        request.ticket?.close()
        if (!decoded.ok) throw new HttpError(decoded.error, decoded.fault)
        noteReview(request.socket)
        const { review } = decoded
        const place = await reviews.acquire(
          namespaceOf(review.subject, review.namespace),
          body.length,
          request.deadline,
        )
        const budget = new Budget()
        const charge = () => place.charge(REVIEW_STEPS + steps + budget.steps)
        try {
          const admitting = admit(review, context(), () => timeLeft(request), budget)
          // What was done at once, and is charged before others are let in; the rest follows live reads.
          charge()
          const { body: answer, outcome } = await admitting
          observer.answered(outcome, (clock() - start) / 1000)
          reply.type('application/json; charset=utf-8')
          return answer
        } finally {
          charge()
          place.release()
        }
      },
      errorHandler(error, _request, reply) {
        const coded = toHttpError(error)
        if (error instanceof AdmitError) observer.failed(stage, coded.code, error, error.uid)
        else observer.failed(stage, coded.code, coded)
        reply.code(coded.statusCode).send(coded.toJSON())
      },
    })
  }
}
