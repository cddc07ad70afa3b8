import { Command } from 'commander'
import { canPullCommand } from './commands/can-pull/can-pull.ts'
import { checkCommand } from './commands/check.ts'
import { answerCommand, completionCommand } from './commands/completion/completion.ts'
import { configCommand } from './commands/config.ts'
import { demoCommand } from './commands/demo/demo.ts'
import { explainCommand } from './commands/explain.ts'
import { inspectCommand } from './commands/inspect/inspect.ts'
import { refuseEmpty } from './commands/option-parsers.ts'
import { reportCommand } from './commands/report/report.ts'
import { scanCommand } from './commands/scan/scan.ts'
import { secretCommand } from './commands/secret/secret.ts'
import { serveCommand } from './commands/serve/serve.ts'
import { snapshotCommand } from './commands/snapshot/snapshot.ts'
import { statusCommand } from './commands/status/status.ts'
import { versionCommand } from './commands/status/version.ts'
import { whyCommand } from './commands/why/why.ts'
import { readVersion } from './package.ts'
import type { Terminal } from './runtime/terminal.ts'

/** Exit status of a command that could not run. */
export const COULD_NOT = 2

/** Where help, and errors of the command line, are written. */
export interface ProgramOutput {
  readonly out: Terminal
  readonly err: Terminal
}

/**
 * The program with all its commands, which are loaded when they are called.
 *
 * @param name by which it was called
 * @param exit called with 0 or {@link COULD_NOT} once help, the version or an error of the command line has been written
 */
export function makeProgram(name: string, output: ProgramOutput, exit: (status: number) => never): Command {
  const program = new Command(name)
    .description('Checks the pull secrets of Pods before a node has to: adds, warns or refuses.')
    .version(readVersion())
    .option('--debug', 'on an unexpected error, print where it happened (REGCRED_DEBUG=1 does the same)')
    // What stands behind a command is the command's, down to the last of them.
    .enablePositionalOptions()
    .exitOverride(({ exitCode }) => exit(exitCode === 0 ? 0 : COULD_NOT))
  tellErrors(program, name, output)
  const commands = [
    serveCommand(),
    checkCommand(),
    scanCommand(),
    reportCommand(),
    snapshotCommand(),
    whyCommand(),
    inspectCommand(),
    canPullCommand(),
    secretCommand(),
    statusCommand(),
    explainCommand(),
    configCommand(),
    demoCommand(),
    completionCommand(),
    versionCommand(),
  ]
  for (const command of commands) {
    program.addCommand(command.hook('preAction', (_, called) => refuseEmpty(called)))
    inherit(command, program, name, output)
  }
  return program.addCommand(answerCommand(program), { hidden: true })
}

/** Has a command, and those below it, end and speak as the program does. */
function inherit(command: Command, parent: Command, prefix: string, output: ProgramOutput): void {
  const name = `${prefix} ${command.name()}`
  command.copyInheritedSettings(parent)
  tellErrors(command, name, output)
  for (const below of command.commands) inherit(below, command, name, output)
}

/** Commander's own errors begin with a word that says nothing, and may go on in a second line. */
function tellErrors(command: Command, name: string, { out, err }: ProgramOutput): void {
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
