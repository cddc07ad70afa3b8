import t from 'tap'
import { ask, pod, secretFor } from './ask.ts'

// Eight times the references and images take eight times as long; their product would take 64 times.
const SIZE = 400
const FACTOR = 8
const TOO_MUCH = 24

const range = (size: number) => Array.from({ length: size }, (_, at) => at)

/** A Pod with as many references as images, in a namespace with as many pull secrets, each for a host of its own. */
const asked = (size: number, host: (at: number) => string) => ({
  objects: range(size).map(at => secretFor(`s${at}`, `r${at}.io`)),
  object: pod({ references: range(size).map(at => `s${at}`), images: range(size).map(at => `${host(at)}/web`) }),
})

for (const stage of ['mutate', 'validate'] as const) {
  for (const [what, host] of [
    ['covered', (at: number) => `r${at}.io`],
    ['uncovered', (at: number) => `other-${at}.io`],
  ] as const) {
    t.test(`${stage}: the time for many ${what} images and references does not grow with their product`, async t => {
      const small = await measure(() => ask({ stage, ...asked(SIZE, host) }))
      const large = await measure(() => ask({ stage, ...asked(SIZE * FACTOR, host) }))
      t.ok(large / small < TOO_MUCH, `${(large / small).toFixed(1)} times`)
    })
  }
}

/** The least time of the processor in milliseconds, so that other work on the machine does not count. */
async function measure(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  while (times.length < 4) {
    const before = process.cpuUsage()
    await run()
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1000)
  }
  return Math.min(...times)
}
