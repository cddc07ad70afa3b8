import { constants, getPriority, setPriority } from 'node:os'
import { isMainThread } from 'node:worker_threads'
import { type Decoded, decode } from '../review/decode.ts'
import { namesRead } from '../review/read-names.ts'
import { Skimmer } from '../review/skim.ts'
import { PartCounter } from './json-parts.ts'

// Ordinary reviews go first where processors are scarce. On Linux each thread has a priority of its own; elsewhere it would be the process'.
/* c8 ignore start -- in a thread, of which no coverage is collected */
if (!isMainThread && process.platform === 'linux') {
  try {
    const { PRIORITY_BELOW_NORMAL } = constants.priority
    if (getPriority() < PRIORITY_BELOW_NORMAL) setPriority(PRIORITY_BELOW_NORMAL)
  } catch {
    // A sandbox may forbid it, and then it goes without.
  }
}
/* c8 ignore stop */

/** What is kept of a body: as much as its object may have for an API server to store it, old and new, and all of it read. */
const MAX_KEPT_BYTES = 9 * 1024 * 1024

/** What `decode` takes, with the body in pieces. */
export interface Undecoded {
  readonly pieces: readonly Uint8Array[]
  readonly stage: Parameters<typeof decode>[1]
  readonly templates: Parameters<typeof decode>[2]
}

/** A body that is not parsed, since that would need more memory than there is. */
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
  const skimmed = hasStar(templates) ? { kept: pieces } : skim(pieces, templates)
  const counter = new PartCounter()
  for (const piece of skimmed.kept) counter.add(piece)
  const fault = skimmed.fault ?? counter.fault
  if (fault !== undefined) return { ok: false, error: 'TOO_COMPLEX', fault }
  return decodeSmall({ pieces: skimmed.kept, stage, templates })
}

/** With a star in a path a member of any name may be on the way to a template, so that none can be left out unread. */
function hasStar(templates: Undecoded['templates']): boolean {
  return templates.some(({ path }) => path.includes('*'))
}

interface Skimmed {
  readonly kept: readonly Uint8Array[]
  readonly fault?: string | undefined
}

function skim(pieces: Undecoded['pieces'], templates: Undecoded['templates']): Skimmed {
  const skimmer = new Skimmer(namesRead(templates), MAX_KEPT_BYTES)
  for (const piece of pieces) skimmer.add(piece)
  return { kept: skimmer.take(), fault: skimmer.fault }
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
