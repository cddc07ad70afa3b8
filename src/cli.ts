import { Command } from 'commander'
import { canPullCommand } from './commands/can-pull/can-pull.ts'
import { checkCommand } from './commands/check.ts'
import { CommandError } from './commands/command-error.ts'
import { configCommand } from './commands/config.ts'
import { demoCommand } from './commands/demo.ts'
import { explainCommand } from './commands/explain.ts'
import { inspectCommand } from './commands/inspect/inspect.ts'
import { serveCommand } from './commands/serve/serve.ts'
import { readVersion } from './package.ts'
import { redactError } from './runtime/redact-error.ts'
import { Terminal } from './runtime/terminal.ts'

/** Exit status of a command that could not run. */
const COULD_NOT = 2

const out = new Terminal(process.stdout)
const err = new Terminal(process.stderr)

const program = new Command('regcred')
  .description('Checks the pull secrets of Pods before a node has to: adds, warns or refuses.')
  .version(readVersion())
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COULD_NOT))
tellErrors(program, 'regcred')
const commands = [
  ...[serveCommand(), checkCommand(), inspectCommand(), canPullCommand()],
  ...[explainCommand(), configCommand(), demoCommand()],
]
for (const command of commands) {
  program.addCommand(command.copyInheritedSettings(program))
  tellErrors(command, `regcred ${command.name()}`)
}

// Whoever reads the answer may stop in the middle, as head does.
process.stdout.once('error', () => process.exit(COULD_NOT))
try {
  await program.parseAsync()
} catch (error) {
  const faults = error instanceof CommandError ? error.faults : [`this is a bug: ${describe(error)}`]
  err.write(...faults.map(fault => err.line`regcred: ${fault}`))
  process.exitCode = COULD_NOT
}

/** Commander's own errors begin with a word that says nothing, and may go on in a second line. */
function tellErrors(command: Command, name: string): void {
  const oneSentence = (text: string) =>
    text
      .trim()
      .replace(/^error: /, '')
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
