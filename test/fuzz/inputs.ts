import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc, { type Arbitrary } from 'fast-check'
import { HOSTILE as HOSTILE_NAMES, large, sample } from '../page/documents.ts'
import { hostileText } from '../runtime/hostile-text.ts'

const GOLDEN = join(import.meta.dirname, '../golden')

/** The password in everything that is sent; nothing that is said may hold it. */
export const CANARY = 'canary-hunter2'

/** Any bytes at all. */
export function anyBytes(): Arbitrary<Buffer> {
  return fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes))
}

/** Any JSON, alone and in the place of every part of a review. */
export function anyJson(): Arbitrary<Buffer> {
  const value = fc.oneof(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(...ODD))
  return fc
    .tuple(value, fc.constantFrom('', 'request', 'object', 'spec', 'metadata', 'containers'))
    .map(([part, where]) => Buffer.from(JSON.stringify(wrap(part, where))))
}

/** Reviews as a kube-apiserver sent them, changed in a few places. */
export function mutatedReview(): Arbitrary<Buffer> {
  const reviews = readdirSync(GOLDEN, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('review.json'))
    .map(file => readFileSync(join(GOLDEN, file), 'utf8'))
  const changed = changedJson(fc.constantFrom(...reviews), fc.oneof(fc.constantFrom(...ODD), fc.jsonValue()))
  const cut = fc.tuple(changed, edits()).map(([text, edit]) => edit(text))
  return inUtf8(fc.oneof({ weight: 4, arbitrary: changed }, { weight: 1, arbitrary: cut }))
}

/** What a scan wrote, changed in a few places. */
export function mutatedScan(): Arbitrary<Buffer> {
  const scans = fc.constantFrom(...[sample(), large(50, 50)].map(scan => JSON.stringify(scan)))
  const value = fc.oneof(hostileText, fc.constantFrom(...HOSTILE_NAMES, ...ODD), fc.jsonValue())
  return inUtf8(changedJson(scans, value))
}

/** JSON in which a few values are another, or missing. */
function changedJson(texts: Arbitrary<string>, value: Arbitrary<unknown>): Arbitrary<string> {
  const change = fc.record({ at: fc.nat(), value, drop: fc.boolean() })
  return fc
    .tuple(texts, fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([text, changes]) => JSON.stringify(changes.reduce(changeAt, JSON.parse(text))))
}

/** A review of a pull secret whose docker config is broken in any way. */
export function dockerConfigReview(): Arbitrary<Buffer> {
  const text = fc.oneof(fc.string(), fc.constantFrom('', 'u:', ':', 'dTpw', 'e30='))
  const odd = fc.oneof(fc.constantFrom<unknown>(...ODD), text)
  const entry = fc.record(
    {
      auth: fc.oneof({ weight: 6, arbitrary: fc.constant(btoa(`u:${CANARY}`)) }, { weight: 1, arbitrary: odd }),
      username: text,
      password: fc.constant(CANARY),
      email: text,
      identitytoken: fc.constant(CANARY),
    },
    { requiredKeys: [] },
  )
  const host = fc.oneof(fc.constantFrom(...HOSTS), fc.webUrl(), fc.string())
  const auths = fc.oneof({ weight: 6, arbitrary: fc.dictionary(host, entry) }, { weight: 1, arbitrary: odd })
  const config = fc.record(
    { auths, AUTHS: auths, credsStore: odd, credHelpers: odd, HttpHeaders: fc.oneof(fc.constant({}), odd) },
    { requiredKeys: ['auths'] },
  )
  const written = fc.tuple(fc.oneof(config, auths), edits()).map(([value, edit]) => edit(JSON.stringify(value) ?? ''))
  const bytes = fc.oneof(
    { weight: 6, arbitrary: written.map(text => Buffer.from(text)) },
    { arbitrary: fc.uint8Array(), weight: 1 },
  )
  const review = fc.tuple(bytes, fc.boolean()).map(([content, isOld]) => {
    const key = isOld ? '.dockercfg' : '.dockerconfigjson'
    const data = { [key]: Buffer.from(content).toString('base64') }
    const object = { metadata: { name: 'acme', namespace: 'team-a' }, type: `kubernetes.io/${key.slice(1)}`, data }
    return JSON.stringify({ ...ENVELOPE, request: { ...REQUEST, kind: { ...REQUEST.kind, kind: 'Secret' }, object } })
  })
  return inUtf8(review)
}

/** Configuration files, most of them close to a good one. */
export function configuration(): Arbitrary<Buffer> {
  const good = readFileSync(join(import.meta.dirname, '../../examples/regcred.yaml'), 'utf8')
  const lines = fc.array(fc.constantFrom(...good.split('\n'), ...CONFIGURATION_LINES), { maxLength: 30 })
  const mixed = lines.map(some => `${HEAD}${some.join('\n')}`)
  const close = fc.tuple(fc.oneof(fc.constant(good), mixed), edits()).map(([text, edit]) => edit(text))
  return inUtf8(fc.oneof(close, fc.string()))
}

/** Manifests as people keep them. */
export function manifests(): Arbitrary<Buffer> {
  const parts = fc.constantFrom(...MANIFEST_PARTS)
  const mixed = fc.array(parts, { maxLength: 12 }).map(some => some.join('\n'))
  const close = fc.tuple(mixed, edits()).map(([text, edit]) => edit(text))
  return inUtf8(fc.oneof(close, fc.string()))
}

const NESTED = JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`)
const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  ' ',
  'x'.repeat(300),
  '\u0000',
  '\u2028',
  '\ud800',
  '%s',
  '../..',
  [],
  {},
  [null],
  [[]],
  NESTED,
  JSON.parse('{"__proto__": {"allowed": false}}'),
  { constructor: { prototype: {} } },
  { toString: 1 },
  { length: -1 },
]
const HOSTS = [
  'registry.example.com',
  'https://index.docker.io/v1/',
  '*.example.com',
  '[::1]:5000',
  '[',
  '*'.repeat(40),
  '__proto__',
  '',
]
export const REQUEST = {
  uid: 'u-1',
  kind: { group: '', version: 'v1', kind: 'Pod' },
  namespace: 'team-a',
  operation: 'CREATE',
}
export const ENVELOPE = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' }
const HEAD = 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\n'
const CONFIGURATION_LINES = [
  'mode: warn',
  'mode: off',
  'ignore: [SecretNotFound]',
  'registries:',
  '  private: ["*.example.com"]',
  '  default: private',
  'inject: {match: false}',
  'view: {secrets: names}',
  'a: &a [*a]',
  'a: !!js/function x',
  '<<: {mode: audit}',
  '? [x]',
  '---',
]
const MANIFEST_PARTS = [
  '---',
  '...',
  'apiVersion: v1',
  'kind: Pod',
  'kind: List',
  'kind: Secret',
  'metadata: {name: a}',
  'items: [{apiVersion: v1}]',
  'spec: {containers: [{name: a, image: b}]}',
  'type: kubernetes.io/dockercfg',
  'data: {.dockercfg: e30=}',
  '{{ .Values }}',
  'stringData: {.dockercfg: 7}',
  '# x',
  'a: &a {b: *a}',
  '{"apiVersion": "v1"}',
  '\t',
  '- x',
  '? !!binary x',
  '%YAML 9.9',
]

function wrap(part: unknown, where: string): unknown {
  if (where === '') return part
  if (where === 'request') return { ...ENVELOPE, request: part }
  const pod = { metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image: 'registry.example.com/web' }] } }
  const object =
    where === 'object'
      ? part
      : where === 'containers'
        ? { ...pod, spec: { containers: part } }
        : { ...pod, [where]: part }
  return { ...ENVELOPE, request: { ...REQUEST, object } }
}

function inUtf8(texts: Arbitrary<string>): Arbitrary<Buffer> {
  return texts.map(text => Buffer.from(text))
}

interface Change {
  readonly at: number
  readonly value: unknown
  readonly drop: boolean
}

/** Replaces or drops one of the values within. */
function changeAt(whole: unknown, { at, value, drop }: Change): unknown {
  const places = placesIn(whole)
  const place = places[at % places.length]
  if (place === undefined) return value
  if (drop) Reflect.deleteProperty(place.parent, place.key)
  else place.parent[place.key] = structuredClone(value)
  return whole
}

interface Place {
  readonly parent: Record<string, unknown>
  readonly key: string
}

function placesIn(value: unknown): Place[] {
  if (!isParent(value)) return []
  return Object.keys(value).flatMap(key => [{ parent: value, key }, ...placesIn(value[key])])
}

function isParent(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Cuts a text off, or leaves out or puts in a character here and there; most often it does nothing. */
function edits(): Arbitrary<(text: string) => string> {
  const mark = fc.constantFrom('', '{', '}', '[', ']', '"', ':', ',', '\\', '\n', '\u0000', '&', '*', '-', ' ')
  const edit = fc.record({ at: fc.nat(), leave: fc.nat({ max: 2 }), put: mark })
  const few = fc.array(edit, { maxLength: 2 })
  return few.map(
    all => text => all.reduce((so, { at, leave, put }) => splice(so, at % (so.length + 1), leave, put), text),
  )
}

function splice(text: string, at: number, leave: number, put: string): string {
  return text.slice(0, at) + put + text.slice(at + leave)
}
