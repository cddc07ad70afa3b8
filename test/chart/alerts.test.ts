import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { defaultSettings } from '../../src/policy/settings.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const rules = read('charts/regcred/templates/prometheusrule.yaml')
const dashboard = read('charts/regcred/files/dashboard.json')
const operations = read('docs/operations.md')

const metrics = new Metrics()
metrics.observe({
  version: '0',
  resources: () => [],
  certificateNotAfter: () => 0,
  certificateSourceOk: () => true,
  injectionEnabled: () => true,
  registries: () => defaultSettings.registries,
})
const known = (await metrics.registry.getMetricsAsJSON()).map(({ name }) => name).filter(name => /^regcred_/.test(name))

t.test('every alert has its part of the runbook, and no part is without its alert', async t => {
  const alerts = [...rules.matchAll(/"alert" "(\w+)"/g)].map(([, alert]) => alert)
  const headings = [...operations.matchAll(/^### (\w+)$/gm)].map(([, heading]) => heading)
  t.strictSame(alerts, headings)
})

for (const [name, text] of Object.entries({ rules, dashboard, operations })) {
  t.test(`the ${name} name no metric that is not there`, async t => {
    const named = [...text.matchAll(/\bregcred_[a-z_]+/g)].map(([metric]) => metric.replace(/_(bucket|count)$/, ''))
    t.strictSame([...new Set(named)].filter(metric => !known.includes(metric)).sort(), [])
  })
}

t.test('the operations and the dashboard leave out no metric', async t => {
  t.strictSame(
    known.filter(metric => !operations.includes(`\`${metric}\``)),
    [],
  )
  t.strictSame(
    known.filter(metric => !dashboard.includes(metric)),
    [],
  )
})
