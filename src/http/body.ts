import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { BodyTicket } from './body-room.ts'
import { HttpError } from './errors.ts'

/**
 * What a request carries, in pieces: to join five megabytes takes milliseconds, in which nobody else is answered.
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

/** Size from which a piece is kept as it came: smaller ones are put together, or each would keep all of what it was read into. */
const MIN_PIECE_BYTES = 16 * 1024
/** Size of what small pieces are put together in. */
const MERGED_PIECE_BYTES = 64 * 1024
/** Pieces that may be small: of whoever sends a body byte by byte nothing more is read. */
const MAX_SMALL_PIECES = 200
/** Size of a piece past those, on average. */
const MIN_AVERAGE_PIECE_BYTES = 128

export interface ReadBodyOptions {
  /** Bytes that it is to have, if that is known. */
  readonly announced: number | undefined
  readonly maxBytes: number
  /** Accounts for what is held of it. */
  readonly ticket: Pick<BodyTicket, 'add' | 'complete'> | null
}

/**
 * Collects what is left of a stream.
 *
 * @param done once: with TOO_LARGE, with BAD_REQUEST where it breaks off, comes in crumbs (then the stream is destroyed) or is not
 *   as long as announced, or with all of it
 */
export function readBody(
  stream: Readable,
  { announced, maxBytes, ticket }: ReadBodyOptions,
  done: (error: Error | null, body?: Body) => void,
): void {
  if (announced !== undefined && announced > maxBytes) {
    done(new HttpError('TOO_LARGE'))
    return
  }
  const pieces = new Pieces()
  let isOver = false
  const finish = (error: Error | null, body?: Body) => {
    if (isOver) return
    isOver = true
    done(error, body)
  }
  stream.on('data', (piece: Buffer) => {
    if (isOver) return
    if (ticket?.add(piece.length) === false) stream.pause()
    pieces.add(piece)
    if (pieces.length > maxBytes) finish(new HttpError('TOO_LARGE'))
    else if (pieces.areCrumbs) {
      finish(new HttpError('BAD_REQUEST', 'the body comes in crumbs'))
      // With its connection: each of the crumbs that are there already would cost more than an answer is worth.
      stream.destroy()
    }
  })
  stream.on('end', () => {
    ticket?.complete()
    if (announced === undefined || announced === pieces.length) finish(null, new Body(pieces.take(), pieces.length))
    else finish(new HttpError('BAD_REQUEST'))
  })
  stream.on('error', cause => finish(new HttpError('BAD_REQUEST', undefined, { cause })))
}

/** The pieces of a body, of which small ones are copied together. */
class Pieces {
  readonly #pieces: Buffer[] = []
  #merged: Buffer | undefined
  #mergedLength = 0
  #length = 0
  #count = 0

  get length(): number {
    return this.#length
  }

  get areCrumbs(): boolean {
    return this.#count > MAX_SMALL_PIECES + this.#length / MIN_AVERAGE_PIECE_BYTES
  }

  add(piece: Buffer): void {
    this.#count += 1
    this.#length += piece.length
    if (piece.length >= MIN_PIECE_BYTES) {
      this.#endMerged()
      this.#pieces.push(piece)
      return
    }
    // An ordinary body is one piece, which needs no copy.
    if (this.#count === 1) {
      this.#pieces.push(piece)
      return
    }
    if (this.#mergedLength + piece.length > MERGED_PIECE_BYTES) this.#endMerged()
    this.#merged ??= Buffer.allocUnsafeSlow(MERGED_PIECE_BYTES)
    this.#mergedLength += piece.copy(this.#merged, this.#mergedLength)
  }

  take(): readonly Buffer[] {
    this.#endMerged()
    return this.#pieces
  }

  #endMerged(): void {
    if (this.#merged !== undefined) this.#pieces.push(this.#merged.subarray(0, this.#mergedLength))
    this.#merged = undefined
    this.#mergedLength = 0
  }
}
