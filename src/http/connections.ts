import type { Server, Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { limitPipelining } from './pipelining.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Called when its answer is ready; from then on its connection is idle. */
    endAnswer: (() => void) | null
  }
}

export interface ConnectionLimits {
  readonly maxConnections: number
  /** Connections whose TLS handshake is not done. */
  readonly maxHandshakes: number
}

/**
 * What a connection that was closed to make room had done: its TLS handshake not yet (`handshake`), no valid review
 * (`unproven`), or one (`proven`); `new` is one for which nobody could make room, and `pipelined` one that sent requests
 * without waiting for answers.
 */
export type ClosedKind = 'handshake' | 'unproven' | 'proven' | 'new' | 'pipelined'

interface Connection {
  readonly socket: Socket
  readonly peer: string
  /** Requests that have come whole and whose answer is not ready. */
  answering: number
  hasSentReview: boolean
}

/**
 * The open connections of a server, and which of them makes room for a new one. There is always room: of connections that
 * are not being answered the longest idle is closed, those that have sent a valid review last. So nobody who connects and
 * says nothing, or nothing that is a review, keeps others out. An address counts for nothing: behind a proxy such as
 * konnectivity all reviews come from one.
 *
 * | a connection                        | makes room                                            |
 * | ----------------------------------- | ----------------------------------------------------- |
 * | whose TLS handshake is not done     | first where these are too many, else as the next      |
 * | that has sent no valid review       | first, the longest idle of them                       |
 * | that has sent one                   | where there is none of the others, likewise           |
 * | that is being answered              | never; if all are, the new connection is closed       |
 *
 * Idle counts from the last request, or from the connection's own beginning; bytes alone, however they trickle, are none.
 */
export class Connections {
  readonly #limits: ConnectionLimits
  readonly #noteClosed: ((kind: ClosedKind) => void) | undefined
  readonly #open = new Set<Connection>()
  /** Of a TLS connection both what it runs over and, once its handshake is done, the socket that requests name. */
  readonly #bySocket = new WeakMap<Socket, Connection>()
  /** By the address and port of the other side, which are all that the two have in common. The longest under way first. */
  readonly #handshakes = new Map<string, Connection>()
  /** Those that are idle, the longest idle first. */
  readonly #unproven = new Set<Connection>()
  readonly #proven = new Set<Connection>()

  /** @param noteClosed is told of each connection that is closed to make room */
  constructor(limits: ConnectionLimits, noteClosed?: (kind: ClosedKind) => void) {
    this.#limits = limits
    this.#noteClosed = noteClosed
  }

  get open(): number {
    return this.#open.size
  }

  /** Has to know a server from its start, and before its routes. */
  attach(fastify: FastifyInstance): void {
    const server: Server = fastify.server
    const hasTls = 'setSecureContext' in server
    server.on('connection', (socket: Socket) => this.#add(socket, hasTls))
    server.on('secureConnection', (socket: Socket) => this.#endHandshake(socket))
    // A request whose body is still to come is not being answered: whoever sends none would keep its place.
    server.prependListener('request', ({ socket }: { readonly socket: Socket }) => {
      const connection = this.#bySocket.get(socket)
      if (connection?.answering === 0) this.#rest(connection)
    })
    limitPipelining(fastify, socket => this.#close(this.#bySocket.get(socket), 'pipelined'))
    fastify.decorateRequest('endAnswer', null)
    fastify.addHook('preHandler', (request, _reply, done) => {
      request.endAnswer = this.#beginAnswer(request.socket)
      done()
    })
    fastify.addHook('onSend', (request, _reply, _payload, done) => {
      request.endAnswer?.()
      done()
    })
  }

  /** A valid review has come on it, which is being answered. */
  noteReview(socket: Socket): void {
    const connection = this.#bySocket.get(socket)
    if (connection !== undefined) connection.hasSentReview = true
  }

  #add(socket: Socket, hasTls: boolean): void {
    const { maxConnections, maxHandshakes } = this.#limits
    if (this.#handshakes.size >= maxHandshakes) this.#close(first(this.#handshakes.values()))
    if (this.#open.size >= maxConnections) this.#close(first(this.#unproven) ?? first(this.#proven))
    if (this.#open.size >= maxConnections) {
      socket.destroy()
      this.#noteClosed?.('new')
      return
    }
    const connection = { socket, peer: peerOf(socket), answering: 0, hasSentReview: false }
    this.#open.add(connection)
    this.#bySocket.set(socket, connection)
    this.#unproven.add(connection)
    if (hasTls) this.#handshakes.set(connection.peer, connection)
    socket.once('close', () => this.#forget(connection))
  }

  #endHandshake(socket: Socket): void {
    const peer = peerOf(socket)
    const connection = this.#handshakes.get(peer)
    /* c8 ignore next -- it may be closed, to make room, just as its handshake ends, which no test can time */
    if (connection === undefined) return
    this.#handshakes.delete(peer)
    this.#bySocket.set(socket, connection)
    this.#rest(connection)
  }

  /** What is closed counts no more, though the system may need a moment. */
  #close(connection: Connection | undefined, kind = connection && this.#kindOf(connection)): void {
    if (connection === undefined || kind === undefined) return
    this.#noteClosed?.(kind)
    this.#forget(connection)
    connection.socket.destroy()
  }

  #kindOf(connection: Connection): ClosedKind {
    if (this.#handshakes.get(connection.peer) === connection) return 'handshake'
    return connection.hasSentReview ? 'proven' : 'unproven'
  }

  #forget(connection: Connection): void {
    this.#open.delete(connection)
    this.#unproven.delete(connection)
    this.#proven.delete(connection)
    if (this.#handshakes.get(connection.peer) === connection) this.#handshakes.delete(connection.peer)
  }

  #beginAnswer(socket: Socket): (() => void) | null {
    const connection = this.#bySocket.get(socket)
    if (connection === undefined) return null
    connection.answering += 1
    this.#unproven.delete(connection)
    this.#proven.delete(connection)
    return () => {
      connection.answering -= 1
      if (connection.answering === 0) this.#rest(connection)
    }
  }

  /** It is idle from now on, and of its kind the last to make room. */
  #rest(connection: Connection): void {
    if (!this.#open.has(connection)) return
    const kind = connection.hasSentReview ? this.#proven : this.#unproven
    kind.delete(connection)
    kind.add(connection)
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}

function first<T>(all: Iterable<T>): T | undefined {
  const [one] = all
  return one
}
