import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { pod, reviewOf } from './objects.ts'
import type { Stand } from './stand.ts'

/** For how many milliseconds the slowest of each had to wait for its answer. */
export interface Waited {
  readonly review: number
  readonly livez: number
  /** Wrong Pods that were let through because nobody could find out in time; each is recorded. */
  readonly unconfirmed: number
}

/** Milliseconds between two reviews, and between two probes. */
const REVIEW_EVERY_MS = 5
const PROBE_EVERY_MS = 50

const RIGHT = reviewOf(pod('default', { images: ['r.example.com/web'], references: ['pull'] }))
const WRONG = reviewOf(pod('default', { images: ['s.example.com/web'], references: ['pull'] }))

/**
 * Somebody who has nothing to do with an attack, and is to notice nothing of it: right and wrong Pods by turns, which are to be
 * allowed and refused, and the kubelet's probe.
 */
export class Witness {
  readonly #pool: Pool
  readonly #health: Pool

  constructor(stand: Stand) {
    // New connections come too, as of an API server that starts.
    this.#pool = new Pool(stand.url, {
      connections: 32,
      allowH2: false,
      connect: { ca: stand.ca },
      headersTimeout: 11_000,
    })
    this.#health = new Pool(stand.health, { connections: 1, pipelining: 0 })
  }

  /** Watches while something is done. Throws for a wrong answer, and for none. */
  async watch(work: () => Promise<unknown>): Promise<Waited> {
    const longest = { review: 0, livez: 0, unconfirmed: 0 }
    const underWay: Promise<void>[] = []
    let isDone = false
    const keepAsking = async (what: 'review' | 'livez', every: number, ask: (turn: number) => Promise<boolean>) => {
      for (let turn = 0; !isDone; turn += 1) {
        const began = performance.now()
        const asked = ask(turn).then(isUnconfirmed => {
          longest.unconfirmed += Number(isUnconfirmed)
          longest[what] = Math.max(longest[what], performance.now() - began)
        })
        asked.catch(() => undefined)
        underWay.push(asked)
        await wait(every)
      }
    }
    const asking = [
      keepAsking('review', REVIEW_EVERY_MS, turn => this.#review(turn % 2 === 0)),
      keepAsking('livez', PROBE_EVERY_MS, () => this.#probe()),
    ]
    try {
      await work()
    } finally {
      isDone = true
      await Promise.all(asking)
    }
    await Promise.all(underWay)
    return longest
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.close(), this.#health.close()])
  }

  /** @returns whether it was let through unconfirmed */
  async #review(isRight: boolean): Promise<boolean> {
    const headers = { 'content-type': 'application/json' }
    const body = isRight ? RIGHT : WRONG
    const answer = await this.#pool.request({ method: 'POST', path: '/validate?timeout=10s', headers, body })
    const text = await answer.body.text()
    const isUnconfirmed = !isRight && text.includes('"unconfirmed"')
    if (!isUnconfirmed && !text.includes(`"allowed":${isRight}`))
      throw new Error(`a ${isRight ? 'right' : 'wrong'} Pod: ${answer.statusCode} ${text}`)
    return isUnconfirmed
  }

  async #probe(): Promise<false> {
    const answer = await this.#health.request({ method: 'GET', path: '/livez' })
    await answer.body.dump()
    if (answer.statusCode !== 200) throw new Error(`/livez answered ${answer.statusCode}`)
    return false
  }
}
