import { type Command, Help, type Option } from 'commander'

/** A command as it is typed. */
interface Typed {
  readonly called: string
  readonly command: Command
}

/** Variables that the program reads, with who reads them. */
const VARIABLES: readonly (readonly [name: string, means: string])[] = [
  ['`KUBECONFIG`', 'where the kubeconfig is, as for kubectl; several files are separated by `:`'],
  ['`DOCKER_CONFIG`', 'the folder of the docker config that `secret` reads, as for docker'],
  ['`XDG_RUNTIME_DIR`', 'below which `secret` looks for the logins of podman'],
  ['`REGCRED_DEBUG`', 'set to anything: an unexpected error says where it happened'],
  ['`NO_COLOR`, `FORCE_COLOR`', 'whether there is colour, else where the output is a terminal'],
  ['`GITHUB_ACTIONS`', 'set by GitHub: `check` without `-o` writes annotations'],
  ['`GITHUB_STEP_SUMMARY`', 'set by GitHub: where `check -o github` writes its summary'],
]

const INTRO = `# Every command

Written from the commands themselves; a test keeps it true. \`regcred COMMAND --help\` says the same. With kubectl it is \`kubectl regcred COMMAND\`.

Exit status of every command: 2 where it could not run, or was called wrongly, with a sentence on standard error. The others stand with each command.

`

/** docs/cli.md: every command that help shows, with its arguments, options, defaults and examples. */
export function writeReference(program: Command): string {
  const all = below(program, program.name())
  const list = all.map(({ called, command }) => `- [\`${called}\`](#${anchorOf(called)}): ${command.description()}\n`)
  const variables = ['| variable | means |\n| --- | --- |\n', ...VARIABLES.map(row => `| ${row.join(' | ')} |\n`)]
  return [
    INTRO,
    ...list,
    '\n## Options of regcred itself\n\n',
    'They stand before the command.\n\n',
    writeOptions(program),
    ...all.map(writeCommand),
    '\n## Environment\n\n',
    ...variables,
  ].join('')
}

/** Every command that help shows, in its order, those below others after them. */
export function below(command: Command, prefix: string): readonly Typed[] {
  const shown = new Help().visibleCommands(command).filter(one => one.name() !== 'help')
  return shown.flatMap(one => {
    const called = `${prefix} ${one.name()}`
    return [{ called, command: one }, ...below(one, called)]
  })
}

function writeCommand({ called, command }: Typed): string {
  const rows = command.registeredArguments.map(argument => {
    const { argChoices, defaultValue, required, variadic } = argument
    const given = `${required ? '' : 'optional'}${!required && variadic ? ', ' : ''}${variadic ? 'may be repeated' : ''}`
    const text = [argument.description, choicesOf(argChoices), defaultOf(defaultValue), given]
    return `| \`${new Help().argumentTerm(argument)}\` | ${inCell(text.filter(part => part !== '').join('; '))} |\n`
  })
  return [
    `\n## ${called}\n\n`,
    `${sentence(command.description())}\n\n`,
    `\`\`\`sh\n${called} ${command.usage()}\n\`\`\`\n\n`,
    ...(rows.length === 0 ? [] : ['| argument | |\n| --- | --- |\n', ...rows, '\n']),
    writeOptions(command),
    writeAfter(command),
  ].join('')
}

function writeOptions(command: Command): string {
  const rows = new Help()
    .visibleOptions(command)
    .map(option => `| ${code(option.flags)} | ${inCell(describe(option))} |\n`)
  return ['| option | |\n| --- | --- |\n', ...rows].join('')
}

function describe({
  description,
  argChoices,
  defaultValue,
  defaultValueDescription,
  mandatory,
  envVar,
}: Option): string {
  const isTold = typeof defaultValue === 'boolean' || description.includes('(default')
  return [
    description,
    choicesOf(argChoices),
    isTold ? '' : defaultOf(defaultValueDescription ?? defaultValue),
    mandatory && defaultValue === undefined ? 'has to be given' : '',
    envVar === undefined ? '' : `or the variable ${envVar}`,
  ]
    .filter(part => part !== '')
    .join('; ')
}

function choicesOf(choices: readonly string[] | undefined): string {
  return choices === undefined ? '' : `one of ${choices.join(', ')}`
}

function defaultOf(value: unknown): string {
  return value === undefined || (Array.isArray(value) && value.length === 0) ? '' : `default ${value}`
}

/** What help says below the options: how it ends, and examples. */
function writeAfter(command: Command): string {
  const parts: string[] = []
  command.configureOutput({ writeOut: part => void parts.push(part) }).outputHelp()
  const text = parts.join('').slice(command.helpInformation().length)
  return text.trim() === '' ? '' : `\n\`\`\`text\n${text.replace(/^\n+|\s+$/g, '')}\n\`\`\`\n`
}

const code = (text: string) => `\`${text}\``.replaceAll('|', '\\|')
const inCell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ')
const sentence = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
const anchorOf = (heading: string) => heading.replaceAll(' ', '-')
