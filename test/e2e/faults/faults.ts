import { setTimeout as wait } from 'node:timers/promises'
import { connect, type TLSSocket } from 'node:tls'
import { Agent, request } from 'undici'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, namespace, pod, pullSecret, REGISTRY } from '../control-plane/objects.ts'
import type { Regcred } from '../regcred/regcred.ts'
import type { Stand } from './stand.ts'

/** Something that goes wrong while Pods are made. */
export interface Fault {
  readonly name: string
  /** How often, or for how many seconds: in a test, and in the long run whose numbers are published. */
  readonly times: { readonly short: number; readonly long: number }
  readonly unit: 'times' | 'seconds'
  /** Pods a second meanwhile. */
  readonly rate: number
  readonly run: (stand: Stand, times: number) => Promise<void>
}

/** Milliseconds between two faults, in which all that they broke may mend. */
const PAUSE = 500
const SLOW_CLIENTS = 1000
/** Requests that change something and are under way at once, past which a kube-apiserver turns others away (its default). */
const MOST_IN_FLIGHT = 200

export const FAULTS: readonly Fault[] = [
  { name: 'replicas rolled', times: { short: 2, long: 10 }, unit: 'times', rate: 20, run: roll },
  { name: 'kube-apiserver killed', times: { short: 1, long: 5 }, unit: 'times', rate: 20, run: killApiServer },
  { name: 'watches cut', times: { short: 10, long: 100 }, unit: 'times', rate: 20, run: cutWatches },
  { name: 'slow clients', times: { short: 8, long: 60 }, unit: 'seconds', rate: 20, run: sendSlowly },
  { name: 'three times the load', times: { short: 8, long: 60 }, unit: 'seconds', rate: 5, run: overload },
  { name: 'soak', times: { short: 5, long: 1200 }, unit: 'seconds', rate: 20, run: soak },
]

async function roll(stand: Stand, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    await stand.addReplica()
    await stand.removeReplica()
  }
}

async function killApiServer({ controlPlane }: Stand, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    await wait(2000)
    await controlPlane.stopApiServer(0)
    await controlPlane.startApiServer()
    await wait(2000)
  }
}

async function cutWatches({ apiRelay }: Stand, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    apiRelay.cut()
    await wait(PAUSE)
  }
}

/** Nothing goes wrong, but much changes: pull secrets come and go, which whoever forgets nothing would keep. */
async function soak({ controlPlane: { kubectl } }: Stand, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000
  outputOf(await apply(kubectl, namespace('soak')))
  for (let i = 0; performance.now() < end; i += 1) {
    const secrets = Array.from({ length: 10 }, (_, n) =>
      pullSecret('soak', `pull-${n}`, `registry-${i}-${n}.example.com`),
    )
    outputOf(await apply(kubectl, ...secrets))
    if (i % 5 === 4) outputOf(await kubectl(['delete', 'secrets', '--all', '--namespace=soak', '--wait=false']))
    await wait(4000)
  }
  outputOf(await kubectl(['delete', 'namespace', 'soak', '--wait=false']))
}

/** A thousand clients that send a review, a byte a second each, to each replica. */
async function sendSlowly({ replicas, authority }: Stand, seconds: number): Promise<void> {
  const sockets = replicas.flatMap(({ url }) =>
    Array.from({ length: SLOW_CLIENTS / replicas.length }, () => openSlowly(url, authority.certificate)),
  )
  for (let i = 0; i < seconds; i += 1) {
    await wait(1000)
    for (const socket of sockets) if (socket.writable) socket.write(' ')
  }
  for (const socket of sockets) socket.destroy()
}

function openSlowly(url: string, ca: string): TLSSocket {
  const { hostname: host, port } = new URL(url)
  const socket = connect({ host, port: Number(port), ca })
  // It is cut off sooner or later, and that is well.
  socket.on('error', () => {})
  socket.write(
    'POST /validate?timeout=10s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 3000\r\n\r\n',
  )
  return socket
}

/**
 * Sends a replica that has one core three times what it has just answered, whether it answers or not. The reviews are costly
 * ones, so that sending them costs less than answering.
 */
async function overload(stand: Stand, seconds: number): Promise<void> {
  const serve = [process.execPath, 'src/cli.ts', 'serve'] as const
  const pinned = await stand.addReplica(['taskset', '--cpu-list', '0', ...serve])
  await stand.removeReplica()
  await stand.removeReplica()
  const client = new Client(pinned, stand.authority.certificate)
  const capacity = await client.measure(2000)
  await client.send(3 * capacity, seconds)
  await client.close()
  await stand.addReplica()
}

class Client {
  readonly #url: string
  readonly #dispatcher: Agent
  readonly #body = costlyReview()

  constructor({ url }: Regcred, ca: string) {
    this.#url = `${url}/validate?timeout=1s`
    this.#dispatcher = new Agent({ connect: { ca }, allowH2: false, connections: MOST_IN_FLIGHT })
  }

  /** Reviews that are answered in a second when sixteen are under way at any time. */
  async measure(milliseconds: number): Promise<number> {
    const end = performance.now() + milliseconds
    let answered = 0
    const one = async () => {
      while (performance.now() < end) if (await this.#ask()) answered += 1
    }
    await Promise.all(Array.from({ length: 16 }, one))
    return (answered * 1000) / milliseconds
  }

  /** Sends so many a second, whatever becomes of them, as far as an API server would. */
  async send(perSecond: number, seconds: number): Promise<void> {
    const underWay = new Set<Promise<unknown>>()
    const start = performance.now()
    for (let sent = 0; sent < perSecond * seconds; ) {
      const due = Math.min(((performance.now() - start) / 1000) * perSecond, perSecond * seconds)
      for (; sent < due; sent += 1) {
        if (underWay.size >= MOST_IN_FLIGHT) continue
        const one = this.#ask().finally(() => underWay.delete(one))
        underWay.add(one)
      }
      await wait(5)
    }
    await Promise.all(underWay)
  }

  async close(): Promise<void> {
    await this.#dispatcher.close()
  }

  async #ask(): Promise<boolean> {
    // As an API server does it waits longer than it says, and keeps its connections: what it gets late is an answer all the same.
    const options = { dispatcher: this.#dispatcher, method: 'POST', headersTimeout: 15_000 } as const
    const headers = { 'content-type': 'application/json' }
    try {
      const { statusCode, body } = await request(this.#url, { ...options, headers, body: this.#body })
      await body.dump()
      return statusCode === 200
    } catch {
      return false
    }
  }
}

function costlyReview(): string {
  const images = Array.from({ length: 400 }, (_, i) => `${REGISTRY}/acme/part-${i}:1`)
  const object = pod('load', 'costly', { images, references: ['acme'] })
  const request = {
    uid: 'u',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    namespace: 'load',
    operation: 'CREATE',
    object,
  }
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request })
}
