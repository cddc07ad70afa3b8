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
  t.match(err, "'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish, powershell; ")
})

t.test('the script of PowerShell hands words on as digits, which no batch file takes for a command', async t => {
  const script = await printed(['completion', 'powershell'])
  t.match(script, '# powershell completion for regcred\nRegister-ArgumentCompleter -Native -CommandName regcred ')
  t.notMatch(script, /Invoke-Expression|\biex\b|&/i, 'nothing is evaluated')
  t.strictSame(
    script.split('\n').filter(line => /\bregcred __complete\b/.test(line)),
    ['    $answers = @(regcred __complete --hex $hex 2>$null)'],
  )
  // What cannot be run here can be read: each bracket and quote has its other half, and no line is of a template.
  for (const [open, close] of ['()', '{}', '[]']) {
    t.equal(script.split(String(open)).length, script.split(String(close)).length, `${open}${close}`)
  }
  t.match(script, "-split '\\t', 2")
  t.notMatch(script, /\$\{|undefined/)
})

t.test('words may come as the digits of a JSON list', async t => {
  const hexOf = (text: string) => Buffer.from(text).toString('hex').toUpperCase()
  const answer = async (text: string) => await printed(['__complete', '--hex', hexOf(text)])
  t.equal(await answer('["completion","z"]'), 'zsh\t\n:4\n')
  t.equal(await answer('["completion",""]'), 'bash\t\nzsh\t\nfish\t\npowershell\t\n:4\n')
  t.equal(await answer('["completion","--help","--","& calc \\" $(calc)"]'), ':4\n')
  for (const none of ['{}', '"completion"', '[', '']) t.match(await answer(none), /^completion\t.*\n.*\n:4\n$/, none)
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
  t.strictSame(await run('__complete', '--', 'inspect', ''), { status: 0, out: ':0\n', err: '' }, 'a Secret, or a file')
  t.notMatch((await run('--help')).out, '__complete')
  const hostile = await run('__complete', '--', 'check', '\u001b[2J\u202e')
  t.strictSame(hostile, { status: 0, out: ':0\n', err: '' })
})
