import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino'
import type { Outcome } from '../engine/admit.ts'
import { redactError } from '../runtime/redact-error.ts'
import { visible, visibleStrings } from '../runtime/visible.ts'
import type { LogLevel } from './log-level.ts'
import { labelOutcome } from './outcome-label.ts'

/** Size at which a batch of lines is written. */
const MIN_BATCH_BYTES = 4096
/** How often a batch of lines is written, whatever its size. */
const FLUSH_INTERVAL_MS = 500

/** The log, and the end of it: what is still in the batch is written at once. */
export interface ClosableLog {
  readonly log: Logger
  close(): void
}

/** Names in fields and messages may come from anybody, and whoever reads a line may print what is in it. */
const VISIBLE: LoggerOptions = {
  formatters: { log: fields => Object(visibleStrings(fields)) },
  hooks: {
    logMethod([fields, message], method) {
      method.call(this, fields, visible(String(message)))
    },
  },
}

/**
 * Opens the log: JSON, one object a line, on stderr. Lines are written in batches, since a write for each review costs more
 * than the review; a batch waits half a second at most.
 */
export function openLog(level: LogLevel, destination?: DestinationStream): ClosableLog {
  const options = { level, base: null, ...VISIBLE }
  if (destination !== undefined) return { log: pino(options, destination), close: () => undefined }
  const stream = pino.destination({ fd: 2, sync: false, minLength: MIN_BATCH_BYTES })
  const timer = setInterval(() => stream.flush(), FLUSH_INTERVAL_MS).unref()
  return {
    log: pino({ ...options, timestamp: pino.stdTimeFunctions.isoTime }, stream),
    close: () => {
      clearInterval(timer)
      stream.flushSync()
    },
  }
}

/** Logs a review that found or changed something, and at debug every one; with its uid and never with its object. */
export function logReview(log: Logger, outcome: Outcome, seconds: number): void {
  const { review, decision, findings, plan, unknown } = outcome
  const isPlanned = plan.add.length > 0 || plan.wouldAdd.length > 0
  const isTold = findings.length > 0 || decision.warnings.length > 0 || decision.wouldRefuse === true
  const isNews = isTold || isPlanned || unknown.length > 0 || !decision.allowed
  const level = isNews || review.subject.about === 'unreadable' ? 'info' : 'debug'
  if (!log.isLevelEnabled(level)) return
  const { uid, stage, namespace, title, username, dryRun } = review
  log[level](
    {
      uid,
      stage,
      namespace,
      object: title,
      user: username,
      ...(dryRun ? { dryRun } : {}),
      outcome: labelOutcome(outcome),
      ...decision.annotations,
      ms: Math.round(seconds * 1e6) / 1000,
    },
    'review',
  )
}

/** Logs a request that got an error. Of a bug the frames of its stack are kept, never its message: that may quote the body. */
export function logFailure(log: Logger, stage: string, code: string, error: Error, uid: string | undefined): void {
  if (code !== 'INTERNAL') {
    log.warn({ stage, code, uid }, error.message)
    return
  }
  const cause = error.cause instanceof Error ? error.cause : error
  log.error({ stage, code, uid, ...redactError(cause) }, 'internal error')
}
