import { readdirSync, readFileSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { DecodeThread } from '../../src/http/decode-thread.ts'
import type { Undecoded } from '../../src/http/decode-worker.ts'

/** The runner's own code in the thread needs some of it too. */
const SMALL_HEAP = 48 * 1024 * 1024

function start(test: { teardown(end: () => Promise<void>): void }, timeout?: number): DecodeThread {
  const thread = new DecodeThread(SMALL_HEAP, () => performance.now(), timeout)
  test.teardown(() => thread.close())
  return thread
}

/** A review of a Pod, with what stands in a field that is kept. */
function reviewOf(extra = '1'): Undecoded {
  const request = {
    uid: 'u-1',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    operation: 'CREATE',
    object: { template: 0 },
  }
  const envelope = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request }
  const text = JSON.stringify(envelope).replace('"template":0', () => `"template":${extra}`)
  return { pieces: [Buffer.from(text)], stage: 'validate', templates: [] }
}

const LATER = () => performance.now() + 600_000
/** Few enough parts to be let in, and more than there is memory for. */
const HUNGRY = `[${'{},'.repeat(1_000_000)}1]`

t.test(
  'a body that needs more memory than there is gets an error, and those that wait behind it lose nothing',
  async t => {
    const thread = start(t)
    const answers = await Promise.allSettled([
      thread.decode(reviewOf(HUNGRY), [], LATER()),
      thread.decode(reviewOf(), [], LATER()),
      thread.decode(reviewOf('{'), [], LATER()),
    ])
    const message = /it takes too much memory$/
    t.match(answers, [
      { status: 'rejected', reason: { code: 'TOO_COMPLEX', statusCode: 413, message } },
      { status: 'fulfilled', value: { ok: true, review: { uid: 'u-1' } } },
      { status: 'fulfilled', value: { ok: false, error: 'NOT_JSON' } },
    ])
  },
)

t.test('a body with more parts than there may be is not parsed', async t => {
  const thread = start(t)
  await t.rejects(thread.decode(reviewOf('['.repeat(10_001)), [], LATER()), {
    code: 'TOO_COMPLEX',
    message: /nested more than 10000 levels deep$/,
  })
})

t.test('a body that takes too long ends with its thread, and the next one has a new one', async t => {
  // No thread is there within a millisecond.
  const thread = start(t, 1)
  await t.rejects(thread.decode(reviewOf(), [], LATER()), { code: 'TOO_COMPLEX', message: /it takes too long$/ })
  await t.rejects(thread.decode(reviewOf(), [], LATER()), { code: 'TOO_COMPLEX' })
})

t.test('a body that is not done by its deadline is waited for no longer, and the thread goes on', async t => {
  const thread = start(t)
  const late = thread.decode(reviewOf(), [], performance.now() + 1)
  const next = thread.decode(reviewOf(), [], LATER())
  await t.rejects(late, { code: 'OVERLOADED', statusCode: 503 })
  t.match(await next, { ok: true })
})

t.test('whose turn does not come before the deadline is turned away', async t => {
  const thread = start(t)
  const first = thread.decode(reviewOf(), [], LATER())
  await t.rejects(thread.decode(reviewOf(), [], performance.now() - 1), { message: /no room in time/ })
  t.match(await first, { ok: true })
})

t.test('any other fault is a bug', async t => {
  const thread = start(t)
  await t.rejects(thread.decode({ ...reviewOf(), templates: [() => 1] as never }, [], LATER()), {
    name: 'DataCloneError',
  })
})

t.test('it gives way to the thread that answers ordinary reviews', { skip: process.platform !== 'linux' }, async t => {
  /** By thread, of which the first is the one that answers; another may end meanwhile. */
  const niceValues = () =>
    readdirSync('/proc/self/task').flatMap(thread => {
      const [, fields] = readIfThere(`/proc/self/task/${thread}/stat`).split(') ')
      return fields === undefined ? [] : Number(fields.split(' ')[16])
    })
  const before = niceValues()
  const thread = start(t)
  let isDone = false
  const decoding = thread.decode(reviewOf(`[${'{},'.repeat(100_000)}1]`), [], LATER()).finally(() => {
    isDone = true
  })
  // One that has used much of its memory ends when it is done.
  const seen = new Set<number>()
  while (!isDone) {
    const [own, ...others] = niceValues()
    if (own !== before[0]) t.fail('the thread that answers gives way as well')
    for (const value of others) seen.add(value)
    await nextTurn()
  }
  await decoding
  t.ok(seen.has(10))
})

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
