import { Command } from 'commander'
import { checkCommand } from './commands/check.ts'
import { CommandError } from './commands/command-error.ts'
import { configCommand } from './commands/config.ts'
import { demoCommand } from './commands/demo.ts'
import { serveCommand } from './commands/serve.ts'
import { readVersion } from './version.ts'

/** Exit status of a command that could not do its work. */
const COULD_NOT = 2

const program = new Command('regcred')
  .description('Checks the pull secrets of Pods before the kubelet has to: injects, warns or refuses.')
  .version(readVersion())
  .showHelpAfterError('(regcred --help shows what there is)')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COULD_NOT))
for (const command of [serveCommand(), checkCommand(), configCommand(), demoCommand()])
  program.addCommand(command.copyInheritedSettings(program))

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommandError)) throw error
  for (const line of error.message.split('\n')) process.stderr.write(`regcred: ${line}\n`)
  process.exitCode = COULD_NOT
}
