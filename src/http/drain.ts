import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** The longest that a webhook may take, in milliseconds: whatever is still open by then waits for nobody. */
const LONGEST_ANSWER = 30_000

/**
 * How a server leaves. From the beginning of the end on, each answer ends its connection, so that the API server goes
 * elsewhere with the next review: it goes on using idle connections to a Pod that is shutting down.
 */
export class Drain {
  readonly #sockets = new Set<Socket>()
  #underWay = 0
  #begun = false
  #onAnswered = () => {}

  get begun(): boolean {
    return this.#begun
  }

  begin(): void {
    this.#begun = true
  }

  /** Has to know a server from its start. */
  attach(server: FastifyInstance): void {
    server.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    const onClose = () => {
      this.#underWay -= 1
      if (this.#underWay === 0) this.#onAnswered()
    }
    server.addHook('onRequest', (_request, { raw }, done) => {
      this.#underWay += 1
      raw.once('close', onClose)
      done()
    })
    server.addHook('onSend', (_request, reply, payload, done) => {
      if (this.#begun) reply.header('connection', 'close')
      done(null, payload)
    })
  }

  /**
   * Stops listening, waits until what is under way is answered, and then closes every connection, those too that never
   * said a word.
   *
   * @param longest milliseconds
   */
  async close(server: FastifyInstance, longest: number = LONGEST_ANSWER): Promise<void> {
    this.begin()
    const closed = server.close()
    await this.#answered(longest)
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #answered(longest: number): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve()
    return new Promise(resolve => {
      const timer = setTimeout(resolve, longest)
      this.#onAnswered = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
