import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { type Command, Help } from 'commander'
import t from 'tap'
import { makeProgram } from '../src/program.ts'
import { Terminal } from '../src/runtime/terminal.ts'
import { outcomeOf, run, spawnRegcred } from './commands/spawn.ts'

class Exit extends Error {
  readonly status: number

  constructor(status: number) {
    super(`exit ${status}`)
    this.status = status
  }
}

/** A program that writes to memory. */
function make(name = 'regcred') {
  const streams = { out: new PassThrough(), err: new PassThrough() }
  const output = { out: new Terminal(streams.out), err: new Terminal(streams.err) }
  const program = makeProgram(name, output, status => {
    throw new Exit(status)
  })
  return { program, streams }
}

/** Calls it in this process. What is called never runs: the command line has an error, or asks for help. */
async function call(...args: readonly string[]): Promise<{ status: number; out: string; err: string }> {
  const { program, streams } = make()
  const status = await program.parseAsync(args, { from: 'user' }).then(
    () => 0,
    (error: unknown) => {
      if (error instanceof Exit) return error.status
      throw error
    },
  )
  const read = (stream: PassThrough) => String(stream.read() ?? '')
  return { status, out: read(streams.out), err: read(streams.err) }
}

/** Every command that help shows, with the words that call it. */
function commandsOf(command: Command, words: readonly string[] = []): { words: readonly string[]; command: Command }[] {
  const below = new Help().visibleCommands(command).filter(one => one.name() !== 'help')
  return [{ words, command }, ...below.flatMap(one => commandsOf(one, [...words, one.name()]))]
}

const all = commandsOf(make().program)

/** An error is one line, which is no stack, names what to type next, and repeats no value that may be a password. */
function isSentence(err: string): boolean {
  return /^regcred: [^\n]+\n$/.test(err) && !/\bat .*:\d+/.test(err) && !err.includes('hunter2')
}

t.test('every command is looked at', async t => {
  const names = all.map(({ words }) => words.join(' '))
  t.ok(names.length > 11)
  for (const name of ['', 'check', 'config', 'config init', 'why', 'can-pull']) t.ok(names.includes(name), name)
  t.notOk(names.includes('__complete'))
})

for (const { words, command } of all) {
  const called = ['regcred', ...words].join(' ')
  t.test(`${called}: its own help, and one sentence for each error`, async t => {
    const help = await call(...words, '--help')
    t.match(help, { status: 0, err: '' })
    t.ok(help.out.startsWith(`Usage: ${called} [options]`))
    const seeHelp = `; see ${called} --help\n`

    const unknown = await call(...words, '--hunter=hunter2')
    t.equal(unknown.status, 2)
    t.ok(isSentence(unknown.err) && unknown.err.endsWith(seeHelp), unknown.err)

    for (const { long, hidden } of command.options) {
      if (hidden) continue
      const wrong = `${long?.slice(0, -1)}`
      const { status, err } = await call(...words, `${wrong}x`)
      t.equal(status, 2)
      t.ok(isSentence(err) && err.includes('Did you mean'), `${wrong}x: ${err}`)
    }

    const required = command.registeredArguments.filter(argument => argument.required)
    if (required.length > 0) {
      const missing = await call(...words)
      t.equal(missing.err, `regcred: missing required argument '${required[0]?.name()}'${seeHelp}`)
      t.equal(missing.status, 2)
    }

    const takesAny = command.registeredArguments.some(({ variadic }) => variadic)
    const chosen = command.registeredArguments.some(({ argChoices }) => argChoices !== undefined)
    if (!takesAny && !chosen && command.commands.length === 0) {
      const count = command.registeredArguments.length
      const many = await call(...words, ...Array.from({ length: count + 1 }, () => 'hunter2'))
      t.equal(many.status, 2)
      t.ok(isSentence(many.err) && many.err.includes('too many arguments'), many.err)
    }
  })
}

t.test('a command that nearly exists is named', async t => {
  t.strictSame(await call('chekc'), {
    status: 2,
    out: '',
    err: "regcred: unknown command 'chekc' (Did you mean check?); see regcred --help\n",
  })
  t.strictSame(await call('hunter2'), {
    status: 2,
    out: '',
    err: "regcred: unknown command 'hunter2'; see regcred --help\n",
  })
  t.match(await call('completion', 'bsh'), {
    status: 2,
    err: /Allowed choices are bash, zsh, fish, powershell; see regcred completion --help/,
  })
  t.match(await call('help', 'chekc'), { status: 2, out: '', err: /^Usage: regcred / })
  t.match(await call('--version'), { status: 0, out: /^\d+\.\d+\.\d+/ })
})

t.test('a file, a kind and a code that nearly exist are named', async t => {
  const folder = t.testdir({ 'secret.yaml': '' })
  const nearly = join(folder, 'secert.yaml')
  const near = `no such file or folder; did you mean ${join(folder, 'secret.yaml')}?`
  for (const [args, expected] of [
    [['check', nearly], `regcred: ${nearly}: ${near}\n`],
    [['inspect', nearly], `regcred: ${nearly}: ${near}\n`],
    [['can-pull', 'nginx', '-f', nearly], `regcred: ${nearly}: ${near}\n`],
    [['config', '--config', nearly], `regcred: ${nearly}: ${near}\n`],
    [['why', 'depoyment/web'], 'regcred: "depoyment" is no kind that makes Pods; did you mean deployment?\n'],
    [['explain', 'SecretNotFond'], /did you mean SecretNotFound\?\n$/],
  ] as const) {
    t.match(await run(...args), { status: 2, err: expected }, args.join(' '))
  }
})

t.test('an error that nobody expected is one line, and --debug says where it happened', async t => {
  // A package that cannot be loaded is an error that nobody expects.
  const first = ['--import', join(import.meta.dirname, 'commands/allow-packages.ts')]
  const env = { ALLOWED_PACKAGES: 'commander' }
  t.match(await outcomeOf(spawnRegcred(['config'], first, env)), {
    status: 2,
    err: /^regcred: this is a bug \(Error\); run it again with REGCRED_DEBUG=1, and report what it prints\n$/,
  })
  for (const told of [
    await outcomeOf(spawnRegcred(['config'], first, { ...env, REGCRED_DEBUG: '1' })),
    await outcomeOf(spawnRegcred(['--debug', 'config'], first, env)),
  ]) {
    t.match(told, { status: 2, err: /^regcred: this is a bug: Error\n(?:regcred: {3}at .*\n)+$/ })
  }
})
