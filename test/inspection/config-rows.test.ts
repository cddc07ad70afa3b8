import fc from 'fast-check'
import t from 'tap'
import { readConfigRows } from '../../src/inspection/config-rows.ts'
import { parseDockerConfig } from '../../src/kubelet/docker-config.ts'
import { encodeUtf8 } from '../../src/kubelet/go/utf8.ts'

const read = (config: unknown) => readConfigRows('dockerconfigjson', encodeUtf8(JSON.stringify(config)))
const auth = (text: string) => Buffer.from(text).toString('base64')

t.test('whom an entry logs in, and whether it has a password', async t => {
  const { rows } = read({
    auths: {
      auth: { auth: auth('jané:hunter2') },
      both: { username: 'other', password: 'x', auth: auth('jane:hunter2') },
      fields: { Username: 'joe', passWord: 'hunter2' },
      'no password': { auth: auth('jane:') },
      'no user': { auth: auth(':hunter2') },
      'no colon': { auth: auth('jane') },
      'not base64': { auth: '%' },
      empty: {},
      nothing: null,
      'not a mapping': 5,
    },
  })
  t.strictSame(
    rows.map(({ key, user, hasPassword }) => [key, user, hasPassword]),
    [
      ['auth', 'jané', true],
      ['both', 'jane', true],
      ['fields', 'joe', true],
      ['no password', 'jane', false],
      ['no user', '', true],
      ['no colon', '', false],
      ['not base64', '', false],
      ['empty', '', false],
      ['nothing', '', false],
      ['not a mapping', '', false],
    ],
  )
})

t.test('helpers are rows as well, if they look like programs', async t => {
  const { rows } = read({
    auths: { 'gcr.io': {} },
    credHelpers: { 'gcr.io': 'gcloud', 'quay.io': 'x', odd: 'a b', number: 5 },
  })
  t.match(rows, [
    { key: 'gcr.io', helper: 'gcloud', reading: { usable: false } },
    { key: 'quay.io', helper: 'x', reading: undefined },
  ])
  t.equal(rows.length, 2)
})

t.test('what is no docker config has no rows, and a fault', async t => {
  t.strictSame(readConfigRows('dockerconfigjson', 'x'), { rows: [], fault: 'it is not JSON' })
  t.strictSame(readConfigRows('dockercfg', '[]'), { rows: [], fault: 'it is not a JSON object' })
  t.strictSame(readConfigRows('dockerconfigjson', 'null'), { rows: [] })
  t.strictSame(read({ auths: [] }), { rows: [], fault: 'auths is not an object' })
  t.strictSame(read({ auths: {}, credsStore: 'desktop', credHelpers: [] }), { rows: [], store: 'desktop' })
  t.match(readConfigRows('dockercfg', '{"a": {"auth": "YTpi"}}').rows, [{ key: 'a', user: 'a' }])
  t.strictSame(readConfigRows('dockerconfigjson', '{"auths": {"a": {}}, "auths": null}').rows, [])
})

t.test('its rows are the entries of the kubelet, in the same order', async () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('ghcr.io', 'https://a:b@c', auth('a:b'), 'x'))
  const entry = fc.oneof(
    fc.record(
      { username: text, password: text, auth: fc.oneof(text, fc.constant('')), identitytoken: text },
      { requiredKeys: [] },
    ),
    fc.jsonValue(),
  )
  fc.assert(
    fc.property(fc.dictionary(text, entry), fc.boolean(), (auths, isOld) => {
      const data = encodeUtf8(JSON.stringify(isOld ? auths : { auths }))
      const format = isOld ? 'dockercfg' : 'dockerconfigjson'
      const config = parseDockerConfig(format, data)
      const { rows, fault } = readConfigRows(format, data)
      if (!config.ok) return fault === config.reason
      const same = JSON.stringify(rows.map(({ reading }) => reading)) === JSON.stringify(config.entries)
      const usable = rows.every(
        ({ reading, user, hasPassword }) => Object(reading).usable === (user !== '' && hasPassword),
      )
      return fault === undefined && same && usable
    }),
    { numRuns: 500 },
  )
})
