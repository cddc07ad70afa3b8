import { advisePull } from '../../inspection/advise-pull.ts'
import { answerPull } from '../../inspection/answer-pull.ts'
import { openPullCase, type PullCase } from '../../inspection/pull-case.ts'
import { prepareRulebook } from '../../policy/rulebook.ts'
import { type Answered, writeAnswer, writeAnswersJson } from '../../report/pull-text.ts'
import { Terminal } from '../../runtime/terminal.ts'
import { readSettings } from '../settings.ts'
import { type Streams, widthOf } from '../streams.ts'
import type { CanPullFlags } from './flags.ts'
import { type Gathered, gather } from './gather.ts'

/** What the exit status says. */
const STATUS = { yes: 0, no: 1, unknown: 2 } as const

/**
 * Finds out whether an image can be pulled, and writes the answer.
 *
 * @returns the exit status
 * @throws {CommandError} one line that says what is wrong and what to do
 */
export async function canPull(image: string | undefined, flags: CanPullFlags, streams: Streams): Promise<number> {
  const { settings } = await readSettings(flags.config)
  const rulebook = prepareRulebook(settings)
  const gathered = await gather(image, flags, rulebook, streams)
  try {
    const answered = await answerAll(gathered, flags.quiet === true)
    if (flags.quiet !== true) write(answered, gathered, flags, streams)
    const all = answered.map(({ answer }) => answer.can)
    return all.includes(false) ? STATUS.no : all.includes(undefined) ? STATUS.unknown : STATUS.yes
  } finally {
    await gathered.close()
  }
}

/** What could help is read where something lacks credentials, and not before: it takes a right that most do without. */
async function answerAll({ question, readOthers }: Gathered, quiet: boolean): Promise<readonly Answered[]> {
  const pull = openPullCase(question)
  const uses = [...new Map(pull.facts.images.map(use => [use.image, use])).values()]
  const { faults } = pull
  const answers = uses.map(use => ({ use, faults, answer: answerPull(use, pull) }))
  if (quiet || answers.every(({ answer }) => answer.can !== false)) return answers
  await readOthers()
  const known: PullCase = openPullCase(question)
  return answers.map(({ use, ...rest }) => ({
    ...rest,
    ...(rest.answer.can === false && { next: advisePull(use, known) }),
  }))
}

function write(all: readonly Answered[], { asked, isDefault }: Gathered, flags: CanPullFlags, streams: Streams): void {
  const out = new Terminal(streams.stdout)
  if (flags.output === 'json') {
    out.writeText(writeAnswersJson(asked, all))
    return
  }
  const err = new Terminal(streams.stderr)
  if (isDefault) err.write(err.line`regcred: as ${asked}; --as asks for another, e.g. --as pod/NAME`)
  for (const [i, one] of all.entries()) {
    if (i > 0) out.write(out.line``)
    if (all.length > 1) out.write(out.line`${out.paint('bold', one.answer.image)}`)
    out.write(...writeAnswer(one, widthOf(streams.stdout), flags.all === true, out))
  }
}
