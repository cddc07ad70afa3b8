import { Argument, Command } from 'commander'
import { Terminal } from '../../runtime/terminal.ts'
import type { Streams } from '../streams.ts'
import type { Shell } from './scripts.ts'

const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish']

const AFTER = `
  bash  source <(regcred completion bash)     in ~/.bashrc
  zsh   source <(regcred completion zsh)      in ~/.zshrc, after compinit
  fish  regcred completion fish | source      in ~/.config/fish/config.fish`

/** `regcred completion`: a script by which a shell asks what could be typed. */
export function completionCommand({ stdout }: Pick<Streams, 'stdout'> = process): Command {
  return new Command('completion')
    .description('print a script with which a shell completes what is typed after regcred')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', AFTER)
    .action(async (shell: Shell) => {
      const { scriptFor } = await import('./scripts.ts')
      new Terminal(stdout).writeText(scriptFor(shell))
    })
}

/**
 * `regcred __complete -- WORD…`: what the last word could become, a line each with a tab before its description, and `:0` at the end
 * if it could be a file as well, else `:4`. It is the protocol of cobra, which kubectl speaks with its plugins.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubectl/kubectl-plugins/
 */
export function answerCommand(program: Command, { stdout }: Pick<Streams, 'stdout'> = process): Command {
  return new Command('__complete')
    .argument('[word...]')
    .helpOption(false)
    .action(async (words: readonly string[]) => {
      const { suggest } = await import('./complete.ts')
      const { values, files } = suggest(program, words)
      const rows = values.map(({ value, description }) => [value, description])
      new Terminal(stdout).writeFields(...rows, [files ? ':0' : ':4'])
    })
}
