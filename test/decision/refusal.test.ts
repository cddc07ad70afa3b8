import t from 'tap'
import { refuseTooMuch, writeRefusal, writeRetry } from '../../src/decision/refusal.ts'
import { finding } from './finding.ts'

const REFUSED = { title: 'Pod web', namespace: 'team-a', help: '' }
const WAY_OUT = '(to let it through: kubectl label --overwrite namespace team-a regcred.dev/mode=warn)'
const said = (what: string) => `Pod web: regcred could not read ${what} in time, so it could not check this; try again`

t.test('what could not be read is named, and the way out where the namespace is known', async t => {
  t.equal(writeRetry(REFUSED, ['secret/acme']), `${said('Secret "acme"')} ${WAY_OUT}`)
  t.equal(
    writeRetry(REFUSED, ['serviceaccount', 'secrets']),
    `${said('the ServiceAccount and the pull secrets of namespace "team-a"')} ${WAY_OUT}`,
  )
  t.equal(writeRetry(REFUSED, ['namespace']), said('Namespace "team-a"'))
  t.equal(writeRetry(REFUSED, ['secret', 'secret']), `${said('a Secret')} ${WAY_OUT}`, 'whose name it does not hold')
})

t.test('of much that could not be read three are named', async t => {
  const unknown = ['secret/a', 'secret/b', 'secret/c', 'secret/d', 'secret/e']
  t.equal(writeRetry(REFUSED, unknown), `${said('Secret "a", Secret "b", Secret "c" and 2 more')} ${WAY_OUT}`)
})

t.test('what is too large is told with its numbers', async t => {
  t.equal(
    refuseTooMuch(REFUSED, { by: 'object', images: 1, references: 100, names: 1 }),
    'Pod web: too large to be checked (1 image and 101 pull secrets); use fewer images or pull secrets',
  )
})

t.test('every refusal ends with the text of the platform team, in which everything can be seen', async t => {
  const refused = { ...REFUSED, help: 'Ask #platform\nor https://wiki.example.com/pull\u202e' }
  const HELP = '. Ask #platform\\u000aor https://wiki.example.com/pull\\u202e'
  const blocking = finding({ problem: 'm' })
  t.equal(writeRefusal(refused, [blocking]), `Pod web: m; do it ${WAY_OUT}${HELP}`)
  t.equal(writeRetry(refused, ['namespace']), `${said('Namespace "team-a"')}${HELP}`)
  const large = { by: 'object', images: 1, references: 1, names: 0 } as const
  t.ok(refuseTooMuch(refused, large).endsWith(`use fewer images or pull secrets${HELP}`))
})
