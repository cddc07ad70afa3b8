import t from 'tap'
import { examine, type Observed } from '../../src/diagnosis/examine.ts'
import { defaultSettings } from '../../src/policy/settings.ts'

const HOST = 'registry.example.com'
const IMAGE = `${HOST}/acme/web:v1`
const NOW = Date.parse('2026-01-01T00:10:00Z')
const DENIED = `failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`

interface Case {
  readonly references?: readonly string[]
  readonly reason?: string
  readonly message?: string
  readonly image?: string
  readonly events?: readonly unknown[]
  readonly account?: readonly string[]
  readonly owner?: string
  readonly secrets?: readonly object[]
}

const dockerConfig = (auths: object) => Buffer.from(JSON.stringify({ auths })).toString('base64')
const LOGIN = { username: 'jane', password: 'hunter2' }

function secret(name: string, auths: object = { [HOST]: LOGIN }, metadata: object = {}) {
  const type = 'kubernetes.io/dockerconfigjson'
  const data = { '.dockerconfigjson': dockerConfig(auths) }
  return { metadata: { name, namespace: 'team-a', uid: name, ...metadata }, type, data }
}

function observe({
  references = [],
  reason = 'ImagePullBackOff',
  message = DENIED,
  image = IMAGE,
  ...rest
}: Case): Observed {
  const { events = [], account = [], secrets = [], owner } = rest
  const maker = owner === undefined ? undefined : { kind: owner, name: 'x', controller: true }
  const listed = (names: readonly string[]) => names.map(name => ({ name }))
  const pod = {
    metadata: { name: 'web', namespace: 'team-a', uid: '1' },
    spec: { containers: [{ name: 'web', image }], imagePullSecrets: listed(references) },
    status: {
      containerStatuses: [{ name: 'web', image, state: { waiting: { reason, message } } }],
    },
  }
  const serviceAccount = { metadata: { name: 'default', namespace: 'team-a' }, imagePullSecrets: listed(account) }
  return { namespace: 'team-a', pod, events, account: serviceAccount, secrets, maker }
}

async function only(one: Case, settings = defaultSettings) {
  const [found, ...others] = await examine(observe(one), settings, () => NOW)
  t.strictSame(others, [])
  if (found === undefined) throw new Error('nothing waits')
  return found
}

const CASES: readonly (Case & {
  readonly name: string
  readonly cause: string | RegExp
  readonly next: string | RegExp
})[] = [
  {
    name: 'misspelt',
    references: ['regcerd'],
    secrets: [secret('regcred')],
    cause: 'Secret "regcerd" does not exist in namespace "team-a".',
    next: 'Did you mean "regcred"? Write it in spec.imagePullSecrets, then: kubectl replace --force --namespace team-a -f FILE',
  },
  {
    name: 'missing',
    references: ['regcred'],
    cause: 'Secret "regcred" does not exist in namespace "team-a".',
    next: /or create it: kubectl create secret docker-registry regcred --namespace team-a /,
  },
  {
    name: 'without a reference, though a Secret would help',
    secrets: [secret('acme')],
    cause: 'No pull secret is listed for "registry.example.com/acme/web:v1", but "acme" has credentials for it.',
    next: /Add "acme" to spec\.imagePullSecrets, then: kubectl replace --force/,
  },
  {
    name: 'without anything',
    cause: 'No pull secret is listed, and "registry.example.com/acme/web:v1" needs one.',
    next: /Add one to spec\.imagePullSecrets/,
  },
  {
    name: 'of another type',
    references: ['hub'],
    secrets: [{ ...secret('hub'), type: 'Opaque', data: undefined }],
    cause: 'Secret "hub" has type Opaque, so Kubernetes does not use it.',
    next: /kubectl replace --force -f -$/,
  },
  {
    name: 'with a credential store',
    references: ['hub'],
    secrets: [secret('hub', { [HOST]: {} })],
    cause: 'Secret "hub" holds no usable credentials, as there is no user name.',
    next: /--docker-server=SERVER/,
  },
  {
    name: 'for another registry',
    references: ['hub'],
    secrets: [secret('hub', { 'ghcr.io': LOGIN })],
    cause: 'None of its pull secrets has credentials for "registry.example.com/acme/web:v1" ("hub" is for ghcr.io).',
    next: /Add one that has them/,
  },
  {
    name: 'of a Pod that is older than the list of its ServiceAccount',
    account: ['acme'],
    secrets: [secret('acme')],
    cause: 'ServiceAccount "default" lists "acme" now, but this Pod was made before it did.',
    next: 'Make it again: kubectl replace --force --namespace team-a -f FILE',
  },
  {
    name: 'of such a Pod that something made',
    owner: 'ReplicaSet',
    account: ['acme'],
    secrets: [secret('acme')],
    cause: 'ServiceAccount "default" lists "acme" now, but this Pod was made before it did.',
    next: 'What made it makes it again: kubectl delete pod web --namespace team-a',
  },
  {
    name: 'whose Secret is still to be filled',
    references: ['copy'],
    secrets: [
      {
        ...secret('copy', {}, { annotations: { 'replicator.v1.mittwald.de/replicate-from': 'a/b' } }),
        data: { '.dockerconfigjson': '' },
      },
    ],
    cause:
      'registry.example.com shows this image to nobody without a login: its name or tag is wrong, or it is private. No pull secret of the Pod is known to have one.',
    next: /^Check the name and the tag, or make a pull secret for it and list that: kubectl create secret docker-registry NAME --namespace team-a /,
  },
  {
    name: 'that two Secrets are for',
    references: ['acme', 'more'],
    secrets: [secret('acme'), secret('more')],
    cause: /^Secrets "acme", "more" have a login for this image, and the registry turned it down/,
    next: /docker-registry acme /,
  },
  {
    name: 'with the right Secret',
    references: ['acme'],
    secrets: [secret('acme')],
    cause:
      'Secret "acme" has a login for this image, and the registry turned it down: the password is probably wrong, expired or revoked, or this user may not pull this image. Regcred cannot know which.',
    next: /^This tells: docker login registry\.example\.com\.\nTake its docker config, passwords and all: kubectl get secret acme .*> FILE\nRenew them: kubectl create secret docker-registry acme .*replace --force -f -$/,
  },
  {
    name: 'with the right Secret, and no such image',
    message: 'manifest unknown',
    references: ['acme'],
    secrets: [secret('acme')],
    cause:
      'Secret "acme" has a login for this registry, and the registry shows no such image: the image or its tag does not exist, or this user may not see it. Regcred cannot know which.',
    next: /^Check the name and the tag\. This tells: docker login registry\.example\.com\.$/,
  },
  {
    name: 'with a Secret that was written after the node had asked',
    references: ['acme'],
    events: [{ message: `Failed to pull image "${IMAGE}": ${DENIED}`, lastTimestamp: '2026-01-01T00:05:00Z' }],
    secrets: [secret('acme', undefined, { creationTimestamp: '2026-01-01T00:06:00Z' })],
    cause: 'Secret "acme" was written after the node had asked, and has a login for this image now.',
    next: /^Wait: the node tries again by itself/,
  },
  {
    name: 'with a name that is none',
    image: 'acme/Web:v1',
    reason: 'InvalidImageName',
    message: '',
    cause:
      'Image "acme/Web:v1" of container "web" is not a valid image name (invalid reference format: repository name must be lowercase).',
    next: /^Write "acme\/web:v1"/,
  },
  {
    name: 'which is too much for Docker Hub',
    image: 'nginx',
    message: 'toomanyrequests: You have reached your pull rate limit',
    cause: 'The registry has had too many pulls: those without a login are counted by address, those with one by user.',
    next: /^Any login at this registry helps/,
  },
  {
    name: 'that the node cannot reach',
    message: 'dial tcp: lookup registry.example.com: no such host',
    references: ['regcerd'],
    cause: 'The node cannot reach the registry; pull secrets have nothing to do with it.',
    next: /DNS/,
  },
  {
    name: 'of Docker Hub that is not for everybody',
    image: 'acme/web',
    message: 'pull access denied, repository does not exist or may require authorization: insufficient_scope',
    cause: 'No pull secret is listed, and "acme/web" needs one.',
    next: /Add one to/,
  },
]

for (const { name, cause, next, ...one } of CASES) {
  t.test(`an image ${name}`, async t => {
    const { diagnosis } = await only(one)
    t.match(diagnosis.cause, cause)
    if (typeof cause === 'string') t.equal(diagnosis.cause, cause)
    t.match(diagnosis.next.join('\n'), next)
    t.notMatch(JSON.stringify(diagnosis), 'hunter2')
  })
}

t.test('where the pull secrets may not be read, it says so and accuses none', async t => {
  const [found] = await examine(
    { ...observe({ references: ['acme'] }), secrets: undefined },
    defaultSettings,
    () => NOW,
  )
  t.strictSame(found?.diagnosis, {
    evidence: [],
    cause:
      'The node said 401 Unauthorized, without a login, and you may not list Secrets in namespace "team-a": regcred cannot tell which pull secret is wrong, or missing.',
    next: ['Ask somebody who may: kubectl auth can-i list secrets --namespace team-a'],
  })
})

t.test('an older kubelet says in its events alone what the registry said', async t => {
  const message = `Back-off pulling image "${IMAGE}"`
  const note = (said: string, eventTime: string) => ({ note: `Failed to pull image "${IMAGE}": ${said}`, eventTime })
  const events = [
    note(DENIED, '2026-01-01T00:02:00Z'),
    note('manifest unknown', '2026-01-01T00:01:00Z'),
    { message: 'Back-off pulling image', eventTime: '2026-01-01T00:03:00Z' },
    'no event',
  ]
  const found = await only({ message, events })
  t.match(found, { error: { kind: 'unauthorized' }, at: Date.parse('2026-01-01T00:02:00Z') })
  t.match(await only({ message, events: [note(DENIED, '')] }), { error: { kind: 'unauthorized' }, at: undefined })
  const { diagnosis } = await only({ message, events, references: ['acme'], secrets: [secret('acme')] })
  t.match(diagnosis.cause, /^Secret "acme" has a login for this image, and the registry turned it down/)
})

t.test('what nobody knows is said as it is', async t => {
  const { diagnosis } = await only({ image: 'nginx', message: 'the plugin of the node has a fault' })
  t.match(diagnosis, {
    cause: /^The node did not say anything that regcred knows/,
    next: [/kubectl describe pod web /],
  })
})

t.test('each reference is looked at, the first five of many', async t => {
  const references = ['acme', 'other', 'gone', 'a', 'b', 'c', 'd']
  const secrets = [secret('acme'), secret('other', { 'ghcr.io': LOGIN })]
  const { diagnosis } = await only({ references, secrets })
  t.strictSame(
    diagnosis.evidence.map(({ isGood, text }) => `${isGood ? '+' : '-'} ${text}`),
    [
      '+ imagePullSecrets[0] "acme" has a login for this image',
      '- imagePullSecrets[1] "other" has no login for this image',
      '- imagePullSecrets[2]: Secret "gone" does not exist in namespace "team-a"',
      '- imagePullSecrets[3]: Secret "a" does not exist in namespace "team-a"',
      '- imagePullSecrets[4]: Secret "b" does not exist in namespace "team-a"',
      '- 2 more pull secrets are listed',
    ],
  )
})

t.test('a Secret that would help is named', async t => {
  const { diagnosis } = await only({ references: ['regcerd'], secrets: [secret('regcred')] })
  t.strictSame(diagnosis.evidence.at(-1), { isGood: true, text: 'Secret "regcred" is there, and is for this registry' })
  const none = await only({})
  t.strictSame(none.diagnosis.evidence, [{ isGood: false, text: 'the Pod lists no pull secret' }])
})

t.test('what has expired is told, whatever the registry said of it', async t => {
  const password = `e30.${Buffer.from('{"exp":1}').toString('base64url')}.x`
  const secrets = [secret('acme', { [HOST]: { username: 'jane', password } })]
  const { diagnosis } = await only({ references: ['acme'], secrets })
  t.match(diagnosis.cause, /expired/)
  t.match(diagnosis.next.at(-1), /^Renew them: kubectl create secret docker-registry acme /)
})

t.test('containers of every kind are told of, and nothing that waits for something else', async t => {
  const waits = (name: string, reason: string) => ({ name, image: `${name}-status`, state: { waiting: { reason } } })
  const pod = {
    metadata: { name: 'web', namespace: 'team-a', uid: '1' },
    spec: { containers: [{ name: 'web', image: IMAGE }], initContainers: [{ name: 'init', image: 'a' }] },
    status: {
      initContainerStatuses: [waits('init', 'ErrImagePull')],
      containerStatuses: [waits('web', 'ContainerCreating'), { name: 'side', state: { running: {} } }],
      ephemeralContainerStatuses: [waits('debug', 'ImagePullBackOff')],
    },
  }
  const found = await examine({ ...observe({}), pod }, defaultSettings, () => NOW)
  t.strictSame(
    found.map(({ waiting: { container, image, reason, message } }) => [container, image, reason, message]),
    [
      ['init', 'a', 'ErrImagePull', ''],
      ['debug', 'debug-status', 'ImagePullBackOff', ''],
    ],
  )
})

t.test('a Pod that cannot be read is told of by what its node said', async t => {
  const pod = {
    metadata: { uid: '1' },
    spec: { containers: 'none' },
    status: { containerStatuses: [{ state: { waiting: { reason: 'ErrImagePull' } } }] },
  }
  const found = await examine({ ...observe({}), pod, account: undefined }, defaultSettings, () => NOW)
  t.match(found, [{ waiting: { container: '', image: '' }, diagnosis: { cause: /^The node did not say/ } }])
  const refused = {
    ...pod,
    status: { containerStatuses: [{ state: { waiting: { reason: 'ErrImagePull', message: DENIED } } }] },
  }
  const [other] = await examine({ ...observe({}), pod: refused }, defaultSettings, () => NOW)
  t.match(other?.diagnosis.cause, /^the registry shows this image to nobody without a login/)
  t.match((await only({ reason: 'InvalidImageName' })).diagnosis.cause, 'The image name is not valid.')
})

const KEPT = [
  {
    ...{ by: 'ExternalSecret', ownerReferences: [{ kind: 'ExternalSecret', name: 'e', controller: true }] },
    says: 'Correct it where ExternalSecret "e" gets it.',
  },
  {
    ...{ by: 'Argo CD', labels: { 'argocd.argoproj.io/instance': 'web' } },
    says: 'Change it in Git, from where Argo CD applies it.',
  },
]

for (const { by, says, ...metadata } of KEPT) {
  t.test(`a Secret that ${by} writes is corrected there, whatever is wrong with it`, async t => {
    const wrong = {
      unauthorized: secret('acme', undefined, metadata),
      opaque: { ...secret('acme', {}, metadata), type: 'Opaque' },
    }
    for (const one of Object.values(wrong)) {
      const { diagnosis } = await only({ references: ['acme'], secrets: [one] })
      t.strictSame(diagnosis.next.at(-1), says)
    }
  })
}

t.test('what a node says that nobody knows accuses no Secret that fits', async t => {
  const fits = { references: ['acme'], secrets: [secret('acme')] }
  for (const message of ['an odd fault', 'Back-off pulling image', '']) {
    const { diagnosis } = await only({ ...fits, message })
    t.match(diagnosis.cause, /^The node did not say anything that regcred knows/)
  }
  const missing = await only({ references: ['gone'], message: 'an odd fault' })
  t.match(missing.diagnosis.cause, /^Secret "gone" does not exist/, 'and one that does not all the same')
})

t.test('a Secret that breaks the keyring is the cause, whatever another is for', async t => {
  const broken = { ...secret('broken'), data: { '.dockerconfigjson': btoa('{"auths":{"a":{"auth":"!!!"}}}') } }
  const { diagnosis } = await only({ references: ['acme', 'broken'], secrets: [secret('acme'), broken] })
  t.match(diagnosis.cause, /^Secret "broken" is broken/)
})

t.test('a Pod that is made again by something else than its kind is not deleted', async t => {
  for (const owner of ['Job', 'TaskRun', 'CronJob']) {
    const { diagnosis } = await only({ owner, account: ['acme'], secrets: [secret('acme')] })
    t.strictSame(diagnosis.next, [`Have its ${owner} make another.`])
  }
})

t.test('the mirror of a static Pod is changed in a file on its node', async t => {
  const late = await only({ owner: 'Node', account: ['acme'], secrets: [secret('acme')] })
  t.strictSame(late.diagnosis.next, ['Change its manifest, which is a file on the node.'])
  const misspelt = await only({ owner: 'Node', references: ['acne'], secrets: [secret('acme')] })
  t.strictSame(misspelt.diagnosis.next, [
    'Did you mean "acme"? Write it in spec.imagePullSecrets of its manifest, a file on node "x"',
  ])
})

t.test('of what a CronJob made in the end, that is where the list is', async t => {
  const maker = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', controller: true }
  const observed = { ...observe({ references: ['acne'], secrets: [secret('acme')] }), maker }
  const [found] = await examine(observed, defaultSettings, () => NOW)
  t.strictSame(found?.diagnosis.next, [
    'Did you mean "acme"? Write it in spec.jobTemplate.spec.template.spec.imagePullSecrets of its CronJob "nightly"',
  ])
})

const token = (expires: number) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return [part({ alg: 'none' }), part({ exp: expires / 1000 }), 'signature'].join('.')
}
const PAST = { [HOST]: { username: 'AWS', password: token(NOW - 86_400_000) } }

t.test('of two Secrets for an image one has expired: the other is what was turned down last', async t => {
  for (const references of [
    ['old', 'new'],
    ['new', 'old'],
  ]) {
    const { diagnosis } = await only({ references, secrets: [secret('old', PAST), secret('new')] })
    t.match(
      diagnosis.cause,
      /^The login in "old" has expired; the kubelet tries it all the same, and then the others\. Secret "new" has a login for this image, and the registry turned it down/,
    )
    t.match(diagnosis.next.join('\n'), 'get secret new ')
    t.strictSame(
      diagnosis.evidence.map(({ isGood }) => isGood),
      references.map(name => name === 'new'),
    )
    t.match(
      diagnosis.evidence,
      references[0] === 'old' ? [{ text: /"old" has a login for this image that has expired$/ }] : [],
    )
  }
})

t.test('of two Secrets one has expired, and the other was written since', async t => {
  const managedFields = [{ time: '2026-01-01T00:09:00Z', fieldsV1: { 'f:data': {} } }]
  const event = { message: `Failed to pull image "${IMAGE}": ${DENIED}`, lastTimestamp: '2026-01-01T00:08:00Z' }
  const secrets = [secret('old', PAST), secret('new', undefined, { managedFields })]
  const { diagnosis } = await only({ references: ['old', 'new'], secrets, events: [event] })
  t.match(diagnosis.cause, /^Secret "new" was written after the node had asked/)
})

/** A Pod with an image volume whose container says nothing of it. */
function withVolume(events: readonly unknown[], phase = 'Pending', reason = 'ContainerCreating') {
  const observed = observe({ references: ['acne'], secrets: [secret('acme')], events })
  const volumes = [
    { name: 'model', image: { reference: IMAGE } },
    { name: 'tmp', emptyDir: {} },
  ]
  const state = reason === '' ? {} : { waiting: { reason } }
  const pod = {
    ...Object(observed.pod),
    spec: { ...Object(observed.pod).spec, volumes, containers: [{ name: 'web', image: 'nginx' }] },
    status: { phase, containerStatuses: [{ name: 'web', image: 'nginx', state }] },
  }
  return { ...observed, pod }
}

const at = (minute: number) => ({ lastTimestamp: `2026-01-01T00:0${minute}:00Z` })
const failed = (minute: number) => ({ message: `Failed to pull image "${IMAGE}": ${DENIED}`, ...at(minute) })
const pulled = (minute: number) => ({ message: `Successfully pulled image "${IMAGE}" in 2s`, ...at(minute) })
const present = (minute: number) => ({
  message: `Container image "${IMAGE}" already present on machine`,
  ...at(minute),
})

t.test('an image volume of which only an event tells is told of', async t => {
  const [found, ...others] = await examine(withVolume([failed(1)]), defaultSettings, () => NOW)
  t.strictSame(others, [])
  t.match(found, {
    waiting: { container: 'model', isVolume: true, image: IMAGE, reason: 'ContainerCreating' },
    error: { kind: 'unauthorized' },
    diagnosis: { cause: /^Secret "acne" does not exist/ },
  })
  const [early] = await examine(withVolume([failed(1)], 'Pending', ''), defaultSettings, () => NOW)
  t.match(early, { waiting: { reason: 'Pending' } })
})

t.test('an image volume that was pulled since, or of a Pod that runs, waits for nothing', async t => {
  for (const observed of [
    withVolume([]),
    withVolume([failed(1), pulled(2)]),
    withVolume([pulled(3), failed(1), present(2)]),
    withVolume([failed(1)], 'Running'),
  ]) {
    t.strictSame(await examine(observed, defaultSettings, () => NOW), [])
  }
  const again = await examine(withVolume([pulled(1), present(1), failed(2)]), defaultSettings, () => NOW)
  t.equal(again.length, 1, 'it is gone again')
})

t.test('of a public registry the name is wrong, whatever the Pod lists', async t => {
  for (const message of ['manifest unknown', 'pull access denied: insufficient_scope']) {
    const { diagnosis } = await only({ image: 'nginx:lates', references: ['gone'], message })
    t.strictSame(diagnosis.next, ['Check the name and the tag.'])
    t.match(diagnosis.cause, /^docker\.io has no such image for everybody: its name or tag is wrong/)
  }
})

t.test('where the nodes log in themselves, theirs is the login that was turned down', async t => {
  const registries = { ...defaultSettings.registries, node: [HOST] }
  const { diagnosis } = await only({ message: '403 Forbidden' }, { ...defaultSettings, registries })
  t.match(diagnosis.cause, /^The nodes log in to registry\.example\.com themselves/)
  const odd = await only({ message: 'odd' }, { ...defaultSettings, registries })
  t.match(odd.diagnosis.cause, /^The node did not say/)
})

t.test('who has a login, and pulls too much, is told of that login', async t => {
  const { diagnosis } = await only({ message: 'toomanyrequests', references: ['acme'], secrets: [secret('acme')] })
  t.equal(diagnosis.cause, 'The registry has had too many pulls of the user in Secret "acme".')
})

t.test('the image of a volume is the one that is told of', async t => {
  const { waiting } = await only({
    message: 'Back-off pulling image "r.example.com/vol:1": ErrImagePull: 401 Unauthorized',
  })
  t.equal(waiting.image, 'r.example.com/vol:1')
})

t.test('a Pod on its way out waits for nothing', async t => {
  const { pod, ...rest } = observe({})
  const whole = pod as { readonly metadata: object; readonly status: object }
  const leaving = { ...whole, metadata: { ...whole.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }
  t.strictSame(await examine({ ...rest, pod: leaving }, defaultSettings, () => NOW), [])
  const evicted = { ...whole, status: { ...whole.status, phase: 'Failed' } }
  t.strictSame(await examine({ ...rest, pod: evicted }, defaultSettings, () => NOW), [])
})

t.test('a Secret is fresh where its contents were written a moment ago, and no label alone', async t => {
  const events = [{ message: `Failed to pull image "${IMAGE}": ${DENIED}`, lastTimestamp: '2026-01-01T00:02:00Z' }]
  const written = (time: string, ...fields: readonly string[]) =>
    secret('acme', undefined, {
      creationTimestamp: '2025-01-01T00:00:00Z',
      managedFields: [{ manager: 'kubectl', time, fieldsV1: Object.fromEntries(fields.map(field => [field, {}])) }],
    })
  const causeOf = async (one: object) => (await only({ references: ['acme'], events, secrets: [one] })).diagnosis.cause
  t.match(
    await causeOf(written('2026-01-01T00:08:00Z', 'f:data', 'f:metadata')),
    /was written after the node had asked/,
  )
  t.match(await causeOf(written('2026-01-01T00:08:00Z', 'f:metadata')), /the registry turned it down/)
  t.match(await causeOf(written('2026-01-01T00:03:00Z', 'f:data')), /the registry turned it down/, 'seven minutes ago')
})
