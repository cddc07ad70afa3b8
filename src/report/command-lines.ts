import { hang } from '../runtime/columns.ts'
import type { Shown, Terminal } from '../runtime/terminal.ts'

/**
 * An advice for a terminal: its words within the width, and its command in a line of its own, which is never broken, so that it can be
 * copied into any shell.
 */
export function writeAdvice(prefix: string, text: string, width: number, out: Terminal): readonly Shown[] {
  const { words, command } = splitAdvice(text)
  const lines = hang(prefix, words, width).map(line => out.line`${line}`)
  return command === '' ? lines : [...lines, out.line`${' '.repeat(prefix.length)}  ${command}`]
}

/** The words of an advice, with a colon at their end where a command follows, and that command; empty where there is none. */
export function splitAdvice(text: string): { readonly words: string; readonly command: string } {
  const at = text.search(/: (?:kubectl|regcred) /)
  return at < 0 ? { words: text, command: '' } : { words: text.slice(0, at + 1), command: text.slice(at + 2) }
}
