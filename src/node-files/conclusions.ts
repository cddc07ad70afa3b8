import { isAnnotationKey, type NodeEntry } from '../policy/registries/node-entry.ts'
import { parsePattern } from '../policy/registries/pattern.ts'
import { visible } from '../runtime/visible.ts'
import type { Source } from './statement.ts'

/** An entry of `registries.node`, and what it follows from. */
export interface FoundEntry {
  readonly entry: NodeEntry
  readonly reasons: readonly string[]
}

/** Reasons of one entry that are told. */
const MAX_REASONS = 5
/** Characters of a path that is told; the end of it says more than the beginning. */
const MAX_PATH_LENGTH = 200

/** What follows from files: entries, each once, and remarks on what none follows from. */
export class Conclusions {
  readonly #entries = new Map<string, { entry: NodeEntry; reasons: string[] }>()
  readonly #remarks = new Set<string>()

  get entries(): readonly FoundEntry[] {
    return [...this.#entries.values()]
  }

  get remarks(): readonly string[] {
    return [...this.#remarks]
  }

  /** Adds an entry, or a remark where it is no pattern. */
  entry(source: Source, pattern: string, reason: string, annotations: readonly string[] = []): void {
    const parsed = parsePattern(pattern)
    if ('fault' in parsed) {
      this.remark(source, `${this.show(pattern)} is no pattern of regcred's: it ${parsed.fault} (${reason})`)
      return
    }
    if (!annotations.every(isAnnotationKey)) {
      this.remark(source, `one of the annotations that are required for ${this.show(pattern)} is not valid (${reason})`)
      return
    }
    const entry = annotations.length === 0 ? pattern : { pattern, serviceAccountAnnotations: annotations }
    const key = JSON.stringify(entry)
    const found = this.#entries.get(key) ?? { entry, reasons: [] }
    this.#entries.set(key, found)
    const line = `${this.place(source)}: ${reason}`
    if (found.reasons.length < MAX_REASONS && !found.reasons.includes(line)) found.reasons.push(line)
  }

  remark(source: Source, message: string): void {
    this.#remarks.add(`${this.place(source)}: ${message}`)
  }

  place({ file, line }: Source): string {
    const name = visible(file.length > MAX_PATH_LENGTH ? `…${file.slice(-MAX_PATH_LENGTH)}` : file)
    return line === undefined ? name : `${name}:${line}`
  }

  /** A name from a file, if it is one: what else may stand there, such as a user and a password before a host, is not shown. */
  show(name: string): string {
    return NAME.test(name) ? name : '(a name that is not shown)'
  }
}

/** Hosts, ports, paths, globs, and names of programs. */
const NAME = /^[\w.*:[\]/-]{1,253}$/
