import { type Decoded, decode } from '../review/decode.ts'
import { PartCounter } from './json-parts.ts'

/** What `decode` takes, with the body in pieces. */
export interface Undecoded {
  readonly pieces: readonly Uint8Array[]
  readonly stage: Parameters<typeof decode>[1]
  readonly templates: Parameters<typeof decode>[2]
}

/** A body that is not taken apart, since its parts would need more memory than there is. */
interface TooComplex {
  readonly ok: false
  readonly error: 'TOO_COMPLEX'
  readonly fault: string
}

/**
 * What a thread of the decoder runs. The review comes back without the object that it was read from, and trimmed: what comes
 * back costs the main thread its time.
 */
export function decodePieces({ pieces, stage, templates }: Undecoded): Decoded | TooComplex {
  const counter = new PartCounter()
  for (const piece of pieces) counter.add(piece)
  if (counter.fault !== undefined) return { ok: false, error: 'TOO_COMPLEX', fault: counter.fault }
  return decodeSmall({ pieces, stage, templates })
}

/** The same of a body that is too small to have many parts. */
export function decodeSmall({ pieces, stage, templates }: Undecoded): Decoded {
  return decode(textOf(pieces), stage, templates)
}

/** An ordinary body is one piece, which needs no joining. */
function textOf(pieces: readonly Uint8Array[]): string {
  const [only] = pieces
  return only instanceof Buffer && pieces.length === 1 ? only.toString() : Buffer.concat(pieces).toString()
}
