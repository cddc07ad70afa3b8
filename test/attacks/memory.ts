import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { hasExited } from '../processes/guard.ts'
import { ATTACKS, type Attack } from './attacks.ts'
import { pod, reviewOf } from './objects.ts'
import { LIMIT_MIB, type Stand, startStand } from './stand.ts'

const USAGE = `Usage: node test/attacks/memory.ts [--short] [NAME]

Sends hostile bodies to \`regcred serve\` under the memory limit of the chart (${LIMIT_MIB} MiB, by control group), one after another and
then all at once, and prints the memory that it needed. It has to live, and to answer ordinary reviews and probes all the while.
With NAME only attacks with it in their name. Needs Linux, and root to make a control group.
`

/** Milliseconds that what goes on for ever goes on. */
const DURATION_MS = process.argv.includes('--short') ? 2000 : 15_000
/** Milliseconds after which nobody waits any more for a review, and for a probe. */
const TIMEOUT_MS = 30_000
const NAME = process.argv.slice(2).find(argument => !argument.startsWith('--')) ?? ''
const REVIEW = reviewOf(pod('default', { images: ['r.example.com/web'], references: ['pull'] }))

/** Somebody who goes on asking, and wants an answer each time. */
class Asker {
  readonly #reviews: Pool
  readonly #health: Pool
  readonly #asking: Promise<void>[]
  #isDone = false
  answered = 0
  failed = 0
  /** Milliseconds. */
  longest = 0

  constructor(stand: Stand) {
    const timeouts = { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS }
    this.#reviews = new Pool(stand.url, { connections: 4, allowH2: false, connect: { ca: stand.ca }, ...timeouts })
    // As the kubelet: a connection for each probe.
    this.#health = new Pool(stand.health, { connections: 1, pipelining: 0, ...timeouts })
    const headers = { 'content-type': 'application/json' }
    const review = { method: 'POST', path: '/validate?timeout=30s', headers, body: REVIEW } as const
    this.#asking = [
      this.#keepAsking(async () => {
        const { statusCode, body } = await this.#reviews.request(review)
        return statusCode === 200 && (await body.text()).includes('"uid":"u-1"')
      }),
      this.#keepAsking(async () => {
        const { statusCode, body } = await this.#health.request({ method: 'GET', path: '/livez' })
        return statusCode === 200 && (await body.text()) === 'ok\n'
      }),
    ]
  }

  async stop(): Promise<void> {
    this.#isDone = true
    await Promise.all(this.#asking)
    await Promise.all([this.#reviews.destroy(), this.#health.destroy()])
  }

  async #keepAsking(ask: () => Promise<boolean>): Promise<void> {
    while (!this.#isDone) {
      const began = performance.now()
      const isAnswered = await ask().catch(() => false)
      this.longest = Math.max(this.longest, performance.now() - began)
      if (isAnswered) this.answered += 1
      else this.failed += 1
      await wait(20)
    }
  }
}

/** Has somebody ask while attacks go on, and prints what came of it. Throws where it ends, or leaves somebody unanswered. */
async function watch(name: string, stand: Stand, attacks: readonly Attack[]): Promise<void> {
  const asker = new Asker(stand)
  await Promise.all(attacks.map(attack => attack.run(stand, DURATION_MS)))
  await asker.stop()
  const { answered, failed, longest } = asker
  const { process: server } = stand
  if (hasExited(server)) throw new Error(`${name}: it ended with ${server.signalCode ?? server.exitCode}`)
  const waited = `${answered} answered, ${failed} not, ${Math.round(longest)} ms at most`
  console.log(`${Math.round(await stand.peak())} MiB at most, ${waited}: ${name}`)
  if (failed > 0) throw new Error(`${name}: somebody was not answered`)
}

async function main(): Promise<void> {
  const stand = await startStand()
  try {
    const attacks = ATTACKS.filter(({ name, bodies }) => bodies !== undefined && name.includes(NAME))
    for (const attack of attacks) await watch(attack.name, stand, [attack])
    const together = attacks.filter(({ bodies }) => bodies === 'many')
    for (const time of ['first', 'second']) await watch(`all of many at once, the ${time} time`, stand, together)
  } finally {
    await stand.stop()
  }
}

if (process.argv.includes('--help')) process.stdout.write(USAGE)
else
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
