import { basename } from 'node:path'
import { Command } from 'commander'
import { canPullCommand } from './commands/can-pull/can-pull.ts'
import { checkCommand } from './commands/check.ts'
import { answerCommand, completionCommand } from './commands/completion/completion.ts'
import { configCommand } from './commands/config.ts'
import { demoCommand } from './commands/demo.ts'
import { explainCommand } from './commands/explain.ts'
import { inspectCommand } from './commands/inspect/inspect.ts'
import { reportCommand } from './commands/report/report.ts'
import { scanCommand } from './commands/scan/scan.ts'
import { secretCommand } from './commands/secret/secret.ts'
import { serveCommand } from './commands/serve/serve.ts'
import { whyCommand } from './commands/why/why.ts'
import { readVersion } from './package.ts'
import { CommandError } from './runtime/command-error.ts'
import { redactError } from './runtime/redact-error.ts'
import { Terminal } from './runtime/terminal.ts'

/** Exit status of a command that could not run. */
const COULD_NOT = 2

const out = new Terminal(process.stdout)
const err = new Terminal(process.stderr)

/** kubectl calls a plugin by the name of its file; help speaks as it was called. */
const NAME = basename(String(process.argv[1])).startsWith('kubectl-') ? 'kubectl regcred' : 'regcred'

const program = new Command(NAME)
  .description('Checks the pull secrets of Pods before a node has to: adds, warns or refuses.')
  .version(readVersion())
  // What stands behind a command is the command's, down to the last of them.
  .enablePositionalOptions()
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COULD_NOT))
tellErrors(program, NAME)
const commands = [
  serveCommand(),
  checkCommand(),
  scanCommand(),
  reportCommand(),
  whyCommand(),
  inspectCommand(),
  canPullCommand(),
  secretCommand(),
  explainCommand(),
  configCommand(),
  demoCommand(),
  completionCommand(),
]
for (const command of commands) {
  program.addCommand(command)
  inherit(command, program, NAME)
}
program.addCommand(answerCommand(program), { hidden: true })

// Whoever reads the answer may stop in the middle, as head does.
process.stdout.once('error', () => process.exit(COULD_NOT))
try {
  await program.parseAsync()
} catch (error) {
  const faults = error instanceof CommandError ? error.faults : [`this is a bug: ${describe(error)}`]
  err.write(...faults.map(fault => err.line`regcred: ${fault}`))
  process.exitCode = COULD_NOT
}

/** Has a command, and those below it, end and speak as the program does. */
function inherit(command: Command, parent: Command, prefix: string): void {
  const name = `${prefix} ${command.name()}`
  command.copyInheritedSettings(parent)
  tellErrors(command, name)
  for (const below of command.commands) inherit(below, command, name)
}

/** Commander's own errors begin with a word that says nothing, and may go on in a second line. */
function tellErrors(command: Command, name: string): void {
  const oneSentence = (text: string) =>
    text
      .trim()
      .replace(/^error: /, '')
      // What is given to an option that does not exist, or besides what is asked for, may be a password.
      .replace(/^(unknown option '[^=]*)=.*'/s, "$1'")
      .replace(/^(too many arguments .* but got \d+): .*/s, '$1')
      .replaceAll('\n', ' ')
      .replace(/\.$/, '')
  command.configureOutput({
    writeOut: text => out.writeText(text),
    writeErr: text => err.writeText(text),
    outputError: text => err.write(err.line`regcred: ${oneSentence(text)}; see ${name} --help`),
  })
}

/** Where it happened, and not the message: that may quote a manifest. */
function describe(error: unknown): string {
  const { error: name, at } = redactError(error)
  return [name, ...at].join(' ')
}
