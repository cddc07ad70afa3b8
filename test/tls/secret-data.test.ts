import t from 'tap'
import { readSecretData, withCurrent, withNext } from '../../src/tls/secret-data.ts'

const pair = (name: string) => ({ cert: `cert ${name}\n`, key: `key ${name}\n`, ca: `ca ${name}\n` })
const SECRET = { metadata: { name: 'regcred-tls', resourceVersion: '7' }, type: 'Opaque', data: { other: 'eA==' } }
const dataOf = (secret: object) => JSON.parse(JSON.stringify(secret)).data

t.test('what was written is read', async t => {
  const both = withNext(withCurrent(SECRET, pair('a')), pair('b'))
  t.strictSame(readSecretData(both), { current: pair('a'), next: pair('b') })
  t.match(both, { metadata: SECRET.metadata, type: 'Opaque' }, 'the rest stays')
  t.equal(dataOf(both).other, 'eA==')
})

t.test('the keys are those of the type kubernetes.io/tls', async t => {
  t.strictSame(Object.keys(dataOf(withCurrent({}, pair('a')))).sort(), ['ca.crt', 'tls.crt', 'tls.key'])
})

t.test('once the next is the current one, there is none that is to follow', async t => {
  const followed = withCurrent(withNext(withCurrent(SECRET, pair('a')), pair('b')), pair('b'))
  t.strictSame(readSecretData(JSON.parse(JSON.stringify(followed))), { current: pair('b'), next: undefined })
})

t.test('a pair that is not whole is none', async t => {
  const { 'ca.crt': _, ...rest } = dataOf(withCurrent({}, pair('a')))
  for (const data of [undefined, {}, rest, { ...rest, 'ca.crt': '' }, { ...rest, 'ca.crt': 7 }]) {
    t.strictSame(readSecretData({ data }), { current: undefined, next: undefined })
  }
})

t.test('a file without a line break at its end, or with many, is the same', async t => {
  const written = withCurrent({}, { cert: 'c', key: 'k\n\n', ca: ' a ' })
  t.strictSame(readSecretData(written).current, { cert: 'c\n', key: 'k\n', ca: 'a\n' })
})
