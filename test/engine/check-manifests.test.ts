import t from 'tap'
import { type CheckOptions, checkManifests } from '../../src/engine/check-manifests.ts'
import type { Found } from '../../src/manifests/found.ts'
import { findInText, parseManifests } from '../../src/manifests/read.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings, type Settings } from '../../src/policy/settings.ts'
import { Budget } from '../../src/runtime/budget.ts'

const OPTIONS: CheckOptions = { namespace: 'default', strict: false, now: () => Date.parse('2026-01-01') }

function secretFor(host: string, name = 'acme', namespace = 'team-a'): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': JSON.stringify({ auths: { [host]: { username: 'u', password: 'p' } } }) },
  }
}

function podOf(image: string, references: readonly string[] = []) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'team-a' },
    spec: { containers: [{ name: 'web', image }], imagePullSecrets: references.map(name => ({ name })) },
  }
}

async function check(
  objects: readonly object[],
  options: Partial<CheckOptions> = {},
  settings: Partial<Settings> = {},
) {
  const parsed = await parseManifests('all.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }))
  if (!parsed.ok) throw new Error(parsed.faults.join())
  const rulebook = prepareRulebook({ ...defaultSettings, ...settings })
  return await checkManifests(parsed.manifests, rulebook, { ...OPTIONS, ...options })
}

t.test('a Pod is judged with its plan, among the Secrets of the input', async t => {
  const { objects } = await check([
    secretFor('registry.example.com'),
    podOf('registry.example.com/acme/web:1', ['amce']),
  ])
  const pod = objects[1]
  t.strictSame(pod?.plan.add, [{ secret: 'acme', source: 'match' }])
  t.match(pod?.findings, [{ code: 'SecretNotFound', effect: 'degrades', secret: 'amce', suggestion: { text: 'acme' } }])
  t.strictSame(pod?.images, [
    { container: 'web', image: 'registry.example.com/acme/web:1', registryClass: 'unlisted', credentials: [] },
  ])
})

t.test(
  'a pull secret that another object of the input needs was not meant for a public image of the same registry',
  async t => {
    const wrong = secretFor('ghcr.io/acmee', 'near')
    const codesOf = async (...others: object[]) => {
      const { objects } = await check([wrong, podOf('ghcr.io/acme/web:1', ['near']), ...others])
      return objects[1]?.findings.map(({ code, effect }) => `${code} ${effect}`)
    }
    t.strictSame(await codesOf(), ['ImageNotCovered mayBlock'])
    t.strictSame(await codesOf(podOf('ghcr.io/acmee/api:1', ['near'])), [])
  },
)

t.test('the entries that match are listed in the order of the keyring', async t => {
  const image = 'registry.example.com/acme/web:1'
  const secrets = [secretFor('registry.example.com', 'a'), secretFor('registry.example.com/acme', 'b')]
  const { objects } = await check([...secrets, podOf(image, ['a', 'b'])])
  t.strictSame(objects[2]?.images[0]?.credentials, [
    { secret: 'b', entry: 'registry.example.com/acme', usable: true },
    { secret: 'a', entry: 'registry.example.com', usable: true },
  ])
})

t.test('without any Secret of a namespace in the input its references are unknown, unless that is strict', async t => {
  const lax = await check([podOf('registry.example.com/web:1', ['acme'])])
  t.strictSame(lax.objects[0]?.findings, [])
  t.strictSame(lax.unknownNamespaces, ['team-a'])
  const strict = await check([podOf('registry.example.com/web:1', ['acme'])], { strict: true })
  t.match(strict.objects[0]?.findings, [{ code: 'SecretNotFound' }, { code: 'ImageNotCovered' }])
  t.strictSame(strict.unknownNamespaces, [])
})

t.test(
  'a pull secret of a namespace makes its references absent rather than unknown, and no other Secret does',
  async t => {
    const inTeam = { name: 'plain', namespace: 'team-a' }
    const opaque = { apiVersion: 'v1', kind: 'Secret', metadata: inTeam, type: 'Opaque' }
    const other = await check([opaque, podOf('nginx', ['acme'])])
    t.match(other.objects, [{ findings: [] }])
    t.strictSame(other.unknownNamespaces, ['team-a'])
    const { objects, unknownNamespaces } = await check([secretFor('a.example.com', 'b'), podOf('nginx', ['acme'])])
    t.match(objects[1]?.findings, [{ code: 'SecretNotFound', secret: 'acme' }])
    t.strictSame(unknownNamespaces, [])
  },
)

t.test('what makes a Secret counts as a Secret that nobody has read', async t => {
  const made = {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name: 'acme', namespace: 'team-a' },
    spec: { target: { template: { type: 'kubernetes.io/dockerconfigjson' } } },
  }
  const everywhere = {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ClusterExternalSecret',
    metadata: { name: 'shared' },
    spec: { externalSecretSpec: {} },
  }
  const placeholder = { ...secretFor('other.example.com'), stringData: { '.dockerconfigjson': '{}' } }
  const registries = { ...defaultSettings.registries, private: ['p.example.com'] }
  const codes = async (name: string, objects: readonly object[], options: Partial<CheckOptions> = {}) => {
    const { objects: checked } = await check([...objects, podOf('p.example.com/web', [name])], options, { registries })
    return checked.at(-1)?.findings.map(({ code, suggestion }) => `${code} ${suggestion?.text ?? ''}`.trim())
  }
  t.strictSame(await codes('acme', [made]), [])
  t.strictSame(await codes('acme', [made], { strict: true }), [], 'strict too')
  t.strictSame(await codes('acme', [made, placeholder]), [], 'whatever stands there until then')
  t.strictSame(await codes('acme', [placeholder, made]), [])
  t.strictSame(await codes('amce', [made]), ['SecretNotFound acme', 'ImageNotCovered'], 'and its name is near another')
  t.strictSame(await codes('shared', [made, everywhere]), [])
})

t.test('a misspelt name is told with the place of it, and so is an image', async t => {
  const text = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  imagePullSecrets:
  - name: gone
  containers:
  - name: a
    image: UPPER
`
  const { objects } = await checkManifests(findInText('f', text), prepareRulebook(defaultSettings), {
    ...OPTIONS,
    strict: true,
  })
  t.match(objects[0]?.findings, [
    { code: 'ImageInvalid', place: { line: 9, column: 12 } },
    { code: 'SecretNotFound', place: { line: 6, column: 11 } },
  ])
})

t.test('an image, a reference or a namespace that another tool would have filled in is a fault', async t => {
  const unrendered = [
    podOf('ko://example.com/cmd'),
    podOf('a', ['$' + '{NAME}']),
    { ...podOf('a'), metadata: { name: 'web', namespace: '{{ .Release.Namespace }}' } },
  ]
  const { objects, errors } = await check([...unrendered, podOf('a')])
  t.equal(objects.length, 1)
  t.match(
    errors.map(({ message }) => message),
    [/ko resolve/, /envsubst/, /helm template/],
  )
})

t.test('what runs already is given nothing, and what a controller made of a template is told once', async t => {
  const owned = (name: string, kind: string, of: string) => ({
    ...{ name, namespace: 'team-a', uid: name },
    ownerReferences: [{ apiVersion: 'apps/v1', kind, name: of, controller: true }],
  })
  const live = { ...podOf('r.example.com/web'), metadata: { name: 'web', namespace: 'team-a', uid: 'u' } }
  const { objects } = await check([secretFor('r.example.com'), live])
  t.strictSame(objects[1]?.plan.add, [])
  const template = { spec: { containers: [{ name: 'web', image: 'UPPER' }] } }
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'team-a', uid: 'd' },
  }
  const all = await check([
    { ...deployment, spec: { template } },
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: owned('web-1', 'Deployment', 'web'), spec: { template } },
    { apiVersion: 'v1', kind: 'Pod', metadata: owned('web-1-a', 'ReplicaSet', 'web-1'), spec: template.spec },
  ])
  t.strictSame(
    all.objects.map(({ manifest }) => manifest.kind),
    ['Deployment'],
  )
})

t.test('imagePullSecrets where they do not belong are a fault, and the object is judged all the same', async t => {
  const wrong = { ...podOf('UPPER'), spec: { containers: [{ name: 'a', image: 'UPPER', imagePullSecrets: [] }] } }
  const { objects, errors } = await check([wrong])
  t.match(errors, [{ message: /^spec.containers\[0\].imagePullSecrets is no field there/ }])
  t.match(objects[0]?.findings, [{ code: 'ImageInvalid' }])
  const strings = await check([{ ...podOf('a'), spec: { imagePullSecrets: ['a'] } }])
  t.match(strings.errors, [
    { message: 'cannot read this Pod: spec.imagePullSecrets[0] must be a mapping; write each as "- name: NAME"' },
  ])
})

t.test('a Pod without references has those of its ServiceAccount, and stringData goes over data', async t => {
  const account = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: 'team-a' },
    imagePullSecrets: [{ name: 'acme' }],
  }
  const secret = { ...secretFor('registry.example.com'), data: { '.dockerconfigjson': btoa('{"auths": {"a.b": {}}}') } }
  const { objects } = await check([podOf('registry.example.com/web:1'), account, secret])
  t.strictSame(objects[0]?.images[0]?.credentials, [{ secret: 'acme', entry: 'registry.example.com', usable: true }])
})

t.test('what names no namespace meets in the one that is given', async t => {
  const inNone = (object: object) => ({ ...object, metadata: { name: 'acme' } })
  const objects = [inNone(podOf('registry.example.com/web:1', ['acme'])), inNone(secretFor('registry.example.com'))]
  const checked = await check(objects, { namespace: 'team-b', strict: true })
  t.strictSame(
    checked.objects.map(({ namespace, findings }) => ({ namespace, findings })),
    [
      { namespace: 'team-b', findings: [] },
      { namespace: 'team-b', findings: [] },
    ],
  )
})

t.test('a mode other than off changes nothing about what is wrong', async t => {
  const namespaceIn = (mode: string) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'team-a', labels: { 'regcred.dev/mode': mode } },
  })
  const [audit, warn, enforce] = await Promise.all(
    ['audit', 'warn', 'enforce'].map(mode => check([namespaceIn(mode), podOf('UPPER')])),
  )
  t.match(audit?.objects[1]?.findings, [{ code: 'ImageInvalid', effect: 'blocks' }])
  t.strictSame(warn?.objects[1]?.findings, audit?.objects[1]?.findings)
  t.strictSame(enforce?.objects[1]?.findings, audit?.objects[1]?.findings)
})

t.test('what is exempt or off is left out, and so are kinds that do not concern us', async t => {
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'team-a', labels: { 'regcred.dev/mode': 'off' } },
  }
  const off = await check([namespace, podOf('a.example.com/b', ['c'])])
  t.strictSame(off.objects, [])
  const exemptions = { namespaces: ['team-a'], usernames: [] }
  const exempt = await check([podOf('a.example.com/b', ['c'])], {}, { exemptions })
  t.strictSame(exempt.objects, [])
  const other = await check([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }])
  t.match(other, { objects: [], errors: [], input: { objects: 1, workloads: 0, others: [] } })
})

t.test('without any Secrets in the input nobody says that an image lacks one', async t => {
  const registries = { ...defaultSettings.registries, private: ['a.example.com'] }
  const sparse = await check([podOf('a.example.com/b')], {}, { registries })
  t.strictSame(sparse.objects[0]?.findings, [])
  t.strictSame(sparse.unknownNamespaces, ['team-a'])
  const strict = await check([podOf('a.example.com/b')], { strict: true }, { registries })
  t.match(strict.objects[0]?.findings, [{ code: 'ImageNotCovered', effect: 'blocks' }])
  t.strictSame(strict.unknownNamespaces, [])
})

t.test('Secrets, Namespaces and templates are judged too', async t => {
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'b', labels: { 'regcred.dev/mode': 'wran' } },
  }
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { template: { spec: { containers: [{ name: 'web', image: 'UPPER' }] } } },
  }
  const { objects } = await check([namespace, secretFor('https://index.docker.io/v1'), deployment])
  t.strictSame(
    objects.map(({ manifest, namespace, name, findings }) => [
      manifest.kind,
      namespace,
      name,
      findings.map(f => f.code),
    ]),
    [
      ['Namespace', '', 'b', ['LabelInvalid']],
      ['Secret', 'team-a', 'acme', ['EntryCoversNothing']],
      ['Deployment', 'default', 'web', ['ImageInvalid']],
    ],
  )
})

t.test('an object that is not what its kind says is unreadable', async t => {
  const { objects, errors } = await check([{ ...podOf('a'), spec: { containers: 'none' } }])
  t.strictSame(objects, [])
  t.match(errors, [{ file: 'all.json', message: /containers/ }])
})

t.test('many Pods that miss the same Secret compare its name with the others once', async t => {
  const compared = async (pods: number, missing: (i: number) => string) => {
    const explanations = new Budget(1_000_000, 0)
    const secrets = Array.from({ length: 50 }, (_, i) => secretFor('r.example.com', `secret-${i}`))
    const wrong = Array.from({ length: pods }, (_, i) => podOf('r.example.com/web', [missing(i)]))
    const { objects, unexplained } = await check([...secrets, ...wrong], {
      budget: () => new Budget(1_000_000, explanations),
    })
    t.match(objects.at(-1)?.findings, [{ suggestion: { of: 'secret' } }])
    t.equal(unexplained, false)
    return explanations.steps
  }
  const one = await compared(1, () => 'sceret-1')
  const comparing = 50 * 2
  const again = (await compared(101, () => 'sceret-1')) - one
  t.ok(again < 100 * comparing, `${again / 100} steps for each to see that it helps, and not ${comparing}`)
  t.ok((await compared(3, i => `sceret-${i}`)) <= 3.5 * one, 'and others once each')
})

t.test('what explains has a limit for all objects together, and it is said that something is left out', async t => {
  const explanations = new Budget(100, 0)
  const secrets = Array.from({ length: 50 }, (_, i) => secretFor('r.example.com', `secret-${i}`))
  const wrong = Array.from({ length: 50 }, (_, i) => podOf('nginx', [`sceret-${i}`]))
  const { objects, unexplained } = await check([...secrets, ...wrong], {
    budget: () => new Budget(1_000_000, explanations),
  })
  t.equal(unexplained, true)
  t.match(
    objects.at(-1)?.findings,
    [{ code: 'SecretNotFound', suggestion: undefined }],
    'but all that is wrong is told',
  )
})

t.test('a pull secret of the files that nobody lists is named for the image that it would cover', async t => {
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'team-a' } }
  const inject = { ...defaultSettings.inject, match: false }
  const registries = { ...defaultSettings.registries, private: ['p.example.com'], node: ['n.example.com'] }
  const found = async (host: string, image: string, objects: readonly object[], settings: Partial<Settings> = {}) => {
    const { objects: checked } = await check([secretFor(host), ...objects], {}, { inject, registries, ...settings })
    return checked.at(-1)?.findings.map(({ effect, suggestion }) => `${effect} ${suggestion?.text}`) ?? [image]
  }
  const cases: [image: string, host: string, known: string[], unknown: string[]][] = [
    ['p.example.com/web', 'p.example.com', ['blocks acme'], ['mayBlock acme']],
    ['u.example.com/web', 'u.example.com', ['mayBlock acme'], ['degrades acme']],
    ['ghcr.io/acme/web', 'ghcr.io/acme', ['mayBlock acme'], ['degrades acme']],
    ['ghcr.io/acme/web', 'ghcr.io', [], []],
    ['n.example.com/web', 'n.example.com', [], []],
    ['registry.k8s.io/pause', 'registry.k8s.io', [], []],
    ['u.example.com/web', 'other.example.com', [], []],
  ]
  for (const [image, host, known, unknown] of cases) {
    t.strictSame(await found(host, image, [account, podOf(image)]), known, `${image}, and its ServiceAccount is known`)
    t.strictSame(await found(host, image, [podOf(image)]), unknown, `${image}, and it is not`)
  }
  const image = 'u.example.com/web'
  t.strictSame(await found('u.example.com', image, [account, podOf(image)], { suggestions: 'none' }), [])
  const listing = await check(
    [secretFor('u.example.com'), secretFor('a.example.com', 'b'), podOf(image, ['b'])],
    {},
    { inject },
  )
  t.match(listing.objects[2]?.findings, [
    { problem: /^none of its pull secrets has credentials for .*, but "acme" has them$/ },
  ])
})

t.test('a ServiceAccount that is not among the files may bring what an image needs, unless that is strict', async t => {
  const registries = { ...defaultSettings.registries, private: ['p.example.com'] }
  const objects = [secretFor('other.example.com'), podOf('p.example.com/web')]
  const lax = await check(objects, {}, { registries })
  t.strictSame([lax.objects[1]?.findings, lax.unknownAccounts], [[], ['team-a/default']])
  const strict = await check(objects, { strict: true }, { registries })
  t.match([strict.objects[1]?.findings, strict.unknownAccounts], [[{ code: 'ImageNotCovered', effect: 'blocks' }], []])
})

t.test(
  'a ServiceAccount that is not among the files may be one for which the nodes log in, unless that is strict',
  async t => {
    const node = [{ pattern: 'n.example.com', serviceAccountAnnotations: ['example.com/role'] }]
    const registries = { ...defaultSettings.registries, node }
    const objects = [secretFor('other.example.com', 'own'), podOf('n.example.com/web', ['own'])]
    const lax = await check(objects, {}, { registries })
    t.strictSame([lax.objects[1]?.findings, lax.unknownAccounts], [[], ['team-a/default']])
    const strict = await check(objects, { strict: true }, { registries })
    t.match(strict.objects[1]?.findings, [
      {
        code: 'ImageNotCovered',
        problem: /^without the annotation example.com\/role on its ServiceAccount the nodes do not log in, and none/,
      },
    ])
    t.strictSame(strict.unknownAccounts, [])
    const covered = [secretFor('n.example.com', 'own'), podOf('n.example.com/web', ['own'])]
    t.strictSame((await check(covered, {}, { registries })).unknownAccounts, [])
  },
)

t.test('what a template misses may arrive, unless that is strict', async t => {
  const registries = { ...defaultSettings.registries, private: ['p.example.com'] }
  const job = (image: string) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'web', namespace: 'team-a' },
    spec: { template: podOf(image, ['gone']) },
  })
  const effectOf = async (image: string, strict: boolean) => {
    const { objects } = await check([secretFor('other.example.com'), job(image)], { strict }, { registries })
    return objects[1]?.findings[0]?.effect
  }
  t.equal(await effectOf('p.example.com/web', false), 'mayBlock')
  t.equal(await effectOf('p.example.com/web', true), 'blocks')
  t.equal(await effectOf('u.example.com/web', true), 'mayBlock')
})

t.test('each template of an object is judged for itself, and a path that leads nowhere is told once', async t => {
  const templates = [
    { group: 'batch.volcano.sh', kind: 'Job', path: '/spec/tasks/*/template' },
    { group: 'argoproj.io', kind: 'Rollout', path: '/spec/tempalte' },
  ]
  const task = (image: string) => ({ template: { spec: { containers: [{ name: 'a', image }] } } })
  const job = { apiVersion: 'batch.volcano.sh/v1alpha1', kind: 'Job', metadata: { name: 'a' } }
  const rollout = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'b' }, spec: task('c') }
  const inTheWay = { ...job, spec: { tasks: 'none' } }
  const { objects, errors } = await check(
    [{ ...job, spec: { tasks: [task('UPPER'), task('b')] } }, rollout, rollout, inTheWay],
    {},
    { templates },
  )
  t.match(objects, [{ findings: [{ code: 'ImageInvalid' }] }, { findings: [] }])
  t.match(
    errors.map(({ message }) => message),
    ['cannot read this Job: spec.tasks must be a mapping', /leads to a Pod template in any Rollout/],
  )
  t.equal(errors.length, 2)
})

t.test('what the others of an application list is evidence, and of no application there are no others', async t => {
  const deployment = (name: string, references: readonly string[], labels: object) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'team-a', labels },
    spec: { template: { spec: { ...podOf('registry.example.com/acme/web:1', references).spec } } },
  })
  const told = async (labels: object) => {
    const { objects } = await check([
      deployment('api', ['acme'], labels),
      deployment('web', ['acme'], labels),
      deployment('worker', [], labels),
    ])
    return objects.flatMap(({ name, findings }) =>
      findings.map(({ code, suggestion }) => [name, code, suggestion?.text]),
    )
  }
  t.strictSame(await told({ 'app.kubernetes.io/instance': 'shop' }), [['worker', 'ImageNotCovered', 'acme']])
  t.strictSame(await told({}), [])
})

t.test('what objects and templates say that is to be ignored is told with them, where that is asked for', async t => {
  const annotated = (code: string) => ({ annotations: { 'regcred.dev/ignore': code } })
  const secret = {
    ...{
      ...secretFor('registry.example.com'),
      metadata: { name: 'acme', namespace: 'team-a', ...annotated('CredentialsDoubtful') },
    },
    stringData: { '.dockerconfigjson': '{"auths":{"https://ghcr.io/v1":{"username":"u","password":"p "}}}' },
  }
  const deployment = {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    metadata: { name: 'web', namespace: 'team-a', ...annotated('ImageInvalid: a') },
    spec: { template: { metadata: annotated('SecretNotFound: b, None: c'), spec: podOf('ghcr.io/acme/web:1').spec } },
  }
  const found = [secret, deployment].map(object => ({ file: 'f', ...object, object }) as unknown as Found)
  const rulebook = prepareRulebook(defaultSettings)
  const told = await checkManifests(found, rulebook, { ...OPTIONS, tellsIgnored: true })
  t.strictSame(
    told.objects.map(({ manifest: { kind }, ignores = [] }) => [
      kind,
      ...ignores.map(({ code, reason }) => `${code}: ${reason}`),
    ]),
    [
      ['Secret', 'CredentialsDoubtful: '],
      ['Deployment', 'ImageInvalid: a', 'SecretNotFound: b'],
    ],
  )
  t.match(told.errors, [{ message: /^regcred.dev\/ignore: "None" is not the code/ }])
  t.ok(told.objects[0]?.findings.some(({ code }) => code === 'CredentialsDoubtful'))
  const silent = await checkManifests(found, rulebook, OPTIONS)
  t.strictSame([silent.errors, silent.objects.map(({ ignores }) => ignores)], [[], [undefined, undefined]])
  t.notOk(silent.objects[0]?.findings.some(({ code }) => code === 'CredentialsDoubtful'))
})
