import t from 'tap'
import { readPasted } from '../../site/keyring/read-pasted.ts'

const config = (rest: object = {}) => JSON.stringify({ auths: { 'ghcr.io': { auth: btoa('joe:pw') } }, ...rest })
const secret = (name: string, more: object = {}) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, ...more })
const TYPE = 'kubernetes.io/dockerconfigjson'

/** What is read of a text: its Secrets, or the problem. */
function read(text: string) {
  const pasted = readPasted(text)
  return pasted.ok ? pasted.secrets : pasted.problem
}

const told = (text: string) => {
  const pasted = readPasted(text)
  return pasted.ok ? pasted.told : ''
}

t.test('a docker config is read as it stands, byte by byte', async t => {
  const text = '{"auths": {"ghcr.io": {"auth": "x"}, "ghcr.io": {"username": "jürgen"}}}'
  const bytes = String.fromCharCode(...new TextEncoder().encode(text))
  const wanted = [
    { metadata: { name: 'regcred' }, type: TYPE, data: { '.dockerconfigjson': btoa(bytes) }, namespace: '' },
  ]
  t.strictSame(read(text), wanted)
  t.strictSame(read(`\ufeff ${text}\n`), wanted)
  t.equal(told(text), 'A docker config, looked at as if it were in a Secret "regcred".')
})

t.test('a docker config of the older form is known by its logins', async t => {
  for (const [text, type] of [
    [JSON.stringify({ 'ghcr.io': { username: 'joe', password: 'pw' } }), 'kubernetes.io/dockercfg'],
    [JSON.stringify({ credHelpers: { 'ghcr.io': 'desktop' } }), TYPE],
    [JSON.stringify({ AUTHS: {} }), TYPE],
    ['{}', TYPE],
    ['{"auths": ', TYPE],
  ] as const) {
    t.match(read(text), [{ type }], text)
  }
})

t.test('a Secret is read as the API server would store it', async t => {
  const metadata = { name: 'a', namespace: 'shop', annotations: { note: 'x', odd: 1 } }
  const object = { kind: 'Secret', metadata, type: TYPE, data: { a: 'YQ==', b: 'Yg==', c: 1 }, stringData: { a: 'ü' } }
  const wanted = [
    {
      metadata: { name: 'a', annotations: { note: 'x' } },
      type: TYPE,
      data: { a: btoa('Ã¼'), b: 'Yg==' },
      namespace: 'shop',
    },
  ]
  t.strictSame(read(JSON.stringify(object)), wanted)
  t.equal(told(JSON.stringify(object)), 'A Secret.')
  t.match(read('kind: Secret'), [{ metadata: { name: '(no name)' }, type: 'Opaque', data: {} }])
})

t.test('Secrets come in lists, in documents, and in base64', async t => {
  const [a, b] = [secret('a'), secret('b')]
  const names = [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }]
  const list = JSON.stringify({ kind: 'List', items: [a, b, { kind: 'Pod' }] })
  for (const text of [
    list,
    btoa(list),
    btoa(list).replace(/.{60}/g, '$&\n  '),
    `${JSON.stringify(a)}\n---\n${JSON.stringify(b)}`,
    'kind: Secret\nmetadata: {name: a}\n---\nkind: Secret\nmetadata: {name: b}\n',
  ]) {
    t.match(read(text), names, text)
  }
  t.equal(
    told(btoa(list)),
    'Base64, in which there is this: 2 Secrets, looked at as if a Pod listed them in this order in its imagePullSecrets.',
  )
  t.match(read(btoa(config())), [{ metadata: { name: 'regcred' }, data: { '.dockerconfigjson': btoa(config()) } }])
  const apart = [a, secret('b', { metadata: { name: 'b', namespace: 'shop' } })]
  t.match(told(JSON.stringify({ kind: 'SecretList', items: apart })), / They are of several namespaces, and a Pod can/)
})

t.test('what is neither is told with what it is, and never quoted', async t => {
  const nothing = 'there is no docker config and no Secret in this'
  t.equal(read('kind: Pod\n---\nkind: Pod\n---\nkind: Service\n'), `${nothing}, only Pod and Service`)
  t.equal(read([1, 2, 3, 4, 5].map(i => `kind: K${i}`).join('\n---\n')), `${nothing}, only K1, K2, K3 and 2 more`)
  t.equal(read('"kind": "\\u202e"'), `${nothing}, only \\u202e`)
  t.equal(read('hello'), nothing)
  t.equal(read(btoa('{"kind": "Pod"}')), `${nothing}, only Pod`)
  t.equal(read('a: hunter2\nb: [hunter2'), 'this is no docker config, and cannot be read as YAML (line 2)')
  t.equal(read('{"a"\n---\n}'), 'this is no docker config, and cannot be read as YAML (line 2)')
  const many = JSON.stringify({ kind: 'List', items: Array.from({ length: 101 }, (_, i) => secret(`s${i}`)) })
  t.equal(read(many), 'these are 101 Secrets; paste at most 100')
  t.match(read(' '.repeat(4 * 1024 * 1024 + 1)), /^this is more than 4 MiB/)
})

t.test('aliases cannot make much of little', async t => {
  const bomb = Array.from({ length: 12 }, (_, i) => `a${i}: &a${i} [${`*a${i - 1},`.repeat(i === 0 ? 0 : 10)}]`)
  t.match(read(`kind: Secret\n${bomb.join('\n')}\n`), /cannot be read as YAML \(line \d+\)$/)
  t.match(read(`kind: Secret\nstringData: ${'['.repeat(200)}`), /cannot be read as YAML \(line \d+\)$/)
})
