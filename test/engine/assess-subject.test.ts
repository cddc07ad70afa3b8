import t from 'tap'
import type { LiveReads, NamespaceSecrets, View } from '../../src/cluster/view.ts'
import { admit } from '../../src/engine/admit.ts'
import { readOptions } from '../../src/engine/confirming-reads.ts'
import type { Context } from '../../src/engine/context.ts'
import { lookup } from '../../src/kubelet/keyring.ts'
import { type PullSecret, readSecret, type SecretReading } from '../../src/kubelet/secret.ts'
import type { Known, Namespace, ServiceAccount } from '../../src/policy/known.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings, type Settings } from '../../src/policy/settings.ts'
import { decode } from '../../src/review/decode.ts'
import { Tenants } from '../cluster/tenants.ts'
import { HOST, inject, PRIVATE, pod } from './ask.ts'

const UNKNOWN = { state: 'unknown' } as const
const ABSENT = { state: 'absent' } as const

function pullSecret(name: string, host: string): SecretReading {
  const config = JSON.stringify({ auths: { [host]: { username: 'u', password: 'p' } } })
  const data = { '.dockerconfigjson': Buffer.from(config).toString('base64') }
  return readSecret({ metadata: { name }, type: 'kubernetes.io/dockerconfigjson', data })
}

interface Contents {
  readonly namespace?: Known<Namespace>
  readonly account?: Known<ServiceAccount>
  readonly secrets?: Readonly<Record<string, SecretReading>>
  /** Of every Secret that is not among them. */
  readonly others?: Known<SecretReading>
  /** Whether the view is; it is without it. */
  readonly settled?: boolean
}

const NAMESPACE: Known<Namespace> = { state: 'value', value: { name: 'team-a' } }
const ACCOUNT: Known<ServiceAccount> = {
  state: 'value',
  value: { name: 'default', references: [], enforcesMountable: false, annotations: [] },
}

function secretOf({ secrets = {}, others = ABSENT }: Contents, name: string): Known<SecretReading> {
  const value = secrets[name]
  return value === undefined ? others : { state: 'value', value }
}

/** A view that holds one thing and a cluster that is another; what is read live is noted. */
class TwoFaced implements View, LiveReads {
  readonly reads: string[] = []
  readonly #held: Contents
  readonly #live: Contents
  readonly #misses = new Set<string>()

  constructor(held: Contents, live: Contents) {
    this.#held = held
    this.#live = live
  }

  secret(_: string, name: string): Known<SecretReading> {
    return secretOf(this.#held, name)
  }
  secretNames(): string[] {
    return Object.keys(this.#held.secrets ?? {})
  }
  credentials(...[, image]: Parameters<View['credentials']>): ReturnType<View['credentials']> {
    const readings = Object.values(this.#held.secrets ?? {})
    return lookup(
      readings.filter((reading): reading is PullSecret => reading.kind === 'pullSecret'),
      image,
    )
  }
  namespace(): Known<Namespace> {
    return this.#held.namespace ?? NAMESPACE
  }
  serviceAccount(): Known<ServiceAccount> {
    return this.#held.account ?? ACCOUNT
  }
  isSettled(): boolean {
    return this.#held.settled ?? true
  }
  async readSecret(_: string, name: string): Promise<Known<SecretReading>> {
    this.reads.push(name)
    return secretOf(this.#live, name)
  }
  async readSecrets(): Promise<Known<NamespaceSecrets>> {
    this.reads.push('all')
    if (this.#live.others?.state === 'unknown') return UNKNOWN
    const value = Object.values(this.#live.secrets ?? {})
    return {
      state: 'value',
      value: { get: name => secretOf(this.#live, name), pullSecrets: { state: 'value', value } },
    }
  }
  async lookForMatch(_: string, images: readonly string[]): Promise<Known<readonly SecretReading[]> | undefined> {
    if (images.every(image => this.#misses.has(image))) return undefined
    this.reads.push('*')
    if (this.#live.others?.state === 'unknown') return UNKNOWN
    return { state: 'value', value: Object.values(this.#live.secrets ?? {}) }
  }
  noteMisses(_: string, images: readonly string[]): void {
    for (const image of images) this.#misses.add(image)
  }
  async readNamespace(): Promise<Known<Namespace>> {
    this.reads.push('namespace')
    return this.#live.namespace ?? NAMESPACE
  }
  async readServiceAccount(): Promise<Known<ServiceAccount>> {
    this.reads.push('account')
    return this.#live.account ?? ACCOUNT
  }
}

interface Asked {
  readonly held?: Contents
  readonly live?: Contents
  readonly stage?: 'mutate' | 'validate'
  readonly settings?: Partial<Settings>
  readonly kind?: 'Pod' | 'Secret'
  readonly object?: unknown
}

/** Sends a review through, twice within a second, and tells the first answer and all that was read live. */
async function ask({ held = {}, live = {}, stage = 'mutate', settings = {}, kind = 'Pod', object = pod() }: Asked) {
  const cluster = new TwoFaced(held, live)
  const rulebook = prepareRulebook({ ...defaultSettings, ...settings })
  const context: Context = { view: cluster, live: cluster, rulebook, now: () => 1000 }
  const request = {
    uid: 'u',
    kind: { group: '', version: 'v1', kind },
    namespace: 'team-a',
    operation: 'CREATE',
    object,
  }
  const body = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request })
  const decoded = decode(body, stage, [])
  if (!decoded.ok) throw new Error(decoded.fault)
  const admitted = await admit(decoded.review, context, () => 1000)
  const first = [...cluster.reads]
  await admit(decoded.review, context, () => 1000)
  const { allowed, warnings = [], auditAnnotations = {}, patch } = JSON.parse(admitted.body).response
  return { allowed, warnings, audit: auditAnnotations, patched: patch !== undefined, first, all: cluster.reads }
}

t.test('a Pod with which nothing is wrong costs no read', async t => {
  const held = { secrets: { acme: pullSecret('acme', HOST) } }
  for (const stage of ['mutate', 'validate'] as const) {
    const answer = await ask({ held, stage, object: pod({ references: ['acme'] }) })
    t.match(answer, { allowed: true, warnings: [], audit: {}, patched: false })
    t.strictSame(answer.all, [])
  }
})

t.test('what the view does not hold yet is read, and is right', async t => {
  const live = { secrets: { acme: pullSecret('acme', HOST) } }
  const held = { namespace: ABSENT, account: ABSENT }
  const matched = await ask({ held, live })
  t.match(matched, { audit: { injected: 'acme' }, patched: true })
  t.strictSame(matched.first, ['namespace', 'account', '*'])
  const validated = await ask({ live, stage: 'validate', object: pod({ references: ['acme'] }) })
  t.match(validated, { warnings: [], audit: {} })
  t.strictSame(validated.first, ['acme'])
  const listed = await ask({ live, object: pod({ references: ['acme'] }) })
  t.match(listed, { audit: {}, patched: false })
})

t.test('a namespace is not read again within a second for an image that it was read for in vain', async t => {
  const answer = await ask({ settings: inject({ match: true }) })
  t.strictSame(answer.all, ['*'])
})

t.test('what stays unknown is annotated, and never warns or refuses', async t => {
  const live: Contents = { others: UNKNOWN, namespace: UNKNOWN, account: UNKNOWN }
  const labels = { ...inject({ secrets: ['acme'] }), ...PRIVATE, mode: 'enforce' as const }
  const held: Contents = { others: UNKNOWN }
  const referenced = await ask({ held, live, settings: labels })
  t.match(referenced, {
    allowed: true,
    warnings: [],
    patched: true,
    audit: { injected: 'acme', unknown: 'secret' },
  })
  const skipped = await ask({
    held,
    live,
    settings: { ...labels, ...inject({ secrets: ['acme'], whenMissing: 'skip' }) },
  })
  t.match(skipped, { patched: false, audit: { skipped: 'configuration=unknown', unknown: 'secret' } })
  const judged = await ask({
    held,
    live,
    settings: labels,
    stage: 'validate',
    object: pod({ references: ['', 'acme', 'gone'] }),
  })
  t.match(judged, { allowed: true, warnings: [], audit: { unknown: 'secret/acme,secret/gone' } })
  const nowhere = await ask({ held: { ...held, namespace: ABSENT, account: ABSENT }, live, settings: labels })
  t.match(nowhere, { patched: false, audit: { skipped: 'unknown', unknown: /^namespace,serviceaccount/ } })
  const noAccount = await ask({ held: { ...held, account: ABSENT }, live, settings: labels })
  t.match(noAccount, { patched: false, audit: { skipped: 'unknown', unknown: /^serviceaccount/ } })
  const object = pod({ images: ['UPPER'] })
  const nobody = { held: { namespace: UNKNOWN }, live, stage: 'validate' as const, object }
  t.match(await ask(nobody), { allowed: true, warnings: [], audit: { mode: 'audit' } })
  t.match((await ask({ ...nobody, settings: { mode: 'off' } })).audit, { mode: 'audit', unconfirmed: 'namespace' })
})

t.test('pull secrets of the namespace that could not be read are annotated', async t => {
  const live: Contents = { others: UNKNOWN }
  t.match(await ask({ live, settings: inject({ match: true }) }), { patched: false, audit: { unknown: 'secrets' } })
})

const gone = (count: number) => Array.from({ length: count }, (_, i) => `gone-${i}`)

t.test('three names are read each, and more than that by one read of their namespace, however many', async t => {
  const three = await ask({ stage: 'validate', object: pod({ references: gone(3) }) })
  t.strictSame(three.first, gone(3))
  for (const count of [4, 103]) {
    const more = await ask({ stage: 'validate', object: pod({ references: gone(count) }) })
    t.strictSame(more.first, ['all'])
    t.equal(more.audit.unknown, undefined, 'and nothing stays unknown')
  }
})

t.test('what was read of a namespace for its names is not read again for images', async t => {
  const live = { secrets: { acme: pullSecret('acme', HOST) } }
  const answer = await ask({ live, object: pod({ references: gone(4) }) })
  t.strictSame(answer.first, ['all'])
  t.match(answer, { audit: { injected: 'acme' }, patched: true })
})

t.test('what becomes doubtful later is known from what was read before', async t => {
  const live = { secrets: { acme: pullSecret('acme', HOST) } }
  const account = { name: 'default', references: gone(2), enforcesMountable: false, annotations: [] }
  const held: Contents = {
    account: { state: 'value', value: account },
    secrets: { acme: pullSecret('acme', 'x.example.com') },
  }
  const settings = { ...inject({ secrets: ['acme', ...gone(2)] }), ...PRIVATE }
  const answer = await ask({ held, live, settings, object: pod({ references: ['gone-0', 'gone-2', 'gone-3'] }) })
  t.equal(answer.first.filter(read => read === 'all').length, 1)
  t.notOk(answer.first.includes('*'))
})

t.test('a namespace that cannot be read whole leaves its names unknown', async t => {
  const live: Contents = { others: UNKNOWN }
  const answer = await ask({ live, settings: inject({ match: true }), object: pod({ references: gone(4) }) })
  t.match(answer, { audit: { unknown: /^secrets,secret\/gone-0,/ }, patched: false })
  t.strictSame(answer.first, ['all', '*'])
})

t.test(
  'a Pod of which more Secrets stay unknown than an object may leave open is too large, if they may matter',
  async t => {
    const asked = { live: { others: UNKNOWN }, settings: { ...PRIVATE, mode: 'enforce' }, stage: 'validate' } as const
    const many = await ask({ ...asked, object: pod({ references: gone(101) }) })
    t.match(many, { allowed: false, audit: { tooMuch: 'object: images=1 references=101 names=0' } })
    t.match(await ask({ ...asked, object: pod({ references: gone(100) }) }), {
      allowed: true,
      audit: { unconfirmed: 'unread' },
    })
  },
)

t.test('a Secret in a namespace that is unknown is at most recorded', async t => {
  const live: Contents = { namespace: UNKNOWN }
  const object = { metadata: { name: 'empty' }, type: 'kubernetes.io/dockercfg', data: { '.dockercfg': btoa('{}') } }
  const asked = { held: { namespace: ABSENT }, live, stage: 'validate', kind: 'Secret', object } as const
  t.match(await ask(asked), {
    warnings: [],
    audit: { findings: 'SecretWithoutCredentials mayBlock secret=empty', mode: 'audit', unknown: 'namespace' },
  })
})

t.test('with a reference unknown a missing one is at most a maybe', async t => {
  const live: Contents = { secrets: {}, others: ABSENT }
  const held: Contents = { secrets: { other: pullSecret('other', 'other.example.com') }, others: UNKNOWN }
  const answer = await ask({
    held,
    live,
    stage: 'validate',
    settings: PRIVATE,
    object: pod({ references: ['other', 'gone'] }),
  })
  t.match(answer.audit, { findings: /^SecretNotFound blocks secret=other; SecretNotFound blocks secret=gone/ })
})

t.test('a Secret of which only the metadata could be read is no pull secret', async t => {
  const live: Contents = { secrets: { x: { kind: 'wrongType', name: 'x' } } }
  const { warnings } = await ask({ live, stage: 'validate', object: pod({ references: ['x'] }) })
  t.strictSame(
    warnings,
    [
      'Pod : Secret "x" has the wrong type, so Kubernetes does not use it; recreate it: kubectl create secret docker-registry x --namespace team-a --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml | kubectl replace --force -f -',
    ].map(line => line.replace('Pod :', 'Pod web:')),
  )
})

t.test('a namespace and an account that are absent stop nothing', async t => {
  const live: Contents = { namespace: ABSENT, account: ABSENT, secrets: { acme: pullSecret('acme', HOST) } }
  const held: Contents = { ...live }
  t.match(await ask({ held, live }), { patched: true })
  const empty = { namespace: ABSENT, account: ABSENT }
  t.match(await ask({ held: empty, live: empty, stage: 'validate', settings: PRIVATE }), {
    warnings: [/no pull secret is listed, and .* needs one/],
  })
  t.match(await ask({ held, live, stage: 'validate', object: pod({ references: ['amce'] }) }), {
    warnings: [/did you mean "acme"/],
  })
})

const ANNOTATED = {
  mode: 'enforce',
  inject: { ...defaultSettings.inject, match: false },
  registries: {
    ...defaultSettings.registries,
    node: [{ pattern: HOST, serviceAccountAnnotations: ['example.com/role'] }],
  },
} as const
const withAnnotations = (...annotations: string[]): Known<ServiceAccount> => ({
  state: 'value',
  value: { name: 'default', references: [], enforcesMountable: false, annotations },
})

t.test('an image to which the nodes log in for some ServiceAccounts is private for all others', async t => {
  const asked = { stage: 'validate', settings: ANNOTATED } as const
  const served = { account: withAnnotations('example.com/role') }
  t.match(await ask({ ...asked, held: served, live: served }), { allowed: true, warnings: [], first: [] })
  const refused = await ask(asked)
  t.equal(refused.allowed, false)
  t.match(refused.audit, { findings: /^ImageNotCovered blocks/ })
  t.strictSame(refused.first, ['account'], 'what it seems to lack is confirmed')
  const behind = await ask({ ...asked, live: served })
  t.match(behind, { allowed: true, warnings: [] }, 'an annotation that has just come counts')
})

t.test('with a pull secret nothing depends on the ServiceAccount, and nothing is read', async t => {
  const held = { secrets: { acme: pullSecret('acme', HOST) } }
  const answer = await ask({ held, stage: 'validate', settings: ANNOTATED, object: pod({ references: ['acme'] }) })
  t.match(answer, { allowed: true, warnings: [], first: [] })
})

t.test('match adds a pull secret where the nodes do not log in, and none where they do or nobody knows', async t => {
  const secrets = { acme: pullSecret('acme', HOST) }
  const settings = { ...ANNOTATED, inject: defaultSettings.inject }
  t.match(await ask({ held: { secrets }, live: { secrets }, settings }), { patched: true })
  const served = { secrets, account: withAnnotations('example.com/role') }
  t.match(await ask({ held: served, live: served, settings }), { patched: false })
  const unknown = { secrets, account: UNKNOWN }
  t.match(await ask({ held: unknown, live: unknown, settings }), {
    patched: false,
    audit: { unknown: 'serviceaccount' },
  })
})

t.test('a ServiceAccount that is unknown leaves it open, and nobody is told that credentials lack', async t => {
  const unknown = { account: UNKNOWN }
  const asked = { held: unknown, live: unknown, stage: 'validate', object: pod({ references: ['acme'] }) } as const
  const other = { secrets: { acme: pullSecret('acme', 'other.example.com') } }
  const open = { ...asked, held: { ...unknown, ...other }, live: { ...unknown, ...other } }
  t.match(await ask({ ...open, settings: ANNOTATED }), { allowed: true, audit: { unconfirmed: 'unread' } })
  const strict = { ...ANNOTATED, enforce: { ...defaultSettings.enforce, unknown: 'refuse' as const } }
  t.match(await ask({ ...open, settings: strict }), { allowed: false })
  const covered = { secrets: { acme: pullSecret('acme', HOST) } }
  const fine = { ...asked, held: { ...unknown, ...covered }, live: { ...unknown, ...covered } }
  t.match(await ask({ ...fine, settings: strict }), { allowed: true, warnings: [] })
})

t.test('a live read may take half a second, or for a refusal half of the time that is left', async t => {
  t.strictSame(
    readOptions(() => 9750, false, false),
    { timeout: 500, shared: false },
  )
  t.strictSame(
    readOptions(() => 9750, false, true),
    { timeout: 500, shared: false, patience: 4875 },
  )
  t.strictSame(
    readOptions(() => 9750, false, true, true),
    { timeout: 500, shared: false, patience: 8000 },
    'where no other read can follow, most of it',
  )
  t.strictSame(
    readOptions(() => 2000, false, true, true),
    { timeout: 500, shared: false, patience: 1800 },
  )
  t.strictSame(
    readOptions(() => 30_000, true, true),
    { timeout: 500, shared: true, patience: 8000 },
  )
  t.strictSame(
    readOptions(() => 100, false, false),
    { timeout: 100, shared: false },
  )
})

t.test('an API server that needs more than half a second does not get a wrong Pod past enforce', async t => {
  const tenants = new Tenants(1500)
  const stored = tenants.assess('tenant-0', { references: ['gone'] })
  const mutating = tenants.assess('tenant-0', { references: ['gone'], stage: 'mutating' })
  const controlled = tenants.assess('tenant-1', { references: ['gone'], isControlled: true })
  await tenants.pass(6000)
  t.strictSame((await mutating).unknown, ['secrets', 'secret/gone'], 'it is judged later')
  t.strictSame((await controlled).unknown, ['secret/gone'], 'nobody is told, and nothing refused')
  const { unknown, findings } = await stored
  t.strictSame(unknown, [])
  t.match(
    findings.map(({ code }) => code),
    ['SecretNotFound'],
  )
})

t.test('where no other read can follow, most of the time that is left is waited for', async t => {
  const tenants = new Tenants(4000)
  const stored = tenants.assess('tenant-0', { references: ['gone'] })
  const written = tenants.assess('tenant-1', { references: ['gone'], stage: 'written' })
  await tenants.pass(9000)
  t.strictSame((await stored).unknown, [])
  t.strictSame((await written).unknown, ['serviceaccount', 'secret/gone'], 'of five seconds, half for each')
})

t.test('who is told to try again does not wait for longer', async t => {
  const tenants = new Tenants(1500, undefined, 'refuse')
  const stored = tenants.assess('tenant-0', { references: ['gone'] })
  await tenants.pass(1100)
  t.strictSame((await stored).unknown, ['secret/gone'])
})
