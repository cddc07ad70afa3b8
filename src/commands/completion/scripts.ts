/**
 * The script of a shell. Each asks `regcred __complete` with the words as they stand there, and evaluates none of them: what is typed may
 * hold `$(…)`.
 */
export function scriptFor(shell: Shell): string {
  return SCRIPTS[shell]
}

export type Shell = 'bash' | 'zsh' | 'fish' | 'powershell'

/** Works with bash 3.2, as macOS has it, and without the package bash-completion. bash takes words apart at `=` and `:`. */
const BASH = `# bash completion for regcred
_regcred() {
  local i word line files=
  local -a words
  words=()
  COMPREPLY=()
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((i > 1)) && [[ $word == [=:] || \${COMP_WORDS[i - 1]} == [=:] ]]; then
      words[\${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
  done
  while IFS= read -r line; do
    case $line in
      :0) files=yes ;;
      :*) ;;
      *) line=\${line%%$'\\t'*}
        [[ $line == --*=* ]] && line=\${line#*=}
        COMPREPLY+=("$line") ;;
    esac
  done < <(regcred __complete -- "\${words[@]}" 2>/dev/null)
  # What is suggested if nothing is: the names of files.
  [[ $files ]] || compopt +o default 2>/dev/null
}
complete -o default -F _regcred regcred
`

const ZSH = `#compdef regcred
# zsh completion for regcred
_regcred() {
  local line files=
  local -a answers
  for line in "\${(@f)$(regcred __complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    case $line in
      :0) files=yes ;;
      :*) ;;
      *) answers+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  if (( $#answers )); then
    _describe regcred answers
  elif [[ -n $files ]]; then
    compset -P '*='
    _files
  fi
}
if [[ $funcstack[1] == _regcred ]]; then
  _regcred "$@"
else
  compdef _regcred regcred
fi
`

const FISH = `# fish completion for regcred
function __regcred_complete
    set -l words (commandline -opc)
    set -e words[1]
    for line in (regcred __complete -- $words (commandline -ct) 2>/dev/null)
        switch $line
            case ':0'
                __fish_complete_path (commandline -ct)
            case ':*'
            case '*'
                echo $line
        end
    end
end
complete -c regcred -f -a '(__regcred_complete)'
`

/**
 * Works with Windows PowerShell 5.1 and PowerShell 7. On Windows `regcred` may be a batch file, for which a `&` in an argument ends the
 * command and begins another; older ones drop an empty argument. So the words go as hexadecimal digits. Where nothing is returned
 * PowerShell suggests files; an empty text is no suggestion at all.
 */
const POWERSHELL = `# powershell completion for regcred
Register-ArgumentCompleter -Native -CommandName regcred -ScriptBlock {
    param($typed, $line, $cursor)
    $words = @(foreach ($word in $line.CommandElements | Select-Object -Skip 1) {
        if ($word.Extent.EndOffset -ge $cursor) { break }
        if ($word -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $word.Value } else { $word.Extent.Text }
    })
    $json = ConvertTo-Json -Compress -InputObject @($words + "$typed")
    $hex = [BitConverter]::ToString([Text.Encoding]::UTF8.GetBytes($json)).Replace('-', '')
    $answers = @(regcred __complete --hex $hex 2>$null)
    $values = @($answers | Where-Object { $_ -notlike ':*' })
    foreach ($answer in $values) {
        $value, $told = $answer -split '\\t', 2
        if (-not $told) { $told = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $told)
    }
    if ($values.Count -eq 0 -and $answers -notcontains ':0') { '' }
}
`

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH, powershell: POWERSHELL }
