import fc from 'fast-check'
import t from 'tap'
import { parseDockerConfig } from '../../src/kubelet/docker-config.ts'
import { readExpiry } from '../../src/kubelet/expiry.ts'

const encode = (value: unknown, encoding: 'base64' | 'base64url') =>
  Buffer.from(JSON.stringify(value)).toString(encoding)
const token = (claims: unknown) =>
  `${encode({ alg: 'RS256' }, 'base64url')}.${encode(claims, 'base64url')}.c2lnbmF0dXJl`

t.test('a password says when it expires, or it does not', async t => {
  const cases: [name: string, password: string, expires: number | undefined][] = [
    ['a JSON Web Token', token({ exp: 1_700_000_000 }), 1_700_000_000_000],
    ['one with a fraction of a second', token({ exp: 1.5 }), 1500],
    ['one that is not signed', `${token({ exp: 2 }).slice(0, -12)}`, 2000],
    ['one without exp', token({ iat: 1 }), undefined],
    ['one with exp as text', token({ exp: '1' }), undefined],
    [
      'one with exp beyond all numbers',
      token({ exp: 1 }).replace(/\..*\./, `.${Buffer.from('{"exp":1e307}').toString('base64url')}.`),
      undefined,
    ],
    ['one with claims that are no object', token([1]), undefined],
    ['one with claims that are no JSON', `e30.${Buffer.from('{exp').toString('base64url')}.`, undefined],
    ['four parts', `${token({ exp: 1 })}.x`, undefined],
    ['two parts', token({ exp: 1 }).split('.').slice(0, 2).join('.'), undefined],
    [
      'an ECR token',
      encode({ payload: 'x', datakey: 'y', version: '2', type: 'DATA_KEY', expiration: 1_700_000_000 }, 'base64'),
      1_700_000_000_000,
    ],
    ['JSON in base64 without expiration', encode({ exp: 1 }, 'base64'), undefined],
    ['an ordinary password', 'hunter2', undefined],
    ['a password with dots', 'correct.horse.battery', undefined],
    ['nothing', '', undefined],
  ]
  for (const [name, password, expires] of cases) t.equal(readExpiry(password), expires, name)
})

t.test('no password throws', async () => {
  const password = fc.oneof(
    fc.string(),
    fc.base64String(),
    fc.json().map(json => Buffer.from(json).toString('base64')),
    fc.array(fc.string()).map(parts => parts.join('.')),
  )
  fc.assert(fc.property(password, text => readExpiry(text) === undefined || Number.isFinite(readExpiry(text))))
})

t.test('JSON that is nested a million deep is survived', async t => {
  t.equal(readExpiry(Buffer.from(`{"expiration":${'['.repeat(1e6)}`).toString('base64')), undefined)
})

t.test('a password that is too long for a token is not one', async t => {
  const pad = (length: number) => token({ exp: 1, x: 'x'.repeat(length) })
  t.equal(readExpiry(pad(40_000)), 1000)
  t.equal(readExpiry(pad(60_000)), undefined)
  const entry = (password: string) => parseDockerConfig('dockercfg', JSON.stringify({ r: { username: 'u', password } }))
  t.match(entry(pad(40_000)), { entries: [{ expires: 1000 }] })
  t.strictSame(entry(pad(60_000)), { ok: true, entries: [{ key: 'r', usable: true }] })
})
