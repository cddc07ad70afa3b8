import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Outcome } from '../engine/admit.ts'
import { kindOf } from '../policy/finding.ts'
import { Durations } from './durations.ts'
import { addGauges, type ScrapeSources } from './gauges.ts'
import { labelOutcome } from './outcome-label.ts'
import { Tally } from './tally.ts'

const DOUBTS: Readonly<Record<NonNullable<Outcome['decision']['unconfirmed']>, true>> = {
  namespace: true,
  unread: true,
  tooMuch: true,
}

/** Three series for each of V8's thirteen heap spaces, of which nobody makes an alert: the sizes of the whole heap are kept. */
const UNWANTED = ['total', 'used', 'available'].map(what => `nodejs_heap_space_size_${what}_bytes`)

/** Every metric of regcred; docs/operations.md explains each. */
export class Metrics {
  readonly registry = new Registry()
  readonly #reviews = new Tally(
    this.registry,
    'regcred_reviews_total',
    'Reviews by webhook, kind of object, outcome and dry run',
    ['stage', 'kind', 'outcome', 'dry_run'],
  )
  readonly #durations = new Durations(
    this.registry,
    'regcred_review_duration_seconds',
    'Time from the last byte of a review to its answer',
    'stage',
  )
  readonly #findings = new Tally(this.registry, 'regcred_findings_total', 'Findings by code and effect', [
    'code',
    'effect',
    'reason',
  ])
  readonly #injections = new Tally(this.registry, 'regcred_injections_total', 'Pull secrets added to Pods, by source', [
    'source',
  ])
  readonly #wouldInjects = new Tally(
    this.registry,
    'regcred_would_inject_total',
    'Pull secrets that would be added to Pods if the mode were warn or enforce, by source',
    ['source'],
  )
  readonly #wouldRefuses = new Tally(
    this.registry,
    'regcred_would_refuse_total',
    'Objects in mode audit that mode enforce would refuse, by kind',
    ['kind'],
  )
  readonly #skips = new Tally(this.registry, 'regcred_skips_total', 'Decisions not to add a pull secret, by reason', [
    'reason',
  ])
  readonly #errors = new Tally(
    this.registry,
    'regcred_errors_total',
    'Requests answered with an HTTP error instead of a review, by code',
    ['stage', 'code'],
  )
  readonly #unknowns = new Tally(
    this.registry,
    'regcred_unknown_total',
    'Reviews answered without complete cluster data',
    ['stage'],
  )
  readonly #tooMuch = new Tally(
    this.registry,
    'regcred_too_much_total',
    'Reviews that were more than one review may cost, by whether the object or its namespace is too large',
    ['stage', 'by'],
  )
  readonly #unconfirmed = new Tally(
    this.registry,
    'regcred_unconfirmed_total',
    'Objects let through in mode enforce, or in an unknown mode, of which nobody knows whether they are to be refused, by reason',
    ['reason'],
  )
  readonly #liveReads = new Tally(
    this.registry,
    'regcred_live_reads_total',
    'Live reads of the API server, by what was read and outcome',
    ['read', 'outcome'],
  )
  readonly #reloads = new Tally(
    this.registry,
    'regcred_configuration_reloads_total',
    'New contents of the configuration file, accepted (taken) or rejected (refused)',
    ['result'],
  )
  readonly #unexpectedAuthorities = new Tally(
    this.registry,
    'regcred_unexpected_authorities_total',
    'CAs that appeared in the Secret of the certificate or in the webhooks and were not due',
    ['place'],
  )
  readonly #closedConnections = new Tally(
    this.registry,
    'regcred_connections_closed_total',
    'Connections closed to make room for new ones, by port and what they had done so far',
    ['port', 'kind'],
  )

  constructor() {
    // From the start on, so that an alert sees the first one as an increase.
    for (const reason of Object.keys(DOUBTS)) this.#unconfirmed.begin(reason)
    collectDefaultMetrics({ register: this.registry })
    for (const name of UNWANTED) this.registry.removeSingleMetric(name)
  }

  /** Adds what is not counted but looked at. */
  observe(sources: ScrapeSources): void {
    addGauges(this.registry, sources)
  }

  countReview(outcome: Outcome, seconds: number): void {
    const { review, findings, plan, unknown, tooMuch } = outcome
    const label = labelOutcome(outcome)
    // Kinds come from outside; only those that are reviewed become a label.
    const kind = label === 'nothing' || label === 'unreadable' ? 'other' : review.kind
    this.#reviews.count(review.stage, kind, label, String(review.dryRun))
    this.#durations.record(review.stage, seconds)
    for (const { code, effect } of findings) this.#findings.count(code, effect, kindOf(code).reason)
    for (const { source } of plan.add) this.#injections.count(source)
    for (const { source } of plan.wouldAdd) this.#wouldInjects.count(source)
    for (const { reason } of plan.skipped) this.#skips.count(reason)
    if (unknown.length > 0) this.#unknowns.count(review.stage)
    if (tooMuch !== undefined) this.#tooMuch.count(review.stage, tooMuch.by)
    // A dry run lets nothing through.
    const { unconfirmed, wouldRefuse } = outcome.decision
    if (unconfirmed !== undefined && !review.dryRun) this.#unconfirmed.count(unconfirmed)
    if (wouldRefuse && !review.dryRun) this.#wouldRefuses.count(kind)
  }

  countError(stage: string, code: string): void {
    this.#errors.count(stage, code)
  }

  countReload(result: 'taken' | 'refused'): void {
    this.#reloads.count(result)
  }

  countUnexpectedAuthority(place: 'secret' | 'webhooks'): void {
    this.#unexpectedAuthorities.count(place)
  }

  /** Counts connections of a port that are closed to make room. */
  closedConnectionsOf(port: 'review' | 'metrics' | 'health'): (kind: string) => void {
    return kind => this.#closedConnections.count(port, kind)
  }

  countLiveRead(read: string, outcome: string): void {
    this.#liveReads.count(read, outcome)
  }
}
