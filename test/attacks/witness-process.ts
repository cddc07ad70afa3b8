import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { pod, reviewOf } from './objects.ts'
import type { Waited } from './witness.ts'

/** Milliseconds between two reviews, and between two probes. */
const REVIEW_EVERY_MS = 5
const PROBE_EVERY_MS = 50

const RIGHT = reviewOf(pod('default', { images: ['r.example.com/web'], references: ['pull'] }))
const WRONG = reviewOf(pod('default', { images: ['s.example.com/web'], references: ['pull'] }))

/**
 * Somebody who has nothing to do with an attack, and is to notice nothing of it: right and wrong Pods by turns, which are to be
 * allowed and refused, and the kubelet's probe.
 */
class Watcher {
  readonly #pool: Pool
  readonly #health: Pool

  constructor(url: string, health: string, ca: string) {
    // New connections come too, as of an API server that starts.
    this.#pool = new Pool(url, { connections: 32, allowH2: false, connect: { ca }, headersTimeout: 11_000 })
    this.#health = new Pool(health, { connections: 1, pipelining: 0 })
  }

  /** Watches until something is done. Throws for a wrong answer, and for none. */
  async watch(done: Promise<unknown>): Promise<Waited> {
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
        // A kubelet has one probe under way.
        if (what === 'livez') await asked.catch(() => undefined)
        await wait(every)
      }
    }
    const asking = [
      keepAsking('review', REVIEW_EVERY_MS, turn => this.#review(turn % 2 === 0)),
      keepAsking('livez', PROBE_EVERY_MS, () => this.#probe()),
    ]
    try {
      await done
    } finally {
      isDone = true
      await Promise.all(asking)
    }
    await Promise.all(underWay)
    return longest
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

/**
 * Between two messages it watches, and says what was seen, or what was wrong. In a process of its own: what attacks cost the
 * process that makes them is not for the server to answer for.
 */
const [url = '', health = '', caFile = ''] = process.argv.slice(2)
process.on('disconnect', () => process.exit())
const watcher = new Watcher(url, health, readFileSync(caFile, 'utf8'))
for (;;) {
  await once(process, 'message')
  const stopped = once(process, 'message')
  process.send?.('watching')
  process.send?.(await watcher.watch(stopped).catch((error: Error) => error.message))
}
