import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { AskError } from '../../src/ask/ask-error.ts'
import { ApiError } from '../../src/kube/api-error.ts'
import { awaitReady } from '../../src/status/await-ready.ts'
import type { Part } from '../../src/status/part.ts'
import type { ReleaseStatus } from '../../src/status/read-status.ts'
import { FakeClock } from '../runtime/fake-clock.ts'

const of = (state: Part['state'], text = 'x'): readonly ReleaseStatus[] => [
  { namespace: 'a', name: 'a', parts: [{ part: 'replicas', state, text }] },
]
const question = { server: 'https://c.example', verb: 'list', resource: 'pods', namespace: 'a', timeout: 1 } as const
const down = new AskError(new ApiError('unreachable'), question)

/** Looks at one after another of these, and at the last one for ever. */
function looking(looks: readonly (readonly ReleaseStatus[] | Error)[], milliseconds: number) {
  const clock = new FakeClock()
  const told: string[] = []
  let i = 0
  const look = async () => {
    const next = looks[Math.min(i, looks.length - 1)] ?? []
    i += 1
    if (next instanceof Error) throw next
    return next
  }
  const end = awaitReady(look, { milliseconds, clock, tell: text => told.push(text) })
  end.catch(() => undefined)
  return { end, clock, told, looks: () => i }
}

t.test('what is ready is looked at once', async t => {
  const { end, looks } = looking([of('good')], 60_000)
  t.match(await end, { verdict: 'ready' })
  t.equal(looks(), 1)
})

t.test('without a wait it is looked at once, whatever it is', async t => {
  t.match(await looking([of('bad')], 0).end, { verdict: 'notReady' })
  t.match(await looking([of('unknown')], 0).end, { verdict: 'unknown' })
  t.match(await looking([[]], 0).end, { verdict: 'notReady' })
  await t.rejects(looking([down], 0).end, down)
})

t.test('it is looked at every second until it is ready, and what is missing is told', async t => {
  const { end, clock, told, looks } = looking(
    [[], down, of('bad', '0 of 2'), of('unknown', 'may not'), of('good')],
    120_000,
  )
  for (let second = 0; second < 4; second += 1) {
    await clock.sleepOf(1000, 1000)
    clock.advance(1000)
    await setImmediate()
  }
  t.match(await end, { verdict: 'ready' })
  t.equal(looks(), 5)
  t.match(told, [
    /^waiting for 2 minutes more: no regcred was found/,
    /^waiting for 1 minute more: the API server .* cannot be reached/,
    'waiting for 1 minute more: 0 of 2',
    'waiting for 1 minute more: may not',
  ])
})

t.test('at the end it is what it was last', async t => {
  const { end, clock } = looking([of('bad')], 1500)
  await clock.sleepOf(1000, 1000)
  clock.advance(1000)
  await setImmediate()
  await clock.sleepOf(500, 500)
  clock.advance(500)
  t.match(await end, { verdict: 'notReady' })
})

t.test('a bug is not waited for', async t => {
  await t.rejects(looking([new TypeError('x')], 60_000).end, TypeError)
})
