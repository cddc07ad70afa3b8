import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { installHelpers, keychain } from '../../logins/helper-program.ts'
import { waitForExit } from '../../processes/guard.ts'
import { outcomeOf, run, spawnRegcred } from '../spawn.ts'
import { loginsOf, runSecret } from './run-secret.ts'

const PASSWORD = 'hunter2'
const TYPED = ['regcred', '--server', 'ghcr.io', '--username', 'ci', '--password-stdin']

t.test('nothing is printed on a terminal, unless that is asked for', async t => {
  const refused = await runSecret(TYPED, PASSWORD, { stdout: true })
  t.strictSame(refused, {
    status: 2,
    out: '',
    err: 'regcred: this would print a password. Pipe it: … | kubectl apply -f -\n         or write it: --output-file FILE (mode 600), or --show.\n',
  })
  const shown = await runSecret([...TYPED, '--show'], PASSWORD, { stdout: true })
  t.equal(shown.status, 0)
  t.match(shown.out, /^apiVersion: v1\nkind: Secret\n/)
})

t.test('a file is written for its owner alone, and looked at before anybody is asked for a password', async t => {
  const file = join(t.testdir(), 'a.yaml')
  const written = await runSecret([...TYPED, '--output-file', file, '-o', 'json'], PASSWORD, { stdout: true })
  t.strictSame(written, { status: 0, out: '', err: `regcred: wrote ${file} (mode 600): kubectl apply -f ${file}\n` })
  t.strictSame(loginsOf(readFileSync(file, 'utf8')), { 'ghcr.io': `ci:${PASSWORD}` })
  const odd = join(dirname(file), "it's $(x).yaml")
  const quoted = await runSecret([...TYPED, '--output-file', odd], PASSWORD)
  t.match(quoted.err, `kubectl apply -f '${odd.replace("'", "'\\''")}'\n`)
  const exists = await runSecret([...TYPED, '--output-file', file], 'unread\nat all')
  t.equal(exists.err, `regcred: ${file} exists; --force overwrites it\n`)
  t.equal((await runSecret([...TYPED, '--output-file', file, '--force'], 'other')).status, 0)
  t.match(readFileSync(file, 'utf8'), 'kind: Secret')
})

t.test('a password on the command line is refused, wherever it stands, and never repeated', async t => {
  const own =
    'regcred: there is no --password: others would see it in the process list; leave it out to be asked, or pipe it: --password-stdin\n'
  for (const flags of [
    ['--password', PASSWORD],
    [`--password=${PASSWORD}`],
    ['-p', PASSWORD],
    [`-p${PASSWORD}`],
    ['--password'],
  ]) {
    t.strictSame(await runSecret([...TYPED, ...flags], 'x'), { status: 2, out: '', err: own }, flags.join(' '))
  }
  for (const flags of [[`--passwrod=${PASSWORD}`], [`--token=${PASSWORD}`], [PASSWORD], ['-u', 'ci', PASSWORD]]) {
    const { status, out, err } = await run('secret', ...TYPED, ...flags)
    t.strictSame({ status, out }, { status: 2, out: '' }, flags.join(' '))
    t.notMatch(err, PASSWORD)
  }
})

t.test('the help has examples, and does not offer a password on the command line', async t => {
  const { status, out } = await run('secret', '--help')
  t.equal(status, 0)
  t.match(out, 'regcred secret regcred --from-docker --server ghcr.io | kubectl apply -f -')
  t.notMatch(out, /--password\b(?!-stdin)/)
})

t.test('what is given on the command line is seen, and controls no terminal', async t => {
  const odd = 'a\u001b[2J\u202e\nb'
  for (const args of [
    [odd, '--from-docker', '--all'],
    ['a', '-n', odd, '--from-docker', '--all'],
    ['a', '--server', odd, '--username', 'u', '--password-stdin'],
    ['a', '--from-docker', '--all', '--docker-config', odd],
    ['a', '--from', odd],
    ['a', '--from-docker', '--all', '--output-file', `/nowhere/${odd}`],
  ]) {
    const { status, out, err } = await run('secret', ...args)
    t.strictSame({ status, out }, { status: 2, out: '' }, JSON.stringify(args))
    t.notMatch(err, /[^\n -~…]/)
    for (const line of err.trimEnd().split('\n')) t.match(line, /^regcred: /)
  }
})

t.test('the password is in no command line and no environment, of ours or of the helper', async t => {
  const home = t.testdir()
  const spy = (file: string) =>
    `cat /proc/$$/cmdline /proc/$$/environ /proc/$PPID/cmdline /proc/$PPID/environ > '${join(home, file)}'`
  const PATH = installHelpers(join(home, 'bin'), {
    spy: `${spy('seen')}\n${keychain({ 'ghcr.io': ['ann', PASSWORD] })}`,
  })
  mkdirSync(join(home, '.docker'))
  writeFileSync(join(home, '.docker/config.json'), JSON.stringify({ credsStore: 'spy' }))
  const env = { PATH, HOME: home, DOCKER_CONFIG: '', XDG_RUNTIME_DIR: '' }
  const args = ['secret', 'regcred', '-o', 'json', '--from-docker', '--server', 'ghcr.io']
  const { status, out, err } = await outcomeOf(spawnRegcred(args, [], env))
  t.equal(status, 0, err)
  t.strictSame(loginsOf(out), { 'ghcr.io': `ann:${PASSWORD}` })
  const seen = readFileSync(join(home, 'seen'), 'latin1')
  t.match(seen, 'docker-credential-spy')
  t.match(seen, 'src/cli.ts')
  t.notMatch(seen, PASSWORD)
  t.notMatch(seen, btoa(`ann:${PASSWORD}`))
})

t.test('whoever reads the Secret may stop in the middle', async t => {
  const child = spawnRegcred(['secret', '--list'], [], { DOCKER_CONFIG: t.testdir({ 'config.json': '{}' }) })
  child.stdout.destroy()
  t.not(await waitForExit(child), null)
  t.notMatch(await text(child.stderr), 'this is a bug')
})
