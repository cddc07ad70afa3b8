import { readFileSync } from 'node:fs'
import { Agent, request } from 'undici'
import { makeLargest, sendSideBySide } from './largest.ts'
import { SHAPES } from './shapes.ts'

/**
 * Sends shapes, in a process of its own: to make and to send 24 megabytes takes its time too. The message `NUMBER` makes the
 * body of that shape, and `send` sends it. `largest` makes the largest, and `side by side NUMBER` sends them for so many
 * milliseconds. Each is answered.
 */
const [url = '', caFile = '', apiServer = '', apiServerCa = ''] = process.argv.slice(2)
const [dispatcher, toApiServer] = [caFile, apiServerCa].map(
  file => new Agent({ connect: { ca: readFileSync(file, 'utf8') }, allowH2: false, headersTimeout: 60_000 }),
) as [Agent, Agent]
let largest: readonly Buffer[] = []
let made = { to: '', body: Buffer.alloc(0) }

process.on('message', async (message: string) => {
  if (message === 'send') {
    process.send?.(await send(made.to, made.body))
    return
  }
  if (message === 'largest') {
    largest = makeLargest()
    process.send?.('made')
    return
  }
  const [, milliseconds] = /^side by side (\d+)$/.exec(message) ?? []
  if (milliseconds !== undefined) {
    await sendSideBySide(url, largest, Number(milliseconds))
    process.send?.('sent')
    return
  }
  const shape = SHAPES[Number(message)]
  if (shape === undefined) throw new Error(`not a shape: ${message}`)
  made = { to: shape.to, body: Buffer.from(shape.body()) }
  process.send?.('made')
})
process.on('disconnect', () => process.exit())

/** Status 0 is no answer at all. */
async function send(to: string, body: Buffer): Promise<{ readonly status: number; readonly milliseconds: number }> {
  const started = performance.now()
  const isEvent = to === 'event'
  const address = isEvent ? `${apiServer}/events` : `${url}${to}?timeout=10s`
  const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body } as const
  try {
    const answer = await request(address, { ...options, dispatcher: isEvent ? toApiServer : dispatcher })
    await answer.body.dump()
    return { status: answer.statusCode, milliseconds: performance.now() - started }
  } catch {
    return { status: 0, milliseconds: performance.now() - started }
  }
}
