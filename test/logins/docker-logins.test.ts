import fc from 'fast-check'
import t from 'tap'
import { encodeUtf8 } from '../../src/kubelet/go/utf8.ts'
import { parseDockerLogins } from '../../src/logins/docker-logins.ts'

const parse = (config: unknown) => parseDockerLogins('dockerconfigjson', encodeUtf8(JSON.stringify(config)))
const NOTHING = { user: '', password: '', token: false }

t.test('what a docker config says of logins', async t => {
  const logins = parse({
    auths: {
      'a.example.com': { auth: btoa('joe:p:w') },
      'b.example.com': { username: 'jané', password: 'pw', identitytoken: '' },
      'c.example.com': { auth: btoa('joe:'), identitytoken: 'x' },
      'd.example.com': { registrytoken: 'x' },
      'e.example.com': {},
      'f.example.com': null,
    },
    credsStore: 'desktop',
    credHelpers: { 'g.example.com': 'ecr-login', 'h.example.com': 7 },
    HttpHeaders: { 'User-Agent': 'x' },
  })
  if (typeof logins === 'string') throw new Error(logins)
  t.strictSame(Object.fromEntries(logins.stored), {
    'a.example.com': { user: 'joe', password: 'p:w', token: false },
    'b.example.com': { user: 'jan\xc3\xa9', password: 'pw', token: false },
    'c.example.com': { user: 'joe', password: '', token: true },
    'd.example.com': { ...NOTHING, token: true },
    'e.example.com': NOTHING,
    'f.example.com': NOTHING,
  })
  t.equal(logins.store, 'desktop')
  t.strictSame([...logins.helpers], [['g.example.com', 'ecr-login']])
})

t.test("Go's rules hold: names without regard to case, fields that come twice, and null that empties", async t => {
  const logins = parseDockerLogins(
    'dockerconfigjson',
    '{"AUTHS":{"a":{"UserName":"u","Password":"p"}},"auths":{"b":{}},"credsStore":7,"credHelpers":null}',
  )
  if (typeof logins === 'string') throw new Error(logins)
  t.strictSame([...logins.stored.keys()], ['a', 'b'])
  t.strictSame(logins.stored.get('a'), { user: 'u', password: 'p', token: false })
  t.equal(logins.store, undefined)
  const emptied = parseDockerLogins('dockerconfigjson', '{"auths":{"a":{}},"auths":null}')
  t.ok(typeof emptied !== 'string' && emptied.stored.size === 0)
  const nothing = parseDockerLogins('dockerconfigjson', 'null')
  t.ok(typeof nothing !== 'string' && nothing.stored.size === 0)
})

t.test('a dockercfg has its entries on top', async t => {
  const logins = parseDockerLogins('dockercfg', '{"a":{"auth":"dTpw"}}')
  t.ok(typeof logins !== 'string' && logins.stored.get('a')?.password === 'p')
})

t.test('what is not one is told by a fixed phrase', async t => {
  t.equal(parseDockerLogins('dockerconfigjson', '{"auths": hunter2'), 'it is not JSON')
  t.equal(parse(['hunter2']), 'it is not a JSON object')
  t.equal(parse({ auths: { a: { auth: 'hunter2' } } }), 'auth is not user:password')
})

t.test('any JSON is read or refused', async () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom('dockerconfigjson' as const, 'dockercfg' as const), (json, format) => {
      parseDockerLogins(format, encodeUtf8(json))
      return true
    }),
  )
})
