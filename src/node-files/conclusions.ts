import { parsePattern } from '../policy/registry-class.ts'
import { visible } from '../runtime/visible.ts'
import type { Source } from './statement.ts'

/** An entry of `registries.node`, and what it follows from. */
export interface NodeEntry {
  readonly pattern: string
  readonly reasons: readonly string[]
}

/** Reasons of one entry that are told. */
const MAX_REASONS = 5
/** Characters of a path that is told; the end of it says more than the beginning. */
const MAX_PATH_LENGTH = 200

/** What follows from files: entries, each once, and remarks on what none follows from. */
export class Conclusions {
  readonly #entries = new Map<string, { pattern: string; reasons: string[] }>()
  readonly #remarks = new Set<string>()

  get entries(): readonly NodeEntry[] {
    return [...this.#entries.values()]
  }

  get remarks(): readonly string[] {
    return [...this.#remarks]
  }

  /** Adds an entry, or a remark where it is no pattern. */
  entry(source: Source, pattern: string, reason: string): void {
    const parsed = parsePattern(pattern)
    if ('fault' in parsed) {
      this.remark(source, `${this.show(pattern)} is no pattern of regcred's: it ${parsed.fault} (${reason})`)
      return
    }
    const key = pattern.toLowerCase()
    const entry = this.#entries.get(key) ?? { pattern: key, reasons: [] }
    this.#entries.set(key, entry)
    const line = `${this.place(source)}: ${reason}`
    if (entry.reasons.length < MAX_REASONS && !entry.reasons.includes(line)) entry.reasons.push(line)
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
