import { Argument, Command } from 'commander'
import { Terminal } from '../../runtime/terminal.ts'
import type { Streams } from '../streams.ts'
import type { Shell } from './scripts.ts'

const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish', 'powershell']

const AFTER = `
  bash        source <(regcred completion bash)     in ~/.bashrc
  zsh         source <(regcred completion zsh)      in ~/.zshrc, after compinit
  fish        regcred completion fish | source      in ~/.config/fish/config.fish
  powershell  regcred completion powershell | Out-String | Invoke-Expression
                                                    in the file $PROFILE`

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
 * `--hex WORDS` is for shells that hand words on with what they mean to another: there they are a JSON list in hexadecimal digits.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubectl/kubectl-plugins/
 */
export function answerCommand(program: Command, { stdout }: Pick<Streams, 'stdout'> = process): Command {
  return new Command('__complete')
    .argument('[word...]')
    .option('--hex <words>')
    .helpOption(false)
    .action(async (words: readonly string[], { hex }: { readonly hex?: string }) => {
      const { suggest } = await import('./complete.ts')
      const { values, files } = suggest(program, hex === undefined ? words : wordsIn(hex))
      const rows = values.map(({ value, description }) => [value, description])
      new Terminal(stdout).writeFields(...rows, [files ? ':0' : ':4'])
    })
}

/** No words where it is no such list, and so the names of the commands. */
function wordsIn(hex: string): readonly string[] {
  try {
    const words: unknown = JSON.parse(Buffer.from(hex, 'hex').toString())
    return Array.isArray(words) ? words.map(String) : []
  } catch {
    return []
  }
}
