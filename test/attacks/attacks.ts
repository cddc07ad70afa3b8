import { setTimeout as wait } from 'node:timers/promises'
import { Connections } from './connections.ts'
import { LOUD, many, pod, REVIEW_BYTES, reviewOf } from './objects.ts'
import { SHAPES } from './shapes.ts'
import type { Stand } from './stand.ts'

/** Something that somebody does who is up to no good. */
export interface Attack {
  readonly name: string
  run(stand: Stand, milliseconds: number): Promise<unknown>
}

type Port = 'url' | 'metrics' | 'health'

const HEAD = 'POST /validate?timeout=10s HTTP/1.1\r\nhost: regcred\r\ncontent-type: application/json\r\n'

/** Opens connections, each with this to say, and leaves them as they are. */
function leaveOpen(name: string, count: number, text: string, to: Port = 'url'): Attack {
  const run = async (stand: Stand, milliseconds: number) => {
    const connections = new Connections(stand[to])
    await connections.open(count, text)
    await wait(milliseconds)
    connections.close()
  }
  return { name, run }
}

/** Writes this over and over, on so many connections, as fast as it is taken, or every so many milliseconds. */
function keepWriting(name: string, count: number, head: string, text: string, to: Port = 'url', every = 1): Attack {
  const run = async (stand: Stand, milliseconds: number) => {
    const connections = new Connections(stand[to])
    const end = performance.now() + milliseconds
    while (performance.now() < end) {
      await connections.open(count - connections.sockets.length, head)
      for (const socket of connections.sockets) if (!socket.writableNeedDrain) socket.write(text)
      await wait(every)
    }
    connections.close()
  }
  return { name, run }
}

/** Sends a review again and again, on so many connections, each as soon as the one before is answered. */
function keepAsking(name: string, count: number, body: string): Attack {
  const request = `${HEAD}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  const run = async (stand: Stand, milliseconds: number) => {
    const connections = new Connections(stand.url)
    for (const socket of await connections.open(count, request)) socket.on('data', () => socket.write(request))
    await wait(milliseconds)
    connections.close()
  }
  return { name, run }
}

/** A Pod that takes all the steps that a review may take, and is small. */
const COSTLY = pod(LOUD, {
  images: many(80, i => `r${i}.example.com/web`),
  metadata: { annotations: { 'regcred.dev/pull-secrets': many(2000, i => `pull-${i}`).join() } },
})

/** A review of 63 kB that is quick to read over and slow to parse: brackets where nobody looks. */
const DEEP = reviewOf(pod(LOUD, { images: ['nginx'] })).replace(
  '"spec":{',
  () => `"x":${'['.repeat(31_000)}${']'.repeat(31_000)},"spec":{`,
)

/** Begins a body on so many connections, and goes on a little at a time, by no more than is asked for. */
function trickle(name: string, count: number, length: number, first: number, step: number): Attack {
  const begin = `${HEAD}content-length: ${length}\r\n\r\n${' '.repeat(first)}`
  return keepWriting(name, count, begin, ' '.repeat(step), 'url', 250)
}

/** Requests in one write, on so many new connections at once, again every tenth of a second. */
function writeAtOnce(name: string, count: number, text: string, to: Port = 'url'): Attack {
  const run = async (stand: Stand, milliseconds: number) => {
    const connections = new Connections(stand[to])
    const end = performance.now() + milliseconds
    while (performance.now() < end) {
      await connections.open(count, text)
      await wait(100)
      connections.close()
    }
  }
  return { name, run }
}

const EXPECTING = `${HEAD}expect: more\r\ncontent-length: ${REVIEW_BYTES * 100}\r\n\r\n`
const SCRAPES = 'GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(1500)
const PROBES = 'GET /readyz HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(1500)

/** What comes in one packet, or without a pause. */
const greedy: readonly Attack[] = [
  writeAtOnce('1,500 requests in one write, on 20 connections', 20, PROBES),
  writeAtOnce('1,500 requests in one write, on 20 connections to the port for health', 20, PROBES, 'health'),
  writeAtOnce('1,500 requests in one write, on 20 connections to the port for metrics', 20, SCRAPES, 'metrics'),
  keepWriting('a body after an expectation that nobody meets', 4, EXPECTING, ' '.repeat(65_536)),
  keepAsking('reviews that each take all steps, on 8 connections', 8, reviewOf(COSTLY)),
  keepAsking('63 kB of brackets, on 50 connections', 50, DEEP),
  trickle('30 bodies of 24 MB, of which 2 MB come at once and 80 kB in a second', 30, 24_000_000, 1_900_000, 20_000),
  trickle('560 bodies of 64 KiB, of which 60 kB come', 560, 65_536, 60_000, 0),
]

/** One request each, one after another. */
const shapes: readonly Attack[] = SHAPES.map(({ name }, index) => ({
  name,
  run: async stand => await (await stand.prepare(index))(),
}))

const connections: readonly Attack[] = [
  leaveOpen('12 connections that announce 7 MB and send a byte', 12, `${HEAD}content-length: 7000000\r\n\r\n{`),
  leaveOpen('1,000 connections that announce 7 MB and send a byte', 1000, `${HEAD}content-length: 7000000\r\n\r\n{`),
  leaveOpen('2,500 idle connections', 2500, ''),
  leaveOpen('500 connections with half a head', 500, 'POST /validate HTTP/1.1\r\nhost: '),
  {
    name: '2,500 connections without a handshake',
    run: async (stand, milliseconds) => {
      const connections = new Connections(stand.url)
      await connections.openHalf(2500)
      await wait(milliseconds)
      connections.close()
    },
  },
  keepWriting('a body in pieces of a byte', 1, `${HEAD}transfer-encoding: chunked\r\n\r\n`, '1\r\n \r\n'.repeat(2000)),
  keepWriting(
    '20 bodies in pieces of a byte',
    20,
    `${HEAD}transfer-encoding: chunked\r\n\r\n`,
    '1\r\n \r\n'.repeat(100),
  ),
  keepWriting(
    'requests without end, whose answers nobody reads',
    10,
    '',
    `${'GET /readyz HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(100)}`,
  ),
  keepWriting('a head without end', 10, 'GET /livez HTTP/1.1\r\n', `a: ${'x'.repeat(1000)}\r\n`),
  keepWriting(
    'paths that there are none of',
    10,
    '',
    many(20, i => `GET /${i}${'x'.repeat(200)} HTTP/1.1\r\nhost: a\r\n\r\n`).join(''),
  ),
  keepWriting(
    'a body larger than it may be',
    4,
    `${HEAD}content-length: ${REVIEW_BYTES * 100}\r\n\r\n`,
    ' '.repeat(65_536),
  ),
  leaveOpen(
    '100 bodies of 7 MB to a path that there is none of',
    100,
    `${HEAD.replace('/validate', '/elsewhere')}content-length: 7000000\r\n\r\n${' '.repeat(6_000_000)}`,
  ),
  leaveOpen('1,000 idle connections to the port for health', 1000, '', 'health'),
  leaveOpen('1,000 idle connections to the port for metrics', 1000, '', 'metrics'),
  keepWriting(
    'a body for metrics',
    4,
    'POST /metrics HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n',
    `10000\r\n${' '.repeat(65_536)}\r\n`,
    'metrics',
  ),
]

/** As many of the largest at once as one process sends. */
const sideBySide: Attack = {
  name: 'the largest of all, side by side',
  run: async (stand, milliseconds) => await (await stand.prepareLargest())(milliseconds),
}

const allAtOnce: Attack = {
  name: 'connections of every kind, and the largest of all, at once',
  run: async (stand, milliseconds) =>
    await Promise.all([...connections, sideBySide].map(attack => attack.run(stand, milliseconds))),
}

/** All of them, the larger ones last. */
export const ATTACKS: readonly Attack[] = [...connections, ...greedy, ...shapes, sideBySide, allAtOnce]
