import t from 'tap'
import { dockerCfg, dockerConfigJson, secretForms } from '../../src/cluster/resources.ts'

function secretWith(entries: number): object {
  const auths = Object.fromEntries(
    Array.from({ length: entries }, (_, i) => [`r${i}.example.com`, { auth: btoa('u:p') }]),
  )
  return {
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': btoa(JSON.stringify({ auths })) },
  }
}

t.test('a pull secret with very many entries is not held', async t => {
  const { strip } = dockerConfigJson(secretForms.contents)
  t.match(strip(secretWith(250), 'a'), { kind: 'pullSecret', name: 'a' })
  t.strictSame(strip(secretWith(251), 'a'), { kind: 'large', name: 'a' })
})

t.test('what is asked for, with contents and without', async t => {
  for (const make of [dockerConfigJson, dockerCfg]) {
    t.match(make(secretForms.contents), { metadataOnly: false, fieldSelector: /^type=kubernetes\.io\/docker/ })
    const names = make(secretForms.names)
    t.match(names, { metadataOnly: true, fieldSelector: /^type=kubernetes\.io\/docker/ })
    t.strictSame(names.strip(secretWith(1), 'a'), { kind: 'unread', name: 'a' }, 'nothing but the name is kept')
  }
})

t.test('a Secret is held with as many characters of keys, and read live with ten times as much of all', async t => {
  const { strip, stripLive } = secretForms.contents
  const withKey = (length: number) => ({
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': btoa(`{"auths":{"${'k'.repeat(length)}":{}}}`) },
  })
  const kinds = (object: object) => [strip(object, 'a').kind, stripLive(object, 'a').kind]
  t.strictSame(kinds(withKey(32_768)), ['pullSecret', 'pullSecret'])
  t.strictSame(kinds(withKey(32_769)), ['large', 'pullSecret'])
  t.strictSame(kinds(withKey(327_681)), ['large', 'large'])
  t.strictSame(kinds(secretWith(2500)), ['large', 'pullSecret'])
  t.strictSame(kinds(secretWith(2501)), ['large', 'large'])
})
