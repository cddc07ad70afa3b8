import t from 'tap'
import { ApiError } from '../../src/kube/api-error.ts'
import { PatientSource } from '../../src/kube/patient-source.ts'

/** A source that answers with these errors, then with 'done'; and how long it was waited for. */
function sourceOf(...errors: readonly unknown[]) {
  const left = [...errors]
  const slept: number[] = []
  const source = {
    getJson: async () => {
      if (left.length > 0) throw left.shift()
      return 'done'
    },
  }
  const clock = {
    now: () => 0,
    sleep: async (milliseconds: number) => {
      slept.push(milliseconds)
    },
  }
  const get = () => new PatientSource(source, clock).getJson('/', {}, { signal: new AbortController().signal })
  return { get, slept }
}

const busy = (retryAfter?: number) =>
  new ApiError('refused', { status: 429, ...(retryAfter !== undefined && { retryAfter }) })

t.test('a request that there is no time for is sent again when the API server says', async t => {
  const { get, slept } = sourceOf(busy(3000), busy())
  t.equal(await get(), 'done')
  t.strictSame(slept, [3000, 1000])
})

t.test('it is not waited for long, nor often', async t => {
  const long = sourceOf(busy(10_001))
  await t.rejects(long.get(), { message: /429/ })
  t.strictSame(long.slept, [])
  const often = sourceOf(busy(1), busy(2), busy(3), busy(4))
  await t.rejects(often.get(), { message: /429/ })
  t.strictSame(often.slept, [1, 2, 3])
})

t.test('any other error is told at once', async t => {
  for (const error of [new ApiError('refused', { status: 500 }), new Error('broken')]) {
    const { get, slept } = sourceOf(error)
    await t.rejects(get(), error)
    t.strictSame(slept, [])
  }
})
