import type { CheckedFinding, CheckedObject } from '../engine/checked.ts'
import type { Fault } from '../manifests/found.ts'
import type { IgnoreComment } from '../manifests/ignores/comments.ts'
import { checkIgnores } from '../manifests/ignores/own-ignores.ts'
import type { FindingCode } from '../policy/finding.ts'
import { readIgnores, type WrittenIgnore } from '../policy/ignores.ts'

/** A code that a comment does not want to be told, and where. */
export interface CommentIgnore {
  readonly code: FindingCode
  readonly reason: string
  readonly file: string
  readonly line: number
  readonly column: number
  /** The line that it is about. */
  readonly target: number
}

/** By which a text that has no such comment is told at once. */
const MARK = 'regcred-ignore:'

/** What the comments of one file say, by the line that it is about. */
interface OfFile {
  readonly byTarget: ReadonlyMap<number, readonly CommentIgnore[]>
  readonly faults: readonly Fault[]
}

/** The comments `# regcred-ignore: CODE -- why` of the files of a check. */
export class CommentIgnores {
  readonly #files = new Map<string, OfFile>()

  /** Reads the comments of a file. Texts without any, which nearly all are, are looked through once. */
  async read(file: string, text: string): Promise<void> {
    if (!text.includes(MARK)) return
    const { findIgnoreComments } = await import('../manifests/ignores/comments.ts')
    const read = findIgnoreComments(text).map(comment => readComment(file, comment))
    const ignores = read.flatMap(one => one.ignores)
    this.#files.set(file, {
      byTarget: Map.groupBy(ignores, ({ target }) => target),
      faults: read.flatMap(({ faults }) => faults),
    })
  }

  get isEmpty(): boolean {
    return this.#files.size === 0
  }

  get all(): readonly CommentIgnore[] {
    return [...this.#files.values()].flatMap(({ byTarget }) => [...byTarget.values()].flat())
  }

  get faults(): readonly Fault[] {
    return [...this.#files.values()].flatMap(({ faults }) => faults)
  }

  /** Those that are about a finding: about the line of the name that is wrong, or about the first line of the object. */
  fitting({ manifest }: CheckedObject, { code, place }: CheckedFinding): readonly CommentIgnore[] {
    const byTarget = this.#files.get(manifest.file)?.byTarget
    if (byTarget === undefined) return []
    const lines = new Set([manifest.line, place?.line])
    return [...lines].flatMap(line => byTarget.get(line ?? 0) ?? []).filter(one => one.code === code)
  }
}

function readComment(file: string, { text, line, column, target }: IgnoreComment) {
  const { known, faults } = checkIgnores(readText(text), false)
  const origin = { file, line, column }
  return {
    ignores: known.map(one => ({ ...origin, ...one, target })),
    faults: faults.map((message): Fault => ({ ...origin, message: `${MARK} ${message}` })),
  }
}

/** Codes and two dashes before the reason; a colon does as well. */
function readText(text: string): readonly WrittenIgnore[] {
  const dashes = text.indexOf('--')
  if (dashes === -1) return readIgnores(text)
  const codes = readIgnores(text.slice(0, dashes))
  return codes.map(({ code }) => ({ code, reason: text.slice(dashes + '--'.length).trim() }))
}
