import { hang } from '../runtime/columns.ts'
import type { Shown, Terminal } from '../runtime/terminal.ts'

/**
 * An advice for a terminal: its words within the width, and its command in a line of its own, which is never broken, so that it can be
 * copied into any shell.
 */
export function writeAdvice(prefix: string, text: string, width: number, out: Terminal): readonly Shown[] {
  const at = text.search(/: (?:kubectl|regcred) /)
  const words = at < 0 ? text : text.slice(0, at + 1)
  const lines = hang(prefix, words, width).map(line => out.line`${line}`)
  return at < 0 ? lines : [...lines, out.line`${' '.repeat(prefix.length)}  ${text.slice(at + 2)}`]
}
