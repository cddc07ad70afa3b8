import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { askPassword } from '../../src/logins/ask-password.ts'
import { ROOT } from '../commands/spawn.ts'
import { onTerminal, type Turn } from './pseudo-terminal.ts'

const SOURCE = pathToFileURL(join(ROOT, 'src/logins/ask-password.ts')).href
const ASK = `import { askPassword } from '${SOURCE}'
console.log(JSON.stringify(await askPassword('Password for j\\u202e at ghcr.io')))`
const QUESTION = 'Password for j\\u202e at ghcr.io: '

/** Asks in a process whose standard streams are no terminal; what it answered, what was seen, and whether the terminal echoes again. */
async function ask(turns: readonly Turn[], script = ASK) {
  const answer = join(t.testdirName, 'answer')
  const command = `"$NODE" --input-type=module -e "$ASK" </dev/null >'${answer}' 2>&1; stty -a | grep -oE -- '-?(echo|icanon|isig)\\b' | tr '\\n' ' '; cat '${answer}'`
  const { seen } = await onTerminal(command, turns, { NODE: process.execPath, ASK: script })
  return seen.replaceAll('\r', '')
}

t.testdir({})

t.test('what is typed is not seen, and the terminal echoes afterwards', async t => {
  const seen = await ask([{ after: QUESTION, types: 'hunterx\x7f2ä\r' }])
  t.equal(
    seen,
    `${QUESTION}\nisig icanon echo {"ok":true,"password":"hunter2\\u00c3\\u00a4"}\n`.replaceAll('\\u00c3\\u00a4', 'Ã¤'),
  )
})

t.test('a long token may be pasted', async t => {
  const token = 'x'.repeat(10_000)
  const seen = await ask([{ after: QUESTION, types: `${token}\r` }])
  t.equal(seen, `${QUESTION}\nisig icanon echo {"ok":true,"password":"${token}"}\n`)
})

t.test('a signal cancels, and leaves a terminal that echoes', async t => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    const script = `setTimeout(() => process.kill(process.pid, '${signal}'), 50)\n${ASK}`
    const seen = await ask([], script)
    const answer = JSON.stringify({ ok: false, fault: 'cancelled; nothing was written' })
    t.equal(seen, `${QUESTION}\nisig icanon echo ${answer}\n`)
  }
})

for (const { name, types, fault } of [
  { name: 'Ctrl-C', types: 'hunter2\x03', fault: 'cancelled; nothing was written' },
  { name: 'Ctrl-D', types: '\x04', fault: 'cancelled; nothing was written' },
  { name: 'nothing', types: '\r', fault: 'no password was typed' },
  {
    name: 'an arrow key',
    types: 'hunter2\u001b[D',
    fault: 'what was typed has a control character; type the password again, or pipe it: --password-stdin',
  },
]) {
  t.test(`${name} gives no password, and a terminal that echoes`, async t => {
    const seen = await ask([{ after: QUESTION, types }])
    t.equal(seen, `${QUESTION}\nisig icanon echo ${JSON.stringify({ ok: false, fault })}\n`)
  })
}

t.test('without a terminal it says what to do', async t => {
  const fault = 'there is no terminal to ask for the password on; pipe it: … | regcred secret … --password-stdin'
  t.strictSame(await askPassword('Password', '/nowhere/tty'), { ok: false, fault })
  t.strictSame(await askPassword('Password', '/dev/null'), { ok: false, fault })
})
