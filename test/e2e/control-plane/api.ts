import { Agent, request } from 'undici'

/** Asks for a path. Resolves to the status of the answer, or to undefined if there was none. */
export type Ask = (path: string) => Promise<number | undefined>

/**
 * Connects to an HTTPS server for the waits at start, for which starting a kubectl each time would take too long.
 * @param tls as PEM: who has to have signed the server's certificate, and a client certificate with its key
 */
export function connect(
  server: string,
  tls: { ca: string; cert?: string; key?: string },
): { ask: Ask; close(): Promise<void> } {
  const agent = new Agent({ connect: tls })
  return {
    close: () => agent.close(),
    async ask(path) {
      try {
        const { statusCode, body } = await request(`${server}${path}`, { dispatcher: agent, headersTimeout: 2_000 })
        await body.dump()
        return statusCode
      } catch {
        return undefined
      }
    },
  }
}
