import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { Agent, request } from 'undici'
import { stringify } from 'yaml'
import { poll } from '../../processes/poll.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, namespace, pod } from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'
import { CHART, createHelm, findObject, objectsOf, templateArgs } from './helm.ts'
import { Prometheus } from './prometheus.ts'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for: string
}

const helm = createHelm()
const rendered = outputOf(await helm(...templateArgs([], ['metrics.prometheusRule.enabled=true'])))
const { spec } = findObject(objectsOf(rendered), 'PrometheusRule') as unknown as {
  spec: { groups: { rules: Rule[] }[] }
}
const rules = spec.groups.flatMap(group => group.rules)
const dashboard = JSON.parse(readFileSync(join(CHART, 'files/dashboard.json'), 'utf8')) as {
  panels: { title: string; targets: { expr: string }[] }[]
}

const prometheus = new Prometheus()
t.teardown(() => prometheus.close())

t.test('Prometheus takes the rules', async t => {
  t.strictSame((await prometheus.ask({ rules: stringify(spec) })).errors, [])
})

/** Of whom a rule or a panel is, and what it asks for. */
const expressions = [
  ...rules.map(({ alert, expr }) => ({ name: alert, expr })),
  ...dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({
      name: title,
      expr: expr.replaceAll('$namespace', 'regcred').replaceAll('$__rate_interval', '5m'),
    })),
  ),
]

t.test('every metric and label that a rule or a panel names is there to be scraped', async t => {
  const { controlPlane, regcred } = await withCluster(t, { registration: { failurePolicy: 'Ignore' } })
  const { kubectl } = controlPlane
  outputOf(await apply(kubectl, namespace('seen')))
  // Each of these counts something: a finding, an injection, a skip, an error and a configuration that is refused.
  outputOf(await apply(kubectl, pod('seen', 'found', { references: ['not-there'] })))
  const tell = (key: string, value: string) => ({ metadata: { annotations: { [`regcred.dev/${key}`]: value } } })
  outputOf(await apply(kubectl, pod('seen', 'injected', tell('pull-secrets', 'named'))))
  outputOf(await apply(kubectl, pod('seen', 'skipped', tell('inject', 'disabled'))))
  const dispatcher = new Agent({ connect: { ca: regcred.authority } })
  t.teardown(() => dispatcher.close())
  await (await request(`${regcred.url}/mutate`, { method: 'POST', body: 'no JSON', dispatcher })).body.dump()
  await writeFile(regcred.configFile, 'mode: strict')
  const scrape = async () => (await request(`${regcred.metricsUrl}/metrics`)).body.text()
  await poll('the configuration is refused', async () => (await scrape()).includes('result="refused"') || undefined)
  const own = await scrape()

  // Nobody answers: the API server goes on, or refuses.
  await regcred.register({ url: 'https://127.0.0.1:1', failurePolicy: 'Ignore' })
  outputOf(await apply(kubectl, pod('seen', 'unseen')))
  await regcred.register({ url: 'https://127.0.0.1:1', failurePolicy: 'Fail' })
  t.not((await apply(kubectl, pod('seen', 'refused'))).code, 0)
  const theirs = outputOf(await kubectl(['get', '--raw', '/metrics']))

  const series = readSeries(`${own}\n${theirs}`)
  // Prometheus adds these to what it scrapes.
  const added = ['namespace', 'pod']
  // There from the first time that it happens, which nothing here makes happen.
  const rare = [
    'regcred_unknown_total',
    'regcred_too_much_total',
    'regcred_unexpected_authorities_total',
    'regcred_would_inject_total',
    'regcred_would_refuse_total',
    'regcred_connections_closed_total',
  ]
  for (const metric of rare) t.match(own, `# TYPE ${metric} counter`)
  const missing: string[] = []
  for (const { name, expr } of expressions) {
    const { errors, selectors } = await prometheus.ask({ expr })
    if (errors !== null) missing.push(`${name}: ${expr}: ${errors}`)
    for (const { metric, labels } of selectors?.filter(({ metric }) => !rare.includes(metric)) ?? []) {
      const scraped = series.get(metric)
      if (scraped === undefined) missing.push(`${name}: ${metric} is not scraped`)
      const without = labels.filter(label => !added.includes(label) && !scraped?.has(label))
      missing.push(...without.map(label => `${name}: ${metric} has no label ${label}`))
    }
  }
  t.strictSame(missing, [])
  t.match(theirs, /apiserver_admission_webhook_fail_open_count\{name="mutate\.regcred\.dev",type="admit"\} 1/)
  t.match(theirs, /apiserver_admission_webhook_fail_open_count\{name="validate\.regcred\.dev",type="validating"\} 1/)
  t.match(theirs, /apiserver_admission_webhook_rejection_count\{error_type="calling_webhook_error",name="mutate/)
})

/** The labels of each metric in the text that is scraped. */
function readSeries(text: string): Map<string, Set<string>> {
  const series = new Map<string, Set<string>>()
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z_0-9]+)(?:\{(.*)\})? /gm)) {
    const known = series.get(name) ?? new Set()
    for (const [, label = ''] of labels.matchAll(/([a-z_]+)="/g)) known.add(label)
    series.set(name, known)
  }
  return series
}

const ours = (metric: string, labels = '') => `${metric}{namespace="regcred",pod="a"${labels && `,${labels}`}}`
const count = (stage: string) => ours('regcred_review_duration_seconds_count', `stage="${stage}"`)
const theirs = (metric: string, labels: string) =>
  `apiserver_admission_webhook_${metric}{name="mutate.regcred.dev",${labels}}`
const DAY = 24 * 60

/** What is scraped every minute for half an hour, and the alerts whose condition then holds. */
const situations: { name: string; series: string[]; alerts: string[] }[] = [
  { name: 'all is well', series: [`${count('validate')} 0+60x30`, `${ours('regcred_view_in_step')} 1x30`], alerts: [] },
  { name: 'nothing is called', series: [`${count('validate')} 5x30`], alerts: [] },
  {
    name: 'Pods are made without the mutating webhook',
    series: [`${theirs('fail_open_count', 'type="admit"')} 0+1x30`],
    alerts: ['RegcredNotInjecting'],
  },
  {
    name: 'objects are taken without the checking ones',
    series: [`${theirs('fail_open_count', 'type="validating"')} 0+1x30`],
    alerts: ['RegcredNotChecking'],
  },
  {
    name: 'a single Pod was made without the mutating webhook, long ago',
    series: [`${theirs('fail_open_count', 'type="admit"')} _x3 1x27`],
    alerts: [],
  },
  {
    name: "somebody else's webhook fails open",
    series: ['apiserver_admission_webhook_fail_open_count{name="mutate.example.com",type="admit"} 0+1x30'],
    alerts: [],
  },
  {
    name: 'objects are refused since nobody answers',
    series: [`${theirs('rejection_count', 'error_type="calling_webhook_error",rejection_code="0"')} 0+1x30`],
    alerts: ['RegcredBlocking'],
  },
  {
    name: 'objects are refused since a finding blocks',
    series: [`${theirs('rejection_count', 'error_type="no_error",rejection_code="403"')} 0+1x30`],
    alerts: [],
  },
  {
    name: 'two of a hundred requests get an error',
    series: [`${count('validate')} 0+98x30`, `${ours('regcred_errors_total', 'stage="validate",code="a"')} 0+2x30`],
    alerts: ['RegcredErrors'],
  },
  {
    name: 'one of a thousand gets one',
    series: [`${count('validate')} 0+999x30`, `${ours('regcred_errors_total', 'stage="validate",code="a"')} 0+1x30`],
    alerts: [],
  },
  {
    name: 'all get one',
    series: [`${ours('regcred_errors_total', 'stage="mutate",code="a"')} 0+2x30`],
    alerts: ['RegcredErrors'],
  },
  {
    name: 'two of a hundred reviews take two seconds',
    series: [
      `${ours('regcred_review_duration_seconds_bucket', 'stage="validate",le="1"')} 0+98x30`,
      `${ours('regcred_review_duration_seconds_bucket', 'stage="validate",le="2.5"')} 0+100x30`,
      `${ours('regcred_review_duration_seconds_bucket', 'stage="validate",le="+Inf"')} 0+100x30`,
    ],
    alerts: ['RegcredSlow'],
  },
  {
    name: 'the next certificate will not come',
    series: [`${ours('regcred_certificate_source_ok')} 0x30`],
    alerts: ['RegcredCertificateStuck'],
  },
  {
    name: 'a certificate has six days left',
    series: [`${ours('regcred_certificate_not_after_seconds')} ${6 * DAY * 60}x30`],
    alerts: ['RegcredCertificateExpires'],
  },
  {
    name: 'a certificate has eight days left',
    series: [`${ours('regcred_certificate_not_after_seconds')} ${8 * DAY * 60}x30`],
    alerts: [],
  },
  {
    name: 'the API server says nothing any more',
    series: [`${ours('regcred_view_staleness_seconds', 'resource="namespaces"')} 0+60x30`],
    alerts: ['RegcredViewStale'],
  },
  {
    name: 'one of ten reviews knows too little',
    series: [`${count('mutate')} 0+10x30`, `${ours('regcred_unknown_total', 'stage="mutate"')} 0+1x30`],
    alerts: ['RegcredUnknown'],
  },
  {
    name: 'one object was let through in mode enforce unchecked',
    series: [`${ours('regcred_unconfirmed_total', 'reason="unread"')} 0x25 1x5`],
    alerts: ['RegcredUnconfirmed'],
  },
  {
    name: 'none was, and one long ago',
    series: [
      `${ours('regcred_unconfirmed_total', 'reason="unread"')} 0x5 1x25`,
      `${ours('regcred_unconfirmed_total', 'reason="tooMuch"')} 0x30`,
    ],
    alerts: [],
  },
  {
    name: 'one replica does not get in step',
    series: [
      `${ours('regcred_view_in_step', 'resource="a"')} 0x30`,
      `${ours('regcred_view_in_step', 'resource="b"')} 1x30`,
    ],
    alerts: ['RegcredNotReady'],
  },
  {
    name: 'a configuration was refused for the first time',
    series: [`${ours('regcred_configuration_reloads_total', 'result="refused"')} _x25 1x5`],
    alerts: ['RegcredConfigurationRefused'],
  },
  {
    name: 'a CA appears that was not due',
    series: [`${ours('regcred_unexpected_authorities_total', 'place="secret"')} _x25 1x5`],
    alerts: ['RegcredUnexpectedCA'],
  },
  {
    name: 'a configuration was taken',
    series: [`${ours('regcred_configuration_reloads_total', 'result="taken"')} _x25 1x5`],
    alerts: [],
  },
]

const present = `${ours('regcred_build_info', 'version="0"')} 1x30`

for (const { name, series, alerts } of situations) {
  t.test(`where ${name}: ${alerts.join() || 'no alert'}`, async t => {
    t.strictSame(await raise([...series, present]), alerts)
  })
}

/** One thing that happens once, and has or has not happened before, by the alert that is to tell it. */
const once: { alert: string; series: string }[] = [
  { alert: 'RegcredNotInjecting', series: theirs('fail_open_count', 'type="admit"') },
  { alert: 'RegcredNotChecking', series: theirs('fail_open_count', 'type="validating"') },
  { alert: 'RegcredBlocking', series: theirs('rejection_count', 'error_type="calling_webhook_error"') },
  { alert: 'RegcredConfigurationRefused', series: ours('regcred_configuration_reloads_total', 'result="refused"') },
  { alert: 'RegcredUnexpectedCA', series: ours('regcred_unexpected_authorities_total', 'place="secret"') },
]

for (const { alert, series } of once) {
  for (const [name, values] of Object.entries({ 'the first time': '_x9 1x20', again: '3x9 4x20' })) {
    t.test(`${alert} is told of what happens once, ${name}`, async t => {
      const { expr, for: wait } = findRule(alert)
      const load = `load 1m\n  ${series} ${values}`
      let minutes = 0
      for (let minute = 10; minute <= 30; minute += 1) {
        const { errors, samples } = await prometheus.ask({ load, expr, minutes: minute })
        t.equal(errors, null)
        if (samples === null || samples.length === 0) break
        minutes += 1
      }
      t.ok(minutes > Number(wait.replace('m', '')), `holds for ${minutes} minutes, and is told after ${wait}`)
    })
  }
}

function findRule(alert: string): Rule {
  const rule = rules.find(one => one.alert === alert)
  if (rule === undefined) throw new Error(`there is no alert ${alert}`)
  return rule
}

t.test('where no replica is scraped: RegcredAbsent', async t => {
  t.strictSame(await raise(['up{job="other"} 1x30']), ['RegcredAbsent'])
})

async function raise(series: readonly string[]): Promise<string[]> {
  const load = ['load 1m', ...series.map(line => `  ${line}`)].join('\n')
  const raised: string[] = []
  for (const { alert, expr } of rules) {
    const { errors, samples } = await prometheus.ask({ load, expr, minutes: 30 })
    if (errors !== null) throw new Error(`${alert}: ${errors.join()}`)
    if (samples !== null && samples.length > 0) raised.push(alert)
  }
  return raised
}
