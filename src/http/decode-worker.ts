import { type Decoded, decode } from '../review/decode.ts'

/** What `decode` takes, with the body in pieces. */
export interface Undecoded {
  readonly pieces: readonly Uint8Array[]
  readonly stage: Parameters<typeof decode>[1]
  readonly templates: Parameters<typeof decode>[2]
}

/** What a thread of the decoder runs: the review comes back without the object that it was read from. */
export function decodePieces({ pieces, stage, templates }: Undecoded): Decoded {
  return decode(textOf(pieces), stage, templates)
}

/** An ordinary body is one piece, which needs no joining. */
function textOf(pieces: readonly Uint8Array[]): string {
  const [only] = pieces
  return only instanceof Buffer && pieces.length === 1 ? only.toString() : Buffer.concat(pieces).toString()
}
