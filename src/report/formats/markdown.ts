import { count } from '../../runtime/count.ts'
import { countProblems, gravestFirst, type Report, type Reported } from '../reported.ts'
import { linkOf } from './links.ts'

/** Bytes of a comment: GitHub takes 65,536 characters, GitLab more. */
const MAX_COMMENT_BYTES = 64 * 1024
/** Room for the row that counts what is left out. */
const MAX_TAIL_BYTES = 100

/** By which a program finds the comment that it made the last time. */
const MARK = '<!-- regcred -->'
const HEAD = '| Level | Where | Finding | What is wrong, and what to do |\n| --- | --- | --- | --- |\n'

/**
 * Writes a comment for a pull request, or a summary of a job: a table, the gravest first, and how many more there are where there is no
 * more room.
 *
 * @param maxBytes room for all of it, in UTF-8; nothing is written where not even the counts fit
 */
export function writeMarkdown(report: Report, maxBytes: number = MAX_COMMENT_BYTES): string {
  const problems = gravestFirst(report)
  const title = `${MARK}\n**regcred**: ${countProblems(report)}\n`
  const parts = problems.length === 0 ? [title] : [`${title}\n`, HEAD]
  let room = maxBytes - MAX_TAIL_BYTES - Buffer.byteLength(parts.join(''))
  if (room < 0) return ''
  for (const [i, problem] of problems.entries()) {
    const row = toRow(problem)
    room -= Buffer.byteLength(row)
    if (room < 0) {
      parts.push(`\nand ${count(problems.length - i, 'more problem')}\n`)
      break
    }
    parts.push(row)
  }
  return parts.join('')
}

function toRow({ level, code, path, line, message }: Reported): string {
  const place = line === undefined ? path : `${path}:${line}`
  return `| ${level} | ${asCode(place)} | [${code}](${linkOf(code)}) | ${asCode(message)} |\n`
}

/**
 * A text of anybody's: as code, so that `@name`, `#1`, addresses and HTML in it are nothing but text. What would end the code, or the
 * cell around it, is written as an escape, as all is that cannot be seen.
 */
function asCode(text: string): string {
  return `\`${text.replaceAll('`', '\\u0060').replaceAll('|', '\\u007c')}\``
}
