import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openHelpers } from '../../src/logins/credential-helper.ts'
import { poll } from '../processes/poll.ts'
import { installHelpers, keychain } from './helper-program.ts'

const folder = t.testdir({})
const bin = join(folder, 'bin')
const PASSWORD = 'hunter2'
const before = process.env['PATH']
process.env['PATH'] = installHelpers(bin, {
  good: keychain({ 'ghcr.io': ['jané', PASSWORD] }),
  raw: `printf '%s' "$1 $server" > '${join(folder, 'asked')}'; od -c /dev/null; printf '{}'`,
  fails: `echo '${PASSWORD}'; echo '${PASSWORD}' >&2; exit 3`,
  killed: 'kill -9 $$',
  odd: `printf '%s' '{"Secret": ${PASSWORD}'`,
  hangs: `echo $$ > '${join(folder, 'pid')}'; exec sleep 1000`,
  floods: 'dd if=/dev/zero bs=65536 count=160 2>/dev/null | tr "\\\\0" x; exec sleep 1000',
  leaves: 'setsid sleep 3 &',
  deaf: `exec 0<&-; printf '{"Username":"u","Secret":"p"}'`,
})
t.teardown(() => {
  process.env['PATH'] = before
})

t.test('it is asked as Docker asks it, and its answer is a string of bytes', async t => {
  t.strictSame(await openHelpers().get('good', 'ghcr.io'), { state: 'value', user: 'jan\xc3\xa9', password: PASSWORD })
  t.strictSame(await openHelpers().get('good', 'quay.io'), { state: 'absent' })
  t.strictSame(await openHelpers().list('good'), { state: 'value', users: { 'ghcr.io': 'jané' } })
  await openHelpers().get('raw', 'ghcr.io')
  t.equal(readFileSync(join(folder, 'asked'), 'utf8'), 'get ghcr.io', 'the server alone is on its standard input')
  t.match(await openHelpers().get('deaf', 'x'.repeat(1_000_000)), { state: 'value', user: 'u' })
})

t.test('what it fails with is told, and nothing that it printed', async t => {
  const faultOf = async (helper: string, verb: 'get' | 'list' = 'get', timeout = 20_000) => {
    const helpers = openHelpers(timeout)
    const answer = verb === 'get' ? await helpers.get(helper, 'ghcr.io') : await helpers.list(helper)
    t.notMatch(JSON.stringify(answer), PASSWORD)
    return answer.state === 'fault' ? answer.fault : answer
  }
  const fails = 'docker-credential-fails failed with status 3; run docker-credential-fails list to see why'
  t.equal(await faultOf('fails'), fails)
  t.equal(await faultOf('fails', 'list'), fails)
  t.match(await faultOf('killed'), 'docker-credential-killed was ended by a signal; ')
  t.equal(await faultOf('odd'), 'docker-credential-odd gave no user name and password')
  t.strictSame(await faultOf('odd', 'list'), { state: 'value', users: {} })
  t.equal(await faultOf('gone'), 'docker-credential-gone is not on the PATH; install it')
  t.equal(await faultOf('gone', 'list'), 'docker-credential-gone is not on the PATH; install it')
  t.equal(await faultOf('floods'), 'docker-credential-floods printed more than 1 MiB, and was ended')
})

t.test('one that hangs is ended', async t => {
  const answer = await openHelpers(500).get('hangs', 'ghcr.io')
  t.strictSame(answer, { state: 'fault', fault: 'docker-credential-hangs did not answer within 0.5 s, and was ended' })
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
  // What has ended is there until its parent has looked.
  const isGone = () => !existsSync(`/proc/${pid}/stat`) || / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  t.ok(await poll('it is gone', () => isGone() || undefined))
})

t.test('one that has ended, but not what it has started apart from itself, is not waited for', async t => {
  const answer = await openHelpers(500).get('leaves', 'ghcr.io')
  t.match(answer, { state: 'fault', fault: 'docker-credential-leaves did not answer within 0.5 s' })
})

t.test('nothing is run that is not the name of a program, or is in no folder of the PATH', async t => {
  const odd = { state: 'fault', fault: 'a credential store or helper has a name that no program has, and is not run' }
  for (const name of ['../x', 'a b', '', 'a;b', 'Ä', 'x'.repeat(65), 'a\nb'])
    t.strictSame(await openHelpers().get(name, 'a'), odd)
  const here = process.cwd()
  const path = process.env['PATH']
  t.teardown(() => {
    process.chdir(here)
    process.env['PATH'] = path
  })
  process.chdir(bin)
  for (const relative of ['', '.', ':']) {
    process.env['PATH'] = relative
    t.match(await openHelpers().get('good', 'ghcr.io'), {
      fault: 'docker-credential-good is not on the PATH; install it',
    })
  }
  delete process.env['PATH']
  t.match(await openHelpers().get('good', 'ghcr.io'), { fault: /is not on the PATH/ })
  process.env['PATH'] = bin
  writeFileSync(join(bin, 'docker-credential-closed'), '')
  chmodSync(join(bin, 'docker-credential-closed'), 0o644)
  t.match(await openHelpers().get('closed', 'ghcr.io'), { fault: 'docker-credential-closed cannot be run (EACCES)' })
})
