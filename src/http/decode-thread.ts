import { type Decoded, decode } from '../review/decode.ts'

/** What `decode` takes, with the body as bytes. */
export interface Undecoded {
  readonly body: Uint8Array
  readonly stage: Parameters<typeof decode>[1]
  readonly templates: Parameters<typeof decode>[2]
}

/** What a thread of the decoder runs: the review comes back without the object that it was read from. */
export function decodeBytes({ body, stage, templates }: Undecoded): Decoded {
  return decode(Buffer.from(body.buffer, body.byteOffset, body.length).toString(), stage, templates)
}
