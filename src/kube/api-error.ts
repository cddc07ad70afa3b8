import type { Clock } from '../runtime/clock.ts'
import { cutVisible } from '../runtime/visible.ts'
import { TimeoutError, withTimeout } from '../runtime/with-timeout.ts'
import { get, getString } from './untyped.ts'

/** Characters of a message of the API server or of the HTTP client. */
const MAX_DETAIL_LENGTH = 300

/** Characters of a message of the API server that is taken apart, rather than shown as it is. */
const MAX_TEXT_LENGTH = 16_384

/** What went wrong between us and the API server. The sentences are all that a log may say besides status and reason. */
const sentences = {
  refused: 'The API server answered with an error',
  unreachable: 'The API server cannot be reached',
  credentials: 'The credentials of the kubeconfig cannot be read',
  garbage: 'The API server did not send what was asked for',
  tooLarge: 'The answer of the API server is too large',
  silent: 'The API server did not answer in time',
  stopped: 'The request was cancelled',
} as const

export type ApiErrorCode = keyof typeof sentences

export interface ApiErrorDetails {
  /** HTTP status, or the `code` of a Status object. */
  readonly status?: number
  /** `reason` of a Status object, e.g. `Expired`; or the code of a system error, e.g. `ECONNREFUSED`. */
  readonly reason?: string
  /** One line for people. */
  readonly detail?: string
  /** The `message` of a Status object, in one line. */
  readonly text?: string
  /** What a person would be warned of. */
  readonly warnings?: readonly string[]
  /** Milliseconds that the API server asks us to stay away. */
  readonly retryAfter?: number
}

/**
 * A failed exchange with the API server.
 *
 * It carries nothing of a response but the `reason` and `message` of a Status, and no `cause`: the errors of parsers and
 * of the HTTP client quote the bytes they choked on, and those may be of a Secret.
 */
export class ApiError extends Error {
  readonly code: ApiErrorCode
  readonly status: number | undefined
  readonly reason: string | undefined
  readonly retryAfter: number | undefined
  readonly text: string
  readonly warnings: readonly string[]

  constructor(code: ApiErrorCode, details: ApiErrorDetails = {}) {
    const { status, reason, detail, retryAfter, text = '', warnings = [] } = details
    const facts = [status, reason, detail].filter(fact => fact !== undefined).join(', ')
    super(facts === '' ? `${sentences[code]}.` : `${sentences[code]} (${facts}).`)
    this.name = 'ApiError'
    this.code = code
    this.status = status
    this.reason = reason
    this.retryAfter = retryAfter
    this.text = text
    this.warnings = warnings
  }

  /** The list or the place in it that we wanted to go on from is no longer there: begin again with a new list. */
  get gone(): boolean {
    return this.status === 410
  }
}

/**
 * The error of a Status object: the body of a failed request or the object of an ERROR event.
 *
 * @see k8s.io/apimachinery/pkg/apis/meta/v1, Status
 */
export function readStatus(
  body: unknown,
  http: Pick<ApiErrorDetails, 'status' | 'retryAfter' | 'warnings'> = {},
): ApiError {
  const isStatus = getString(body, 'kind') === 'Status'
  const code = isStatus ? get(body, 'code') : undefined
  const status = http.status ?? (typeof code === 'number' ? code : undefined)
  const reason = isStatus ? getString(body, 'reason') : undefined
  const message = isStatus ? getString(body, 'message') : undefined
  return new ApiError('refused', {
    ...http,
    ...(status !== undefined && { status }),
    ...(reason !== undefined && { reason: joinLines(reason) }),
    ...(message !== undefined && { detail: joinLines(message), text: joinLines(message, MAX_TEXT_LENGTH) }),
  })
}

/** The error of a request whose time was up, over the API server or before it was asked; any other error as it is. */
export function readTimeout(error: unknown): unknown {
  if (!(error instanceof TimeoutError)) return error
  const { cause } = error
  return cause instanceof ApiError && cause.code === 'credentials' ? cause : new ApiError('silent')
}

/** Sends something with a time limit, in milliseconds. @throws what `send` throws, and ApiError `silent` when time is up */
export async function sendInTime<T>(
  clock: Clock,
  milliseconds: number,
  signal: AbortSignal,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await withTimeout(clock, milliseconds, signal, send)
  } catch (error) {
    throw readTimeout(error)
  }
}

/** The error of a request that got no answer; `stopped` where it was ours to give it up. */
export function readFailure(error: unknown, signal: AbortSignal): ApiError {
  if (error instanceof ApiError) return error
  if (signal.aborted) return new ApiError('stopped')
  const reason = getString(error, 'code')
  const detail = error instanceof Error ? joinLines(error.message) : undefined
  return new ApiError('unreachable', { ...(reason && { reason }), ...(detail && { detail }) })
}

/** Milliseconds of a Retry-After header, which is a number of seconds or a date; undefined for anything else. */
export function readRetryAfter(header: unknown, today: Clock['now'] = Date.now): number | undefined {
  if (typeof header !== 'string') return undefined
  const milliseconds = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - today()
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds)
}

/** One warning: a code of three digits, who warns, and a text in quotes, with a date behind it if there is one. */
const WARNING = /\s*\d{3} \S+ "((?:[^"\\]|\\.)*)"(?: "[^"]*")?\s*(?:,|$)/y

/**
 * The texts of the warnings of an answer, in its order. What is none ends its header.
 *
 * @param header one or several headers as the HTTP client has them, a character for each byte; in each one warning, or several behind commas
 * @see RFC 7234, 5.5; k8s.io/apimachinery/pkg/util/net, ParseWarningHeaders
 */
export function readWarnings(header: string | readonly string[] | undefined): readonly string[] {
  const lines = typeof header === 'string' ? [header] : (header ?? [])
  return lines.flatMap(line => {
    const text = Buffer.from(line, 'latin1').toString()
    const found: string[] = []
    WARNING.lastIndex = 0
    for (let match = WARNING.exec(text); match !== null; match = WARNING.exec(text)) {
      found.push(String(match[1]).replaceAll(/\\(.)/g, '$1'))
    }
    return found
  })
}

/** Messages of the API server may have several lines. */
function joinLines(message: string, maxLength: number = MAX_DETAIL_LENGTH): string {
  return cutVisible(message.replaceAll(/\s+/g, ' '), maxLength)
}
