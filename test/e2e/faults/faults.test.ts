import t from 'tap'
import { FAULTS } from './faults.ts'
import { startLoad } from './load.ts'
import { startStand } from './stand.ts'

// The short form; `npm run faults` is the long one, whose numbers are in docs/reliability.md.
const stand = await startStand()
t.teardown(() => stand.stop())

for (const { name, times, unit, rate, run } of FAULTS) {
  t.test(`no Pod fails because of us, and nothing wrong is said: ${name}, ${times.short} ${unit}`, async t => {
    const load = await startLoad(stand.controlPlane, rate)
    await run(stand, times.short)
    const { sample, ...tally } = await load.stop()
    t.match(tally, { failed: 0, wrong: 0 }, { sample, tally })
    t.ok(tally.answered > 0, 'there was a load')
    if (name !== 'three times the load') t.equal(tally.overloaded, 0, { sample })
  })
}
