import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { HttpError, toHttpError } from './errors.ts'

/**
 * Time for the head of a request to arrive, from the beginning of a connection. A Go client opens connections that it
 * then has no use for, and keeps them for 90 s as it does those that are idle: if they were told to be late, that could be the answer to
 * a request that has just been sent. Whoever comes too slowly holds little, and is the first to make room.
 */
const HEAD_TIMEOUT_MS = 120_000
/** Time for a whole request to arrive, likewise. */
const REQUEST_TIMEOUT_MS = 120_000
/** How often late requests are looked for. */
const TIMEOUT_CHECK_INTERVAL_MS = 5000
/** How long an idle connection is kept: longer than the 90 s of a Go client. */
const KEEP_ALIVE_TIMEOUT_MS = 120_000
/** How long nothing may move on a connection with a request, so that who reads no answer does not keep it; and on one without any yet. */
const SILENCE_TIMEOUT_MS = 120_000
/** The head of a request: an API server sends a few hundred bytes. */
const MAX_HEAD_BYTES = 8 * 1024

/** What Node's server of each listener is made with. */
export const NODE_OPTIONS = {
  headersTimeout: HEAD_TIMEOUT_MS,
  connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
  maxHeaderSize: MAX_HEAD_BYTES,
} as const

/**
 * What each listener is made with, beside that. Kept-alive connections outlast the 90 s of a Go client, so that it is never
 * the server who closes one under a request.
 */
export const LISTENER_OPTIONS = {
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  connectionTimeout: SILENCE_TIMEOUT_MS,
  logger: false,
  return503OnClosing: false,
  frameworkErrors: (error: Error, _request: unknown, reply: FastifyReply) => void answerError(error, reply),
  clientErrorHandler: answerBytes,
} as const

/** Has a listener answer errors by their codes, and end each connection whose request it does not read to its end. */
export function answerCoded(server: FastifyInstance): void {
  server.setErrorHandler((error, _request, reply) => answerError(error, reply))
  server.setNotFoundHandler((_request, reply) => answerError(new HttpError('NOT_FOUND'), reply))
  // Node would answer by itself, and read on whatever follows.
  server.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const error = new HttpError('BAD_REQUEST', 'no such expectation')
    response.writeHead(error.statusCode, { connection: 'close', 'content-type': 'application/json; charset=utf-8' })
    response.end(JSON.stringify(error))
  })
  server.addHook('onSend', ({ raw }, reply, _payload, done) => {
    if (!raw.complete && hasBody(raw.headers)) reply.header('connection', 'close')
    done()
  })
}

/** Whether the head of a request announces a body. */
export function hasBody({ 'content-length': length, 'transfer-encoding': encoding }: IncomingHttpHeaders): boolean {
  return encoding !== undefined || (length !== undefined && Number(length) !== 0)
}

function answerError(error: unknown, reply: FastifyReply): FastifyReply {
  const coded = toHttpError(error)
  return reply.code(coded.statusCode).send(coded.toJSON())
}

/** Answers what is no HTTP, or did not arrive whole: there is no request that a reply could belong to. */
function answerBytes({ code }: { readonly code?: string }, socket: Duplex): void {
  const slow = code === 'ERR_HTTP_REQUEST_TIMEOUT'
  const error = new HttpError(slow ? 'TOO_SLOW' : 'BAD_REQUEST')
  const body = JSON.stringify(error)
  const head = [
    `HTTP/1.1 ${error.statusCode} ${slow ? 'Request Timeout' : 'Bad Request'}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ]
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroy()
}
