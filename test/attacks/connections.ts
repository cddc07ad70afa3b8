import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { many } from './objects.ts'

/** Connections of an attacker. They may be cut at any time, which is no error of the attack's. */
export class Connections {
  readonly #sockets = new Set<Socket>()
  readonly #target: URL

  constructor(url: string) {
    this.#target = new URL(url)
  }

  /** Opens so many, and writes this to each once it is open. Resolves when each is open, or refused. */
  async open(count: number, text = ''): Promise<readonly Socket[]> {
    const { port, hostname: host, protocol } = this.#target
    return await this.#open(
      count,
      () =>
        protocol === 'https:'
          ? connectTls({ host, port: Number(port), rejectUnauthorized: false })
          : connectTcp(Number(port), host),
      protocol === 'https:' ? 'secureConnect' : 'connect',
      text,
    )
  }

  /** The same, without a TLS handshake. */
  async openHalf(count: number): Promise<readonly Socket[]> {
    return await this.#open(count, () => connectTcp(Number(this.#target.port), this.#target.hostname), 'connect', '')
  }

  /** Those that are open still. */
  get sockets(): readonly Socket[] {
    return [...this.#sockets].filter(socket => !socket.destroyed)
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#sockets.clear()
  }

  async #open(count: number, connect: () => Socket, opened: string, text: string): Promise<readonly Socket[]> {
    const sockets = many(count, () => {
      const socket = connect()
      // Whatever comes is dropped, and that it may end is what is seen.
      socket
        .on('error', () => socket.destroy())
        .on('end', () => socket.destroy())
        .resume()
      this.#sockets.add(socket)
      return socket
    })
    await Promise.all(
      sockets.map(async socket => {
        await Promise.race([once(socket, opened), once(socket, 'close'), wait(10_000)]).catch(() => undefined)
        if (text !== '' && !socket.destroyed) socket.write(text)
      }),
    )
    return sockets
  }
}
