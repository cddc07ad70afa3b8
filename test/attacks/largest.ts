import { setTimeout as wait } from 'node:timers/promises'
import { Connections } from './connections.ts'
import { SHAPES } from './shapes.ts'

const HEAD = 'POST /validate?timeout=10s HTTP/1.1\r\nhost: regcred\r\ncontent-type: application/json\r\n'
/** Of the shapes, those that took the most to be read. */
const LARGEST = ['hosts of their own', 'lists in lists', 'different keys', 'empty objects']

export function makeLargest(): readonly Buffer[] {
  const shapes = SHAPES.filter(({ name }) => LARGEST.some(part => name.endsWith(part)))
  return shapes.map(shape => Buffer.from(shape.body()))
}

/** Sends each four times at once, and again as soon as connections are closed, for some milliseconds. */
export async function sendSideBySide(url: string, bodies: readonly Buffer[], milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds
  const connections = new Connections(url)
  while (performance.now() < end) {
    for (const body of bodies) {
      const sockets = await connections.open(4, `${HEAD}content-length: ${body.length}\r\n\r\n`)
      for (const socket of sockets) socket.write(body)
    }
    await wait(500)
    connections.close()
  }
}
