import { readFile } from 'node:fs/promises'
import { poll } from '../../processes/poll.ts'

/** What the tests read of an event of the `audit.k8s.io/v1` API. */
export interface AuditEvent {
  readonly auditID: string
  readonly stage: 'ResponseStarted' | 'ResponseComplete' | 'Panic'
  readonly verb: string
  readonly requestURI: string
  readonly user: { readonly username: string; readonly groups?: readonly string[] }
  readonly impersonatedUser?: { readonly username: string }
  readonly userAgent?: string
  readonly objectRef?: {
    readonly apiGroup?: string
    readonly resource: string
    readonly subresource?: string
    readonly namespace?: string
    /** Absent for an object whose name the API server made up (`generateName`). */
    readonly name?: string
  }
  readonly responseStatus?: { readonly code: number }
  readonly annotations?: Readonly<Record<string, string>>
}

/** Which events are wanted: those in which all that is given here is so. */
export interface AuditFilter {
  readonly verb?: string
  readonly resource?: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
  readonly username?: string
  readonly stage?: AuditEvent['stage']
}

/**
 * Reads the events of finished requests (unless another stage is asked for) that match, in the order of the log, once
 * there are at least so many: the line of a request is written after its answer.
 */
export async function readAuditEvents(path: string, filter: AuditFilter, atLeast: number): Promise<AuditEvent[]> {
  const wanted = { stage: 'ResponseComplete' as const, ...filter }
  return poll(`the audit log holds ${atLeast} events with ${JSON.stringify(filter)}`, async () => {
    const events = parseEvents(await readFile(path, 'utf8')).filter(event => matches(event, wanted))
    return events.length >= atLeast ? events : undefined
  })
}

function parseEvents(log: string): AuditEvent[] {
  const whole = log.slice(0, log.lastIndexOf('\n') + 1)
  return whole
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as AuditEvent)
}

function matches({ objectRef, ...event }: AuditEvent, filter: AuditFilter): boolean {
  return (
    is(filter.stage, event.stage) &&
    is(filter.verb, event.verb) &&
    is(filter.username, event.impersonatedUser?.username ?? event.user.username) &&
    is(filter.resource, objectRef?.resource) &&
    is(filter.subresource, objectRef?.subresource) &&
    is(filter.namespace, objectRef?.namespace) &&
    is(filter.name, objectRef?.name)
  )
}

function is(wanted: string | undefined, actual: string | undefined): boolean {
  return wanted === undefined || wanted === actual
}
