import t from 'tap'
import { type DockerConfig, parseDockerConfig } from '../../src/kubelet/docker-config.ts'
import { TOO_LARGE } from '../../src/kubelet/docker-config-limits.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const AUTH = base64('user:password')

const parse = (text: string): DockerConfig => parseDockerConfig('dockerconfigjson', text)
const parseAuths = (auths: string): DockerConfig => parseDockerConfig('dockercfg', auths)

t.test('entries are read as the kubelet reads them', async t => {
  const cases: [name: string, auths: string, entries: [key: string, usable: boolean][]][] = [
    ['auth', `{"ghcr.io":{"auth":"${AUTH}"}}`, [['ghcr.io', true]]],
    ['a user name and password', '{"ghcr.io":{"username":"u","password":"p"}}', [['ghcr.io', true]]],
    ['a password alone', '{"ghcr.io":{"password":"p","email":"e"}}', [['ghcr.io', false]]],
    ['auth without a user wins', `{"ghcr.io":{"username":"u","auth":"${base64(':p')}"}}`, [['ghcr.io', false]]],
    ['an empty auth does not', '{"ghcr.io":{"username":"u","password":"p","auth":""}}', [['ghcr.io', true]]],
    [
      'null in a field is nothing',
      '{"ghcr.io":{"username":"u","password":"p","username":null,"auth":null}}',
      [['ghcr.io', true]],
    ],
    ['the last of doubled fields wins', '{"ghcr.io":{"username":"u","USERNAME":""}}', [['ghcr.io', false]]],
    ['the last of doubled entries wins', `{"ghcr.io":{"auth":"${AUTH}"},"ghcr.io":{}}`, [['ghcr.io', false]]],
    ['an entry that is null', '{"ghcr.io":null}', [['ghcr.io', false]]],
    ['other fields of any type', `{"ghcr.io":{"auth":"${AUTH}","identitytoken":5,"x":[{}]}}`, [['ghcr.io', true]]],
    ['line breaks in auth', `{"ghcr.io":{"auth":"${AUTH.slice(0, 4)}\\n${AUTH.slice(4)}\\r\\n"}}`, [['ghcr.io', true]]],
    ['__proto__', `{"__proto__":{"auth":"${AUTH}"}}`, [['__proto__', true]]],
    [
      'bytes that are no UTF-8',
      '{"a\xe2\x82":{},"a\xff":{}}',
      [
        ['a\ufffd\ufffd', false],
        ['a\ufffd', false],
      ],
    ],
    ['a password in the key', '{"https://u:secret@ghcr.io":{}}', [['https://ghcr.io', false]]],
    ['none', '{}', []],
    ['null', 'null', []],
  ]
  for (const [name, auths, entries] of cases) {
    const expected = { ok: true, entries: entries.map(([key, usable]) => ({ key, usable })) }
    t.strictSame(parseAuths(auths), expected, name)
    t.strictSame(parse(`{"auths":${auths}}`), expected, `${name}, below auths`)
  }
})

t.test('why an entry is not usable', async t => {
  const onlyUser = { usable: false, onlyUser: true }
  const cases: [name: string, entry: string, expected: object][] = [
    ['a user name alone', '{"username":"u"}', onlyUser],
    ['an empty password', '{"username":"u","password":""}', onlyUser],
    ['an empty password in auth', `{"auth":"${base64('u:')}"}`, onlyUser],
    ['auth hides a password', `{"password":"p","auth":"${base64('u:')}"}`, onlyUser],
    ['what az acr login writes', `{"auth":"${base64('0:')}","identitytoken":"t"}`, { ...onlyUser, token: true }],
    ['a token of a registry', '{"RegistryToken":"t"}', { usable: false, token: true }],
    ['an empty token, and one that is no text', '{"identitytoken":"","registrytoken":5}', { usable: false }],
    ['a token beside a password', `{"auth":"${AUTH}","identitytoken":"t","registrytoken":"t"}`, { usable: true }],
    ['a password of a megabyte', `{"username":"u","password":"${'p'.repeat(1e6)}"}`, { usable: true }],
  ]
  for (const [name, entry, expected] of cases) {
    t.strictSame(parseAuths(`{"a":${entry}}`), { ok: true, entries: [{ key: 'a', ...expected }] }, name)
  }
})

t.test('what a password ends in', async t => {
  const jsonKey = '{\n}\n'
  const cases: [user: string, password: string, trailing: string | undefined][] = [
    ['u', 'p\n', 'lineBreak'],
    ['u', 'p\r', 'lineBreak'],
    ['u', 'p ', 'blank'],
    ['u', 'p\t', 'blank'],
    ['u', ' p', undefined],
    ['_json_key', jsonKey, undefined],
    ['_json_key_base64', 'e30K\n', undefined],
    ['x_json_key', jsonKey, 'lineBreak'],
    ['u'.repeat(70_000), 'p\n', 'lineBreak'],
  ]
  for (const [username, password, trailing] of cases) {
    const expected = { ok: true, entries: [{ key: 'a', usable: true, ...(trailing && { trailing }) }] }
    const name = `${username.slice(0, 20)} ${JSON.stringify(password)}`
    t.strictSame(parseAuths(JSON.stringify({ a: { username, password } })), expected, name)
    t.strictSame(parseAuths(JSON.stringify({ a: { auth: base64(`${username}:${password}`) } })), expected, name)
  }
})

t.test('auths that come more than once are merged, and null empties them', async t => {
  const keys = (text: string) => {
    const config = parse(text)
    return config.ok ? config.entries.map(({ key }) => key) : config.reason
  }
  t.strictSame(keys('{"auths":{"a":{},"b":{}},"AUTHS":{"b":{},"c":{}}}'), ['a', 'b', 'c'])
  t.strictSame(keys('{"auths":{"a":{}},"auths":null}'), [])
  t.strictSame(keys('{"auths":{"a":{}},"auths":null,"auth\\u017f":{"b":{}}}'), ['b'])
  t.strictSame(keys('{"other":{"a":{}}}'), [])
  t.strictSame(keys('null'), [])
})

t.test('what the kubelet fails on has its reason', async t => {
  const cases: [name: string, text: string, reason: string][] = [
    ['nothing', '', 'it is not JSON'],
    ['half of it', '{"auths":', 'it is not JSON'],
    ['an error behind another', '{"auths":{"a":{"auth":"x"}}', 'it is not JSON'],
    ['a list', '[]', 'it is not a JSON object'],
    ['auths as text', '{"auths":"x"}', 'auths is not an object'],
    ['headers as a list', '{"HttpHeaders":[]}', 'HttpHeaders is not an object of strings'],
    ['headers of numbers', '{"httpheaders":{"X":"y","Z":1}}', 'HttpHeaders is not an object of strings'],
    ['an entry that is text', '{"auths":{"a":"x"}}', 'an entry is not an object'],
    ['a user name that is a number', '{"auths":{"a":{"username":1}}}', 'a field of an entry is not a string'],
    ['an e-mail address that is a list', '{"auths":{"a":{"email":[]}}}', 'a field of an entry is not a string'],
    ['auth that is no base64', '{"auths":{"a":{"auth":"%"}}}', 'auth is not base64'],
    ['auth without a colon', `{"auths":{"a":{"auth":"${base64('user')}"}}}`, 'auth is not user:password'],
    ['a doubled entry, the last of them sound', '{"auths":{"a":{"auth":"%"},"a":{}}}', 'auth is not base64'],
    ['two of the wrong type', '{"auths":[],"HttpHeaders":1}', 'auths is not an object'],
    ['an entry behind a wrong type', '{"HttpHeaders":1,"auths":{"a":{"auth":"%"}}}', 'auth is not base64'],
  ]
  for (const [name, text, reason] of cases) t.strictSame(parse(text), { ok: false, reason }, name)
  t.strictSame(parseAuths('[]'), { ok: false, reason: 'it is not a JSON object' })
})

t.test('headers are allowed', async t => {
  for (const headers of ['null', '{}', '{"X":"y","Z":null}']) t.ok(parse(`{"HttpHeaders":${headers}}`).ok, headers)
})

t.test('the credential store that is ignored is named', async t => {
  const cases: [name: string, text: string, store: string | undefined][] = [
    ['a store', '{"auths":{},"credsStore":"desktop"}', 'desktop'],
    ['a helper', '{"credHelpers":{"gcr.io":"gcloud","x":"y"}}', 'gcloud'],
    ['a store before a helper', '{"credHelpers":{"gcr.io":"gcloud"},"CredsStore":"osxkeychain"}', 'osxkeychain'],
    ['a store of the wrong type', '{"credsStore":5,"credHelpers":[]}', undefined],
    ['something that is no name of a program', '{"credsStore":"hunter2 is my password"}', undefined],
    ['an empty one', '{"credsStore":""}', undefined],
  ]
  for (const [name, text, store] of cases) {
    t.strictSame(parse(text), { ok: true, entries: [], ...(store && { store }) }, name)
  }
})

t.test('an entry tells when its password expires', async t => {
  const password = `e30.${Buffer.from('{"exp":1700000000}').toString('base64url')}.c2ln`
  const expected = { ok: true, entries: [{ key: 'a', usable: true, expires: 1_700_000_000_000 }] }
  t.strictSame(parseAuths(`{"a":{"username":"u","password":"${password}"}}`), expected)
  t.strictSame(parseAuths(`{"a":{"auth":"${base64(`u:${password}`)}"}}`), expected)
})

t.test('megabytes are read', async t => {
  const many = Array.from({ length: 10_000 }, (_, at) => `"r${at}.io":{"auth":"${AUTH}","x":"${'x'.repeat(60)}"}`)
  const config = parse(`{"auths":{${many.join(',')}}}`)
  t.equal(config.ok && config.entries.length, 10_000)
  t.ok(parse(`{"auths":{"${'k'.repeat(1e6)}":{}}}`).ok)
  t.ok(parse(`{"auths":{"${'\xff'.repeat(5e5)}":{}}}`).ok)
  t.ok(parse(`{"auths":{"${'\\u0041'.repeat(2e5)}":{}}}`).ok)
  t.ok(parse(`{"auths":{"a":{"auth":"${base64(`u:${'p'.repeat(1e6)}`)}"}}}`).ok)
  t.strictSame(parse(`{"x":${'{"a":'.repeat(2e5)}`), { ok: false, reason: 'it is not JSON' })
})

t.test('what is larger than asked for is not read', async t => {
  const auths = (count: number, entry = '{"auth":""}') =>
    Array.from({ length: count }, (_, i) => `"r${i}":${entry}`).join(',')
  const limits = { maxEntries: 3, maxKeyLength: 20 }
  const cases: [name: string, config: string, isRead: boolean][] = [
    ['three entries', `{"auths":{${auths(3)}}}`, true],
    ['four', `{"auths":{${auths(4)}}}`, false],
    ['four, in two places', `{"auths":{${auths(2)}},"auths":{${auths(2)}},"auths":{}}`, false],
    ['four with one key', `{"auths":{${'"r":{},'.repeat(3)}"r":{}}}`, false],
    ['keys of twenty characters', `{"auths":{"${'k'.repeat(20)}":{}}}`, true],
    ['of one more', `{"auths":{"${'k'.repeat(21)}":{}}}`, false],
    ['with much beside the entries', `{"auths":{},"x":[${'1,'.repeat(300)}1]}`, false],
    ['with blanks', `{"auths":{}${' '.repeat(4000)}}`, false],
    ['with one long password', `{"auths":{"r":{"password":"${'{'.repeat(100_000)}"}}}`, true],
    ['that is broken as well', `{"auths":{${auths(4)},"r":5}}`, false],
  ]
  for (const [name, config, isRead] of cases) {
    const read = parseDockerConfig('dockerconfigjson', config, limits)
    if (isRead) t.match(read, { ok: true }, name)
    else t.equal(read, TOO_LARGE, name)
    t.match(parse(config), { ok: name !== 'that is broken as well' }, name)
  }
  t.equal(parseDockerConfig('dockercfg', `{${auths(4)}}`, limits), TOO_LARGE)
  t.strictSame(parseDockerConfig('dockercfg', '[', limits), { ok: false, reason: 'it is not JSON' })
})

t.test('an entry with all its fields is far from what is too much', async t => {
  const entry = '{"username":"u","password":"p","email":"e","auth":"dTpw","identitytoken":"t"}'
  const pretty = JSON.stringify(JSON.parse(`{"auths":{"r":${entry},"s":${entry}}}`), null, 8)
  t.match(parseDockerConfig('dockerconfigjson', pretty, { maxEntries: 2, maxKeyLength: 2 }), { ok: true })
})
