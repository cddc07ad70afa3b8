import type { Argument, Command, Option } from 'commander'

/** What could stand at the end of a command line. */
export interface Suggestions {
  readonly values: readonly Suggestion[]
  /** Whether the name of a file could stand there as well. */
  readonly files: boolean
}

interface Suggestion {
  readonly value: string
  readonly description: string
}

/**
 * Suggests what the last of these words could become: it is the one that is being typed, and may be empty.
 *
 * | the word                                    | becomes                                     |
 * | ------------------------------------------- | ------------------------------------------- |
 * | follows an option that takes a value        | one of its values, or a file if it is of one |
 * | is `--option=` and something                | the same, with the option before it         |
 * | begins with a dash                          | an option                                   |
 * | is an argument of a command                 | one of its values, or a file if it is of one |
 * | is the first that is no option              | a command                                   |
 *
 * @param words without the name of the program
 */
export function suggest(program: Command, words: readonly string[]): Suggestions {
  const typed = words.at(-1) ?? ''
  const { command, operands, awaiting, isEnded } = follow(program, words.slice(0, -1))
  if (awaiting !== undefined && !(awaiting.variadic && typed.startsWith('-'))) return valuesOf(awaiting, typed)
  if (!isEnded && typed.startsWith('-')) return optionsOf(command, typed)
  if (command.commands.length > 0 && operands === 0) {
    const visible = command.createHelp().visibleCommands(command)
    return among(
      visible.map(sub => ({ value: sub.name(), description: sub.description() })),
      typed,
    )
  }
  const { registeredArguments: all } = command
  const argument = all[operands] ?? (all.at(-1)?.variadic ? all.at(-1) : undefined)
  return argument === undefined ? NOTHING : valuesOf(argument, typed)
}

const NOTHING: Suggestions = { values: [], files: false }

/** Where a command line has got to. */
interface Position {
  readonly command: Command
  /** Its arguments so far. */
  readonly operands: number
  /** The option whose value comes next; a variadic one takes as many as there are. */
  readonly awaiting: Option | undefined
  /** Nothing is an option any more. */
  readonly isEnded: boolean
}

function follow(program: Command, words: readonly string[]): Position {
  let command = program
  let operands = 0
  let awaiting: Option | undefined
  let isEnded = false
  for (const word of words) {
    const isOption = !isEnded && word.startsWith('-') && word !== '-'
    if (awaiting !== undefined && !(isOption && awaiting.variadic)) {
      if (!awaiting.variadic) awaiting = undefined
    } else if (word === '--') {
      isEnded = true
      awaiting = undefined
    } else if (isOption) {
      const option = word.includes('=') ? undefined : findOption(command, word)
      awaiting = option?.required ? option : undefined
    } else {
      const sub = operands === 0 ? command.commands.find(other => other.name() === word) : undefined
      if (sub === undefined) operands += 1
      else command = sub
    }
  }
  return { command, operands, awaiting, isEnded }
}

function visibleOptions(command: Command): readonly Option[] {
  return command.createHelp().visibleOptions(command)
}

function findOption(command: Command, flag: string): Option | undefined {
  return visibleOptions(command).find(({ short, long }) => flag === short || flag === long)
}

function optionsOf(command: Command, typed: string): Suggestions {
  const end = typed.indexOf('=')
  const option = end < 0 ? undefined : findOption(command, typed.slice(0, end))
  if (option !== undefined) {
    const { values, files } = valuesOf(option, typed.slice(end + 1))
    const flag = typed.slice(0, end + 1)
    return { files, values: values.map(({ value, description }) => ({ value: flag + value, description })) }
  }
  const flags = visibleOptions(command).flatMap(({ short, long, description }) =>
    [long, short].flatMap(flag => (flag === undefined ? [] : [{ value: flag, description }])),
  )
  return among(flags, typed)
}

function valuesOf(of: Option | Argument, typed: string): Suggestions {
  const values = (of.argChoices ?? []).map(value => ({ value, description: '' }))
  const name = 'flags' in of ? of.flags : of.name()
  return { ...among(values, typed), files: values.length === 0 && /\b(?:file|path|folder)\b/.test(name) }
}

function among(all: readonly Suggestion[], typed: string): Suggestions {
  return { values: all.filter(({ value }) => value.startsWith(typed)), files: false }
}
