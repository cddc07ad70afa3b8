import { Argument, Command, Option } from 'commander'
import t from 'tap'
import { suggest } from '../../../src/commands/completion/complete.ts'

function program(): Command {
  const check = new Command('check')
    .description('find mistakes')
    .argument('[path...]')
    .option('-f, --filename <path...>', 'a file')
    .option('-n, --namespace <name>', 'a namespace')
    .option('--config <file>', 'a configuration')
    .option('--strict', 'treat as missing')
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']))
    .addOption(new Option('--hidden <x>').hideHelp())
  const shell = new Command('completion').addArgument(new Argument('<shell>').choices(['bash', 'zsh']))
  const config = new Command('config').addCommand(new Command('init')).addCommand(new Command('view'), { hidden: true })
  return new Command('regcred')
    .version('1')
    .addCommand(check)
    .addCommand(shell)
    .addCommand(config)
    .addCommand(new Command('__complete'), { hidden: true })
}

/** The suggestions for a line, `*` at its end if a file could stand there. */
function after(...words: string[]): string {
  const { values, files } = suggest(program(), words)
  return [...values.map(({ value }) => value), ...(files ? ['*'] : [])].join(' ')
}

t.test('what the last word could become', async t => {
  const cases: readonly (readonly [words: readonly string[], suggestions: string])[] = [
    [[], 'check completion config help'],
    [[''], 'check completion config help'],
    [['c'], 'check completion config'],
    [['x'], ''],
    [['-'], '--version -V --help -h'],
    [['check', ''], '*'],
    [['check', 'a', 'b', ''], '*'],
    [['check', '--s'], '--strict'],
    [['check', '-'], '--filename -f --namespace -n --config --strict --output -o --help -h'],
    [['check', '-o', ''], 'text json'],
    [['check', '-o', 'j'], 'json'],
    [['check', '--output=j'], '--output=json'],
    [['check', '--output=json', ''], '*'],
    [['check', '--config', ''], '*'],
    [['check', '--config=', ''], '*'],
    [['check', '--config=x'], '*'],
    [['check', '-n', ''], ''],
    [['check', '-n', 'check', ''], '*'],
    [['check', '--strict', ''], '*'],
    [['check', '-f', 'a', ''], '*'],
    [['check', '-f', 'a', '-o', ''], 'text json'],
    [['check', '-f', 'a', '--out'], '--output'],
    [['check', '--unknown', ''], '*'],
    [['check', '--hidden', ''], '*'],
    [['check', '--unknown=x'], ''],
    [['check', '-', ''], '*'],
    [['check', '--', '-'], '*'],
    [['check', '-f', 'a', '--', '-o', ''], '*'],
    [['completion', ''], 'bash zsh'],
    [['completion', 'z'], 'zsh'],
    [['completion', 'bash', ''], ''],
    [['config', ''], 'init help'],
    [['config', 'init', ''], ''],
    [['config', 'other', ''], ''],
    [['other', ''], ''],
  ]
  for (const [words, suggestions] of cases) t.equal(after(...words), suggestions, JSON.stringify(words))
})

t.test('with what it means', async t => {
  t.strictSame(suggest(program(), ['che']).values, [{ value: 'check', description: 'find mistakes' }])
  t.strictSame(suggest(program(), ['check', '--out']).values, [{ value: '--output', description: 'format' }])
})
