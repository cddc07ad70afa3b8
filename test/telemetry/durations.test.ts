import { Registry } from 'prom-client'
import t from 'tap'
import { Durations } from '../../src/telemetry/durations.ts'

t.test('every observation is in a scrape, whether it waited in a batch or not', async t => {
  const registry = new Registry()
  const durations = new Durations(registry, 'a_seconds', 'A.', 'stage')
  for (let i = 0; i < 600; i += 1) durations.record(i % 3 === 0 ? 'mutate' : 'validate', 0.0625)
  for (const round of ['first', 'second']) {
    const lines = (await registry.metrics()).split('\n')
    t.ok(lines.includes('a_seconds_count{stage="mutate"} 200'), round)
    t.ok(lines.includes('a_seconds_sum{stage="validate"} 25'), round)
    t.ok(lines.includes('a_seconds_bucket{le="0.05",stage="validate"} 0'), round)
    t.ok(lines.includes('a_seconds_bucket{le="0.1",stage="validate"} 400'), round)
  }
})
