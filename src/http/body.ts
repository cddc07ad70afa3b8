import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { HttpError } from './errors.ts'

/**
 * What a request carries, in the pieces in which it came: to join five megabytes takes milliseconds, in which nobody else is
 * answered.
 */
export class Body {
  readonly pieces: readonly Buffer[]
  readonly length: number

  constructor(pieces: readonly Buffer[], length: number) {
    this.pieces = pieces
    this.length = length
  }
}

/** The bytes of a body that is still to come; undefined where the caller does not say. */
export function announcedLength({ 'content-length': length }: IncomingHttpHeaders): number | undefined {
  return length === undefined ? undefined : Number(length)
}

/**
 * Collects what is left of a stream.
 *
 * @param announced how long it is to be, if that is known
 * @param maxBytes past which nothing more is kept
 * @param done once: with TOO_LARGE, with BAD_REQUEST where it breaks off or is not as long as announced, or with all of it
 */
export function readBody(
  stream: Readable,
  announced: number | undefined,
  maxBytes: number,
  done: (error: Error | null, body?: Body) => void,
): void {
  if (announced !== undefined && announced > maxBytes) {
    done(new HttpError('TOO_LARGE'))
    return
  }
  const pieces: Buffer[] = []
  let length = 0
  let isOver = false
  const finish = (error: Error | null, body?: Body) => {
    if (isOver) return
    isOver = true
    done(error, body)
  }
  stream.on('data', (piece: Buffer) => {
    length += piece.length
    if (length <= maxBytes) pieces.push(piece)
    else {
      pieces.length = 0
      finish(new HttpError('TOO_LARGE'))
    }
  })
  stream.on('end', () => {
    if (announced === undefined || announced === length) finish(null, new Body(pieces, length))
    else finish(new HttpError('BAD_REQUEST'))
  })
  stream.on('error', cause => finish(new HttpError('BAD_REQUEST', undefined, { cause })))
}
