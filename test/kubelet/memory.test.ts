import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { parseDockerConfig } from '../../src/kubelet/docker-config.ts'

// A part of a string keeps the whole of it in memory. What is read from a Secret is kept for as long as the Secret is there,
// so a part of its text in a reading would keep the passwords, and be seen in a heap snapshot.
const PASSWORD_BYTES = 500_000
const READINGS = 10
/** The shapes of objects that are gone, and with them the names of their fields, outlive some collections. */
const COLLECTIONS = 5

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const LONG = 'registry.example.com/acme'
const cases: [name: string, config: (password: string) => string][] = [
  ['a key', password => `{"auths":{"${LONG}":{"username":"u","password":"${password}"}}}`],
  ['a key with an escape', password => `{"auths":{"${LONG}\\u002fweb":{"password":"${password}"}}}`],
  ['a key with characters beyond ASCII', password => `{"auths":{"${LONG}\xc3\xa9":{"password":"${password}"}}}`],
  ['a key with bytes that are not UTF-8', password => `{"auths":{"${LONG}\xff":{"password":"${password}"}}}`],
  ['a key with a password in it', password => `{"auths":{"https://user:${password}@${LONG}":{}}}`],
  ['the name of a credential store', password => `{"credsStore":"a-credential-store","x":"${password}"}`],
  ['the name of a helper', password => `{"credHelpers":{"x":"a-credential-helper"},"x":"${password}"}`],
]

for (const [name, config] of cases) {
  t.test(`${name} keeps no password in memory`, async t => {
    const before = usedBytes()
    const kept = Array.from({ length: READINGS }, (_, at) =>
      parseDockerConfig('dockerconfigjson', config(String(at % 10).repeat(PASSWORD_BYTES))),
    )
    const bytes = (usedBytes() - before) / READINGS
    t.ok(
      kept.every(({ ok }) => ok),
      'all were read',
    )
    t.ok(bytes < PASSWORD_BYTES / 4, `${Math.round(bytes)} bytes for a reading`)
  })
}

t.test('no regular expression matched a password last, as the engine remembers what it matched', async t => {
  const password = 'correct-horse-battery-stapl'
  const auth = btoa(`user:${password}`)
  const configs = [
    ['a password that is not UTF-8', `{"auths":{"a":{"password":"${password}\xfc"}}}`],
    ['an auth with line breaks', `{"auths":{"a":{"auth":"\\n${auth}\\n"}}}`],
    ['an auth that is not base64', `{"auths":{"a":{"auth":"${auth}%"}}}`],
    ['a password in a key', `{"auths":{"https://user:${password}@registry.example.com":{}}}`],
    ['one that keeps the key from being parsed', `{"auths":{"user:^${password}@registry.example.com":{}}}`],
  ] as const
  for (const [name, config] of configs) {
    parseDockerConfig('dockerconfigjson', config)
    const remembered = String(Reflect.get(RegExp, 'input'))
    t.notOk(remembered.includes(password) || remembered.includes(auth), name)
  }
})

function usedBytes(): number {
  for (let i = 0; i < COLLECTIONS; i++) collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
