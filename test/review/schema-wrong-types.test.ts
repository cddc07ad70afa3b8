import t from 'tap'
import { type Asked, ask } from '../engine/ask.ts'

const nest = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
const NESTED = nest(1500)
/** Too deep for node:util also once its code is compiled and needs less of the stack; JSON.stringify goes as far as 4,400. */
const TOO_DEEP = nest(3500)
const VALUES: readonly unknown[] = [null, true, 7, 'hunter2', '', [], ['hunter2'], {}, { hunter2: 'hunter2' }, NESTED]

/** Every field that is read, with a value of the right type. */
const METADATA = {
  name: 'web',
  generateName: 'web-',
  namespace: 'team-a',
  labels: { 'regcred.dev/mode': 'warn', 'regcred.dev/inject': 'enabled' },
  annotations: { 'regcred.dev/pull-secrets': 'acme', 'regcred.dev/inject': 'enabled' },
  ownerReferences: [{ controller: false }],
  managedFields: [{ fieldsV1: { 'f:spec': { 'f:imagePullSecrets': { 'k:{"name":"acme"}': {} } } } }],
}
const CONTAINER = { name: 'web', image: 'registry.example.com/web', imagePullPolicy: 'Always' }
const POD = {
  metadata: METADATA,
  spec: {
    imagePullSecrets: [{ name: 'acme' }],
    serviceAccountName: 'default',
    containers: [CONTAINER],
    initContainers: [CONTAINER],
    ephemeralContainers: [CONTAINER],
    volumes: [{ name: 'files', image: { reference: 'registry.example.com/files', pullPolicy: 'Always' } }],
  },
}
const SECRET = {
  metadata: METADATA,
  type: 'kubernetes.io/dockerconfigjson',
  data: { '.dockerconfigjson': 'e30=' },
  stringData: { '.dockerconfigjson': '{}' },
}
const DEPLOYMENT = { metadata: METADATA, spec: { template: POD } }

const CASES: readonly ({ readonly name: string; readonly whole: object } & Asked)[] = [
  { name: 'a Pod on its way', whole: POD, stage: 'mutate' },
  { name: 'a Pod', whole: POD },
  { name: 'a Pod whose images change', whole: POD, operation: 'UPDATE', oldObject: { spec: {} } },
  { name: 'a Deployment', whole: DEPLOYMENT, group: 'apps', kind: 'Deployment' },
  { name: 'a Secret', whole: SECRET, kind: 'Secret' },
  { name: 'a Namespace', whole: { metadata: METADATA }, kind: 'Namespace' },
]

/** Where any value may stand: what has another type than text counts as not set. */
const ANYTHING_GOES = /\/metadata\/(labels|annotations)\/|\/fieldsV1\//

for (const { name, whole, ...asked } of CASES) {
  t.test(`${name} with a wrong type in any field is let through, and the place is annotated`, async t => {
    const wrong: string[] = []
    for (const { path, value: right } of placesIn(whole)) {
      const where = `/${path.join('/')}`
      for (const value of VALUES) {
        const { allowed, audit = {} } = await ask({ ...asked, object: replaceAt(whole, path, value) })
        const { error = '' } = audit
        if (!allowed) wrong.push(`${where} is refused`)
        const fits = value === null ? !/^\d+$/.test(path.at(-1) ?? '') : typeOf(value) === typeOf(right)
        const isTold = error.startsWith(placeOf(path))
        if (!fits && !ANYTHING_GOES.test(`${where}/`) && !isTold) wrong.push(`${where} is not named, but: ${error}`)
        if (/hunter2 *$|"hunter2"/.test(error)) wrong.push(`${where}: its value is told`)
      }
    }
    t.strictSame(wrong, [])
  })
}

/** A place as people write it, e.g. `data[".dockerconfigjson"]`. */
function placeOf(path: readonly string[]): string {
  const parts = path.map(key => {
    if (/^\d+$/.test(key)) return `[${key}]`
    return /^[\w-]+$/.test(key) ? `.${key}` : `["${key}"]`
  })
  return path.length === 0 ? 'the object' : parts.join('').slice(1)
}

t.test('of several places that differ the deepest is named', async t => {
  const { audit } = await ask({
    object: { metadata: { name: 'web' }, spec: { volumes: 7, containers: [{ image: 7 }] } },
  })
  t.strictSame(audit, { error: 'spec.containers[0].image must be a string' })
})

t.test('of several places that are wrong the deepest is named', async t => {
  const spec = { serviceAccountName: 7, initContainers: [{ image: 7 }], volumes: 7 }
  const { audit } = await ask({ object: { metadata: METADATA, spec } })
  t.strictSame(audit, { error: 'spec.initContainers[0].image must be a string' })
})

t.test('without an old Pod all images have changed', async t => {
  const { audit } = await ask({ operation: 'UPDATE', object: { spec: { containers: [{ image: 'UPPER' }] } } })
  t.match(audit, { findings: /ImageInvalid/ })
})

t.test('an old Pod of wrong types is let through, and the place is annotated', async t => {
  const { allowed, audit } = await ask({ operation: 'UPDATE', oldObject: { spec: { containers: 'hunter2' } } })
  t.ok(allowed)
  t.strictSame(audit, { error: 'oldObject.spec.containers must be a list' })
})

t.test('what is nested too deeply to be compared counts as changed', async t => {
  const template = { ...POD, spec: { ...POD.spec, nested: TOO_DEEP } }
  const object = { metadata: { name: 'web' }, spec: { template } }
  const answer = await ask({ group: 'apps', kind: 'Deployment', operation: 'UPDATE', object, oldObject: object })
  t.match(answer.audit, { findings: /SecretNotFound/ })
})

t.test('a Pod keeps what its references hold beside their names', async t => {
  const item = JSON.parse('{"name": "other", "__proto__": {"name": "acme"}, "more": 1}')
  const object = { ...POD, metadata: { ...METADATA, managedFields: undefined } }
  const spec = { ...POD.spec, imagePullSecrets: [{ ...item, nested: NESTED }] }
  const { patch } = await ask({ stage: 'mutate', object: { ...object, spec } })
  t.strictSame(patch, [{ op: 'add', path: '/spec/imagePullSecrets/1', value: { name: 'acme' } }])
})

t.test('a key named __proto__ is a key like any other', async t => {
  const labels = '{"__proto__": {"regcred.dev/mode": "enforce", "regcred.dev/inject": "disabled"}}'
  const text = `{"__proto__": {"spec": {"containers": 7}}, "metadata": {"annotations": ${labels}, "labels": ${labels}}}`
  t.strictSame(await ask({ object: JSON.parse(text) }), { allowed: true })
  const data = '{"metadata": {"name": "a"}, "type": "kubernetes.io/dockercfg", "data": {"__proto__": "e30="}}'
  t.match(await ask({ kind: 'Secret', object: JSON.parse(data) }), { audit: { findings: /SecretWrongType/ } })
})

interface Place {
  readonly path: readonly string[]
  readonly value: unknown
}

function placesIn(value: unknown, path: readonly string[] = []): Place[] {
  const below = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return [{ path, value }, ...below.flatMap(([key, part]) => placesIn(part, [...path, key]))]
}

function replaceAt(whole: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (Array.isArray(whole)) return whole.map((item, i) => (String(i) === key ? replaceAt(item, rest, value) : item))
  return { ...Object(whole), [key]: replaceAt(Object(whole)[key], rest, value) }
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value
}
