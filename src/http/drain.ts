import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** Time at shutdown to answer what is under way: the longest that a webhook may take. */
const DRAIN_TIMEOUT_MS = 30_000

/**
 * Draining: once it has begun each response closes its connection, so that the API server sends the next review elsewhere. By
 * itself it goes on using idle connections to a Pod that is shutting down.
 */
export class Drain {
  readonly #sockets = new Set<Socket>()
  readonly #underWay = new Set<ServerResponse>()
  #begun = false
  #onAnswered = () => {}

  get begun(): boolean {
    return this.#begun
  }

  begin(): void {
    this.#begun = true
    for (const response of this.#underWay) closeWith(response)
  }

  /** Has to know a server from its start. */
  attach(server: FastifyInstance): void {
    server.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    const underWay = this.#underWay
    const onClosed = () => {
      if (underWay.size === 0) this.#onAnswered()
    }
    // Of all responses the same, so that none needs one of its own.
    function onClose(this: ServerResponse) {
      underWay.delete(this)
      onClosed()
    }
    // Before Fastify, which may answer at once.
    server.server.prependListener('request', (_request: unknown, response: ServerResponse) => {
      if (this.#begun) closeWith(response)
      underWay.add(response)
      response.on('close', onClose)
    })
  }

  /**
   * Stops listening, waits until what is under way is answered, and then closes every connection, those too that never
   * said a word.
   *
   * @param timeout milliseconds
   */
  async close(server: FastifyInstance, timeout: number = DRAIN_TIMEOUT_MS): Promise<void> {
    this.begin()
    const closed = server.close()
    await this.#answered(timeout)
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #answered(timeout: number): Promise<void> {
    if (this.#underWay.size === 0) return Promise.resolve()
    return new Promise(resolve => {
      const timer = setTimeout(resolve, timeout)
      this.#onAnswered = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** Has an answer end its connection, unless it is on its way already. */
function closeWith(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close')
}
