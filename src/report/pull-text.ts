import { writeTold } from '../advice/advice.ts'
import type { Next } from '../inspection/advise-pull.ts'
import type { PullAnswer } from '../inspection/answer-pull.ts'
import { hang, layOutTable } from '../runtime/columns.ts'
import type { Shown, Terminal } from '../runtime/terminal.ts'
import { visible, visibleJson } from '../runtime/visible.ts'
import { writeAdvice } from './command-lines.ts'

/** An answer, what is wrong with listed Secrets, and what to do where it is no. */
export interface Answered {
  readonly answer: PullAnswer
  readonly faults: readonly string[]
  readonly next?: Next
}

/** Attempts that are written, beyond which they are counted. */
const MAX_ATTEMPTS = 20
/** Listed Secrets of which is told what is wrong. */
const MAX_FAULTS = 5
/** Characters of the number, the Secret and the registry in a line of a table. */
const ATTEMPT_WIDTHS = [3, 20, 33] as const

/** Writes an answer for people: yes or no, what would be tried, and what to do. */
export function writeAnswer(
  { answer, faults, next }: Answered,
  width: number,
  all: boolean,
  out: Terminal,
): readonly Shown[] {
  const { can, why, attempts, anonymous } = answer
  const word = can === undefined ? 'unknown' : can ? 'yes' : 'no'
  const shown = all ? attempts : attempts.slice(0, MAX_ATTEMPTS)
  const rows = shown.map(({ secret, registry, how }, i) => [`${i + 1}.`, secret, registry, how])
  const left = attempts.length - shown.length
  const isTried = attempts.length > 0 || anonymous !== undefined
  const first = hang('', `${word} - ${why}`, width).map((line, i) =>
    i === 0
      ? out.line`${out.paint(can === true ? 'green' : 'red', word)}${line.slice(word.length)}`
      : out.line`${line}`,
  )
  return [
    ...first,
    ...layOutTable(rows, width - INDENT.length, ATTEMPT_WIDTHS).map(line => out.line`${INDENT}${line}`),
    ...(left > 0 ? [out.line`${INDENT}and ${left} more (--all)`] : []),
    ...(anonymous === undefined ? [] : [out.line`${INDENT}1.  ${anonymous.filter(text => text !== '').join('  ')}`]),
    ...faults.slice(0, MAX_FAULTS).flatMap(fault => hang(`${INDENT}✖ `, fault, width).map(line => out.line`${line}`)),
    ...(can === true && isTried ? hang('', NOT_ASKED, width).map(line => out.line`${line}`) : []),
    ...(next === undefined ? [] : writeNext(next, width, out)),
  ]
}

const INDENT = '  '
const NOT_ASKED = 'The registry was not asked: whether it has the image, and takes this, is not known.'

function writeNext({ problem, steps }: Next, width: number, out: Terminal): readonly Shown[] {
  return steps.flatMap((advice, i) => {
    const text = i === 0 && problem !== undefined ? writeTold({ problem, advice }) : advice.text
    return writeAdvice(i === 0 ? 'Next: ' : 'Then: ', text, width, out)
  })
}

/** The version of what is written as JSON. */
const VERSION = 1

/** Writes answers as JSON. */
export function writeAnswersJson(asked: string, all: readonly Answered[]): string {
  const images = all.map(({ answer, faults, next }) => ({
    image: answer.image,
    can: answer.can ?? null,
    why: answer.why.replace(/:$/, ''),
    attempts: answer.attempts,
    anonymous: answer.anonymous !== undefined,
    faults: faults.map(visible),
    next:
      next === undefined ? null : { problem: next.problem ?? null, steps: next.steps.map(({ text }) => visible(text)) },
  }))
  return `${visibleJson({ version: VERSION, asked, images }, 2)}\n`
}
