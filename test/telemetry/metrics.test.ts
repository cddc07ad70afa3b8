import t from 'tap'
import { buildMetricsServer } from '../../src/http/plain-server.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'
import { finding, outcome } from './outcome.ts'

t.test('a scrape shows what was counted', async t => {
  const metrics = new Metrics()
  metrics.countReview(outcome(), 0.0007)
  metrics.countReview(outcome({ about: 'nothing' }), 60)
  const plan = {
    add: [{ secret: 'a', source: 'match' }],
    wouldAdd: [{ source: 'pod' }],
    skipped: [{ held: 'b', source: 'configuration', reason: 'notThere' }],
  } as const
  const tooMuch = { by: 'object', images: 1, references: 0, names: 0 } as const
  const decision = { allowed: true, warnings: [], annotations: {}, wouldRefuse: true } as const
  metrics.countReview(outcome({ findings: [finding], plan, unknown: ['secret/a'], tooMuch, decision }), 0.002)
  metrics.countError('mutate', 'NOT_JSON')
  metrics.countLiveRead('secret', 'value')
  metrics.closedConnectionsOf('health')('unproven')
  const server = buildMetricsServer(metrics.registry)
  const { body, headers } = await server.inject('/metrics')
  t.match(headers['content-type'], /^text\/plain/)
  t.match(body, /^nodejs_heap_size_used_bytes /m)
  t.notMatch(body, /heap_space/)
  for (const line of [
    'regcred_reviews_total{stage="validate",kind="Pod",outcome="allowed",dry_run="false"} 2',
    'regcred_reviews_total{stage="validate",kind="other",outcome="nothing",dry_run="false"} 1',
    'regcred_review_duration_seconds_bucket{le="0.001",stage="validate"} 1',
    'regcred_review_duration_seconds_bucket{le="10",stage="validate"} 2',
    'regcred_review_duration_seconds_bucket{le="+Inf",stage="validate"} 3',
    'regcred_review_duration_seconds_count{stage="validate"} 3',
    'regcred_findings_total{code="ImageInvalid",effect="blocks",reason="an image name is not valid"} 1',
    'regcred_injections_total{source="match"} 1',
    'regcred_would_inject_total{source="pod"} 1',
    'regcred_would_refuse_total{kind="Pod"} 1',
    'regcred_skips_total{reason="notThere"} 1',
    'regcred_unknown_total{stage="validate"} 1',
    'regcred_too_much_total{stage="validate",by="object"} 1',
    'regcred_unconfirmed_total{reason="unread"} 0',
    'regcred_errors_total{stage="mutate",code="NOT_JSON"} 1',
    'regcred_live_reads_total{read="secret",outcome="value"} 1',
    'regcred_connections_closed_total{port="health",kind="unproven"} 1',
  ]) {
    t.ok(body.split('\n').includes(line), line)
  }
  const objects = await metrics.registry.getMetricsAsJSON()
  t.match(
    objects.find(({ name }) => name === 'regcred_review_duration_seconds'),
    { type: 'histogram' },
  )
  await server.close()
})

t.test(
  'what was let through in doubt is counted, unless it was a dry run; the reasons are there from the start',
  async t => {
    const metrics = new Metrics()
    const decision = { allowed: true, warnings: [], annotations: {}, unconfirmed: 'unread' } as const
    metrics.countReview(outcome({ decision }), 0.002)
    metrics.countReview(outcome({ decision, review: { ...outcome().review, dryRun: true } }), 0.002)
    const counted = (await metrics.registry.metrics())
      .split('\n')
      .filter(line => line.startsWith('regcred_unconfirmed'))
    t.strictSame(counted, [
      'regcred_unconfirmed_total{reason="namespace"} 0',
      'regcred_unconfirmed_total{reason="unread"} 1',
      'regcred_unconfirmed_total{reason="tooMuch"} 0',
    ])
  },
)
