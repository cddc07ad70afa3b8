import { AcquireTimeoutError } from '../runtime/semaphore.ts'
import { visible } from '../runtime/visible.ts'

/**
 * The HTTP errors with which a request is answered instead of a review. The failure policy of the webhook then decides.
 *
 * | code              | status | when                                                         |
 * | ----------------- | ------ | ------------------------------------------------------------ |
 * | NOT_JSON          | 400    | the body is not JSON, or none came                           |
 * | NOT_A_REVIEW      | 400    | it is JSON, but not an AdmissionReview (admission.k8s.io/v1) |
 * | BAD_REQUEST       | 400    | any other HTTP error in the request                          |
 * | UNKNOWN_CLIENT    | 401    | no client certificate of --client-ca-file, or another's name |
 * | NOT_FOUND         | 404    | another path or method                                       |
 * | WRONG_PATH        | 404    | a review, but not below a prefix of --path-prefix-file       |
 * | TOO_SLOW          | 408    | the request did not arrive in time                           |
 * | TOO_LARGE         | 413    | past the body limit                                          |
 * | TOO_COMPLEX       | 413    | to take it apart needs more memory or time than there is     |
 * | UNSUPPORTED_MEDIA | 415    | a body that does not call itself JSON                        |
 * | INTERNAL          | 500    | a bug                                                        |
 * | OVERLOADED        | 503    | it could not be answered within the caller's time-out        |
 */
const ERRORS = {
  NOT_JSON: { status: 400, message: 'the body is not JSON; send an AdmissionReview' },
  NOT_A_REVIEW: { status: 400, message: 'the body is not an AdmissionReview of admission.k8s.io/v1' },
  BAD_REQUEST: { status: 400, message: 'the request is malformed' },
  UNKNOWN_CLIENT: { status: 401, message: 'a client certificate signed by a CA of --client-ca-file is required' },
  NOT_FOUND: { status: 404, message: 'not found; POST to /mutate or /validate' },
  WRONG_PATH: {
    status: 404,
    message: 'no review is accepted at this path; check it in the webhook configuration and in --path-prefix-file',
  },
  TOO_SLOW: { status: 408, message: 'the request did not arrive in time' },
  TOO_LARGE: { status: 413, message: 'the body is larger than 24 MiB' },
  TOO_COMPLEX: { status: 413, message: 'the body has more parts than any object that an API server stores' },
  UNSUPPORTED_MEDIA: { status: 415, message: 'the body must be application/json' },
  INTERNAL: { status: 500, message: 'internal error in regcred; its log has the uid of the review' },
  OVERLOADED: { status: 503, message: 'too busy to answer in time; try again' },
} as const

export type ErrorCode = keyof typeof ERRORS

/** An error that is answered, by its code. */
export class HttpError extends Error {
  readonly code: ErrorCode
  readonly statusCode: number

  /** @param detail what was wrong where; never a value from the request */
  constructor(code: ErrorCode, detail?: string, options?: ErrorOptions) {
    super(detail === undefined ? ERRORS[code].message : `${ERRORS[code].message}: ${detail}`, options)
    this.code = code
    this.statusCode = ERRORS[code].status
  }

  /** What the caller gets, and people may read. */
  toJSON(): { readonly code: ErrorCode; readonly message: string } {
    return { code: this.code, message: visible(this.message) }
  }
}

const BY_STATUS: Readonly<Record<number, ErrorCode>> = { 413: 'TOO_LARGE', 415: 'UNSUPPORTED_MEDIA' }

/** The coded error for whatever was thrown on the way of a request. Messages of others may quote it: they stay behind. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  if (error instanceof AcquireTimeoutError) return new HttpError('OVERLOADED', undefined, { cause: error })
  const status = typeof error === 'object' && error !== null ? Reflect.get(error, 'statusCode') : undefined
  const isClients = typeof status === 'number' && status >= 400 && status < 500
  const code = isClients ? (BY_STATUS[status] ?? 'BAD_REQUEST') : 'INTERNAL'
  return new HttpError(code, undefined, { cause: error })
}
