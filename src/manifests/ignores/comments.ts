import { Lexer } from 'yaml'
import type { Place } from '../found.ts'

/** A comment `# regcred-ignore: …` of a text. */
export interface IgnoreComment extends Place {
  /** What follows the colon. */
  readonly text: string
  /** The line that it is about: its own, or the next one that is neither empty nor a comment nor begins a document. */
  readonly target: number
}

/** Comments of a text; no more are heeded. */
const MAX_COMMENTS = 10_000
/** Characters of a comment; what is behind them is cut. */
const MAX_COMMENT_LENGTH = 4096

/**
 * Finds the comments of a YAML text that say that something is to be ignored. It is taken apart by the lexer of YAML, so that nothing in
 * a string is one; the time is linear in the text, and nothing of it is kept but these comments.
 */
export function findIgnoreComments(text: string): readonly IgnoreComment[] {
  const found: IgnoreComment[] = []
  let line = 1
  let lineStart = 0
  for (const { offset, said } of commentsOf(text)) {
    if (found.length === MAX_COMMENTS) break
    for (let end = text.indexOf('\n', lineStart); end !== -1 && end < offset; end = text.indexOf('\n', lineStart)) {
      line += 1
      lineStart = end + 1
    }
    const isAlone = text.slice(lineStart, offset).trim() === ''
    // A copy, which holds nothing of the text.
    const copy = structuredClone(said.slice(0, MAX_COMMENT_LENGTH).trim())
    found.push({ line, column: offset - lineStart + 1, text: copy, target: isAlone ? 0 : line })
  }
  return withTargets(text, found)
}

/** What the lexer puts between the parts of a text, and stands for nothing in it: before a scalar, a document, and where a flow ends. */
const SCALAR = '\u001f'
const MARKS: ReadonlySet<string> = new Set([SCALAR, '\u0002', '\u0018'])

function* commentsOf(text: string): Generator<{ readonly offset: number; readonly said: string }, void> {
  let offset = 0
  let isScalar = false
  for (const lexeme of new Lexer().lex(text)) {
    const isMark: boolean = !isScalar && MARKS.has(lexeme)
    const [, said] = isScalar ? [] : (/^#\s*regcred-ignore:(.*)/.exec(lexeme) ?? [])
    if (said !== undefined) yield { offset, said }
    isScalar = isMark && lexeme === SCALAR
    if (!isMark) offset += lexeme.length
  }
}

/** Finds what comments that stand alone are about, in one pass: comments above one another are about the same. */
function withTargets(text: string, comments: readonly IgnoreComment[]): readonly IgnoreComment[] {
  const waiting: IgnoreComment[] = []
  const targets = new Map<IgnoreComment, number>()
  const left = comments.values()
  let next = left.next().value
  let line = 0
  for (const content of linesOf(text)) {
    line += 1
    if (!/^\s*(?:#|$)|^---\s*$/.test(content)) {
      for (const comment of waiting.splice(0)) targets.set(comment, line)
    }
    while (next?.line === line) {
      if (next.target === 0) waiting.push(next)
      next = left.next().value
    }
  }
  return comments.map(comment => ({ ...comment, target: targets.get(comment) ?? comment.target }))
}

function* linesOf(text: string): Generator<string, void> {
  let start = 0
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    yield text.slice(start, end)
    start = end + 1
  }
  yield text.slice(start)
}
