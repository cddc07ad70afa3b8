import { Registry } from 'prom-client'
import t from 'tap'
import { Tally } from '../../src/telemetry/tally.ts'

t.test('what was counted is there when it is scraped, however often that is', async t => {
  const registry = new Registry()
  const tally = new Tally(registry, 'reviews_total', 'Reviews.', ['stage', 'kind'])
  tally.count('mutate', 'Pod')
  tally.count('validate', 'Pod')
  tally.count('validate', 'Pod')
  const lines = async () => (await registry.metrics()).split('\n').filter(line => line !== '')
  const wanted = [
    '# HELP reviews_total Reviews.',
    '# TYPE reviews_total counter',
    'reviews_total{stage="mutate",kind="Pod"} 1',
    'reviews_total{stage="validate",kind="Pod"} 2',
  ]
  t.strictSame(await lines(), wanted)
  t.strictSame(await lines(), wanted)
})

t.test('what has not been counted yet is there as 0 once it is begun', async t => {
  const registry = new Registry()
  const tally = new Tally(registry, 'reads_total', 'Reads.', ['read'])
  tally.begin('secret')
  t.match(await registry.metrics(), /^reads_total\{read="secret"\} 0$/m)
})

t.test('one without labels counts as well', async t => {
  const registry = new Registry()
  const tally = new Tally(registry, 'errors_total', 'Errors.', [])
  t.match(await registry.metrics(), /^errors_total 0$/m)
  tally.count()
  t.match(await registry.metrics(), /^errors_total 1$/m)
})
