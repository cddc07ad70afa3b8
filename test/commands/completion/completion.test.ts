import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import t from 'tap'
import { answerCommand, completionCommand } from '../../../src/commands/completion/completion.ts'
import { run } from '../spawn.ts'

async function printed(args: readonly string[]): Promise<string> {
  const stdout = new PassThrough()
  const program = new Command('regcred').addCommand(completionCommand({ stdout }))
  program.addCommand(answerCommand(program, { stdout }), { hidden: true })
  await program.parseAsync(args, { from: 'user' })
  stdout.end()
  return text(stdout)
}

t.test('each shell has its script, and none evaluates what was typed', async t => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const script = await printed(['completion', shell])
    t.match(script, 'regcred __complete -- ')
    t.match(script, `# ${shell} completion for regcred\n`)
    t.notMatch(script, /\beval\b/)
  }
  const { status, err } = await run('completion', 'tcsh')
  t.equal(status, 2)
  t.match(err, "'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish; ")
})

t.test('answers are lines of value and description, and whether it could be a file', async t => {
  t.equal(
    await printed(['__complete', '--', 'comp']),
    'completion\tprint a script with which a shell completes what is typed after regcred\n:4\n',
  )
  t.equal(await printed(['__complete', '--', 'completion', 'z']), 'zsh\t\n:4\n')
  t.equal(await printed(['__complete', '--', 'completion', '--help', '--', '-x']), ':4\n')
})

t.test('the program answers, does not tell of it, and leaves what it is asked about alone', async t => {
  t.strictSame(await run('__complete', '--', 'check', '--fail-on', ''), {
    status: 0,
    out: 'error\t\nwarning\t\nnote\t\n:4\n',
    err: '',
  })
  t.strictSame(await run('__complete', '--', 'check', '--help', ''), { status: 0, out: ':0\n', err: '' })
  t.strictSame(await run('__complete', '--', 'secret', 'x', '--output-file', ''), { status: 0, out: ':0\n', err: '' })
  t.notMatch((await run('--help')).out, '__complete')
  const hostile = await run('__complete', '--', 'check', '\u001b[2J\u202e')
  t.strictSame(hostile, { status: 0, out: ':0\n', err: '' })
})
