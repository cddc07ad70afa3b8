import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import { outputOf } from '../control-plane/kubectl.ts'
import type { Manifest } from '../control-plane/objects.ts'
import { CHART, createHelm, findObject, IN_CLUSTER, objectsOf, RELEASE, templateArgs, valueArgs } from './helm.ts'

const helm = createHelm()
const examples = globSync('examples/*.yaml', { cwd: CHART })
  .map(file => join(CHART, file))
  .filter(file => basename(file) !== 'argo-cd.yaml')
  .sort()
const EVERYTHING = ['networkPolicy.enabled=true', 'metrics.dashboard.enabled=true']
const RENDERED = fileURLToPath(new URL('rendered.yaml', import.meta.url))
const MANIFEST = new URL('../regcred/webhooks.yaml', import.meta.url)

const render = async (values: readonly string[] = [], sets: readonly string[] = []) =>
  outputOf(await helm(...templateArgs(values, sets)))

for (const values of [[], ...examples.map(file => [file])]) {
  const name = values[0] === undefined ? 'the defaults' : basename(values[0])
  t.test(`${name}: helm finds no fault, and renders the same bytes twice`, async t => {
    const { code, stdout } = await helm('lint', CHART, '--strict', ...valueArgs(values))
    t.equal(code, 0, stdout)
    t.equal(await render(values), await render(values))
  })
}

t.test('the render of the defaults is the one that was looked at', async t => {
  const rendered = await render()
  if (process.env['UPDATE']) writeFileSync(RENDERED, rendered)
  t.equal(rendered, readFileSync(RENDERED, 'utf8'), 'UPDATE=1 writes it; read the difference')
})

t.test('where nobody asks for injection, nobody misses it', async t => {
  const rendered = await render([], ['webhooks.mutate.enabled=false', 'config.inject.secrets=["acme"]'])
  const { data } = findObject(objectsOf(rendered), 'ConfigMap', RELEASE) as Manifest & { data: Record<string, string> }
  t.match(parse(data['config.yaml'] ?? ''), { inject: { enabled: false, secrets: ['acme'] } })
})

/** What is asked for, and what helm says of it. */
const refused: { name: string; sets: string[]; said: RegExp }[] = [
  { name: 'a value that is not there', sets: ['replicas=2'], said: /additional properties 'replicas' not allowed/ },
  { name: 'a value in the wrong place', sets: ['webhooks.mutate.rules=[]'], said: /'rules' not allowed/ },
  { name: 'no configuration at all', sets: ['config=null'], said: /missing property 'config'/ },
  { name: 'no replica', sets: ['replicaCount=0'], said: /replicaCount.*minimum/ },
  { name: 'a number as text', sets: ['replicaCount="2"'], said: /replicaCount.*got string, want integer/ },
  { name: 'a mode that is not there', sets: ['config.mode="strict"'], said: /config\/mode.*one of 'off', 'audit'/ },
  { name: 'an unknown setting', sets: ['config.enforced=true'], said: /'enforced' not allowed/ },
  { name: 'apiVersion in the configuration', sets: ['config.apiVersion="v1"'], said: /'apiVersion' not allowed/ },
  {
    name: 'a rule without secrets',
    sets: ['config.inject.rules=[{"images":["a"]}]'],
    said: /missing property 'secrets'/,
  },
  { name: 'a failure policy that is not there', sets: ['webhooks.failurePolicy="Retry"'], said: /failurePolicy/ },
  { name: 'a time-out that the API server refuses', sets: ['webhooks.timeoutSeconds=31'], said: /timeoutSeconds/ },
  {
    name: 'a condition without expression',
    sets: ['webhooks.validate.matchConditions=[{"name":"a"}]'],
    said: /expression/,
  },
  { name: 'a selector that is none', sets: ['webhooks.namespaceSelector={"team":"a"}'], said: /'team' not allowed/ },
  { name: 'a port that is none', sets: ['securePort=70000'], said: /securePort.*maximum/ },
  { name: 'a digest that is none', sets: ['image.digest="latest"'], said: /digest.*does not match pattern/ },
  { name: 'a certificate mode that is not there', sets: ['tls.mode="auto"'], said: /tls\/mode.*one of 'selfManaged'/ },
  { name: 'an own certificate without its Secret', sets: ['tls.mode="secret"'], said: /tls\/secret/ },
  {
    name: 'a caBundle that is no PEM',
    sets: ['tls.mode="secret"', 'tls.secret={"name":"a","caBundle":"LS0t"}'],
    said: /caBundle.*does not match pattern/,
  },
  {
    name: 'a path that can be guessed',
    sets: ['webhooks.path="secret"'],
    said: /webhooks\/path.*does not match pattern/,
  },
  { name: 'a path with a slash', sets: [`webhooks.path="${'a/'.repeat(20)}"`], said: /webhooks\/path.*match pattern/ },
  { name: 'an old version of TLS', sets: ['tls.minVersion="VersionTLS11"'], said: /minVersion.*one of 'VersionTLS12'/ },
  {
    name: 'a weak cipher suite',
    sets: ['tls.cipherSuites=["TLS_RSA_WITH_AES_128_CBC_SHA"]'],
    said: /cipherSuites\/0.*one of/,
  },
  {
    name: "clients' names without a CA",
    sets: ['tls.clientCA.commonNames=["kube-apiserver"]'],
    said: /need tls.clientCA.configMapName/,
  },
  { name: 'a full name that no Service may have', sets: ['fullnameOverride="a.b"'], said: /fullnameOverride.*pattern/ },
  { name: 'a name in capitals', sets: ['nameOverride="Pulls"'], said: /nameOverride.*does not match pattern/ },
  { name: 'a name that is too long', sets: [`nameOverride="${'a'.repeat(58)}"`], said: /nameOverride.*maxLength/ },
  { name: 'an argument that is no flag', sets: ['extraArgs=["now"]'], said: /extraArgs/ },
  { name: 'an annotation that is no text', sets: ['podAnnotations={"a":1}'], said: /podAnnotations\/a.*want string/ },
  { name: 'an interval that is none', sets: ['metrics.serviceMonitor.interval="often"'], said: /interval/ },
  { name: 'a ratio above one', sets: ['metrics.prometheusRule.errorRatio=5'], said: /errorRatio.*maximum/ },
  { name: "the kubelet's port in the host's network", sets: ['hostNetwork=true'], said: /hostNetwork needs another/ },
  {
    name: 'one port for both',
    sets: ['metricsPort=10250'],
    said: /securePort, metricsPort and healthPort have to differ/,
  },
  { name: 'one port for metrics and health', sets: ['healthPort=8080'], said: /have to differ/ },
  {
    name: 'two monitors',
    sets: ['metrics.serviceMonitor.enabled=true', 'metrics.podMonitor.enabled=true'],
    said: /count everything twice/,
  },
]

for (const { name, sets, said } of refused) {
  t.test(`${name} is refused`, async t => {
    const { code, stderr } = await helm(...templateArgs([], sets))
    t.not(code, 0)
    t.match(stderr, said)
  })
}

t.test('kube-system is no place for it', async t => {
  const { code, stderr } = await helm('template', RELEASE, CHART, '--namespace=kube-system')
  t.not(code, 0)
  t.match(stderr, /regcred leaves kube-system alone/)
})

t.test('an older cluster is refused', async t => {
  const { stderr } = await helm(...templateArgs(), '--kube-version=1.29.9')
  t.match(stderr, /chart requires kubeVersion: >=1.30.0-0/)
})

t.test('what kubectl applies of a render is the release, and nothing that helm would run or delete', async t => {
  const objects = objectsOf(await render([], EVERYTHING))
  t.notMatch(JSON.stringify(objects), /helm\.sh\/hook/)
  t.strictSame(
    objects.filter(({ kind }) => ['Job', 'Pod'].includes(kind)),
    [],
  )
})

t.test('only helm test needs hooks, and only where helm knows a cluster are they there', async t => {
  const hooks = objectsOf(outputOf(await helm(...templateArgs(), IN_CLUSTER))).flatMap(
    ({ metadata }) => Object(metadata['annotations'])['helm.sh/hook'] ?? [],
  )
  t.strictSame(hooks, ['test', 'test', 'test', 'test'])
})

const untested = ['webhooks.mutate.enabled=false', 'config.mode="audit"', 'config.mode="off"', 'config.mode=false']
  .concat('config.inject.enabled=false', 'config.inject.whenMissing="skip"')
  .map(set => [set])
const tested = [['config.mode="enforce"'], ['config.mode="audit"', 'config.inject.enabled=true']]
for (const [i, sets] of [...untested, ...tested].entries()) {
  const expected = i >= untested.length
  t.test(`with ${sets.join(' and ')} there is ${expected ? 'a' : 'no'} Pod that could be injected to test`, async t => {
    const kinds = objectsOf(outputOf(await helm(...templateArgs([], sets), IN_CLUSTER))).map(({ kind }) => kind)
    t.equal(kinds.includes('Pod'), expected)
  })
}

t.test('a release by another name finds its own objects, and another of it beside it does not', async t => {
  const { stdout } = await helm('template', 'a', CHART, '--namespace=b')
  const { spec } = findObject(objectsOf(stdout), 'Service') as unknown as { spec: { selector: object } }
  const { spec: own } = findObject(objectsOf(stdout), 'Deployment') as unknown as Deployment
  t.match(own.template.metadata.labels, spec.selector)
  t.match(spec.selector, { 'app.kubernetes.io/instance': 'a' })
  t.ok(own.template.spec.containers[0]?.args.includes('--tls-server-name=a-regcred.b.svc'))
})

t.test('a release and a namespace may have names that YAML takes for something else', async t => {
  for (const name of ['1', '1e3', 'true', 'null']) {
    const { stdout } = await helm('template', name, CHART, `--namespace=${name}`, IN_CLUSTER)
    for (const { kind, metadata } of objectsOf(stdout)) {
      t.match(metadata, { labels: { 'app.kubernetes.io/instance': name } }, `${kind} of release ${name}`)
      if (metadata['namespace'] !== 'default') t.match(metadata, { namespace: metadata['namespace'] && name })
    }
  }
})

/** What is looked at of a Deployment. */
interface Deployment {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> }
      readonly spec: {
        readonly containers: readonly {
          readonly args: readonly string[]
          readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
        }[]
      }
    }
  }
}

interface Webhook {
  readonly name: string
  readonly clientConfig: { readonly service: { name: string; namespace: string; port: number; path: string } }
  readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[]
  readonly [field: string]: unknown
}

const webhooksOf = (objects: readonly Manifest[]) =>
  objects
    .filter(({ kind }) => kind.endsWith('WebhookConfiguration'))
    .flatMap(({ webhooks }) => webhooks as readonly Webhook[])

t.test('the webhooks lead to the Service, and it to the container', async t => {
  const objects = objectsOf(await render())
  const service = findObject(objects, 'Service') as unknown as {
    metadata: { name: string; namespace: string }
    spec: { selector: object; ports: { name: string; port: number; targetPort: string }[] }
  }
  const { spec } = findObject(objects, 'Deployment') as unknown as Deployment
  const [container] = spec.template.spec.containers
  const { name, namespace } = service.metadata
  for (const { clientConfig, ...webhook } of webhooksOf(objects)) {
    const path = webhook.name.startsWith('mutate.') ? '/mutate' : '/validate'
    t.strictSame(clientConfig, { service: { name, namespace, path, port: 443 } }, webhook.name)
  }
  t.match(spec.template.metadata.labels, service.spec.selector)
  const port = service.spec.ports.find(({ port }) => port === 443)
  t.equal(container?.ports.find(({ name }) => name === port?.targetPort)?.containerPort, 10250)
  t.ok(container?.args.includes('--secure-port=10250'))
  t.ok(container?.args.includes(`--tls-server-name=${name}.${namespace}.svc`))
})

/** What is set, and which webhooks then refuse what they are not asked about. */
const policies: { name: string; sets: string[]; fail: string[] }[] = [
  { name: 'the defaults', sets: [], fail: [] },
  { name: 'Fail', sets: ['failurePolicy="Fail"'], fail: ['mutate', 'validate', 'templates'] },
  {
    name: 'Fail but for one',
    sets: ['failurePolicy="Fail"', 'templates.failurePolicy="Ignore"'],
    fail: ['mutate', 'validate'],
  },
  { name: 'Fail for one', sets: ['mutate.failurePolicy="Fail"'], fail: ['mutate'] },
  { name: 'Fail for one that never refuses', sets: ['secrets.failurePolicy="Fail"'], fail: ['secrets'] },
  {
    name: 'Fail, and values of a release before it',
    sets: ['failurePolicy="Fail"', 'secrets.failurePolicy=""', 'namespaces.failurePolicy=""'],
    fail: ['mutate', 'validate', 'templates'],
  },
]

for (const { name, sets, fail } of policies) {
  t.test(`${name}: ${fail.join() || 'nothing'} fails closed`, async t => {
    const webhooks = webhooksOf(
      objectsOf(
        await render(
          [],
          sets.map(set => `webhooks.${set}`),
        ),
      ),
    )
    t.strictSame(
      webhooks
        .filter(({ failurePolicy }) => failurePolicy === 'Fail')
        .map(({ name }) => name.replace('.regcred.dev', '')),
      fail,
    )
  })
}

t.test('a secret path is in the webhooks, and for the server in a file of a Secret', async t => {
  const [path, old] = ['3f9c'.repeat(16), 'a1b2'.repeat(16)]
  const objects = objectsOf(await render([], [`webhooks.path="${path}"`, `webhooks.acceptedPaths=["${old}", "/"]`]))
  for (const { name, clientConfig } of webhooksOf(objects)) {
    t.equal(clientConfig.service.path, `/${path}/${name.startsWith('mutate.') ? 'mutate' : 'validate'}`)
  }
  const { data } = findObject(objects, 'Secret', 'regcred-path') as Manifest & { data: Record<string, string> }
  t.strictSame(data, { prefixes: Buffer.from(`/${path}\n/${old}\n/\n`).toString('base64') })
  const others = objects.filter(({ kind }) => kind !== 'Secret' && !kind.endsWith('WebhookConfiguration'))
  t.notMatch(JSON.stringify(others), /3f9c3f9c|a1b2a1b2/)
  const { spec } = findObject(objects, 'Deployment') as unknown as Deployment
  t.ok(spec.template.spec.containers[0]?.args.includes('--path-prefix-file=/etc/regcred-path/prefixes'))
  const first = findObject(
    objectsOf(await render([], [`webhooks.acceptedPaths=["${path}"]`])),
    'Secret',
    'regcred-path',
  )
  t.match(first, { data: { prefixes: Buffer.from(`/\n/${path}\n`).toString('base64') } }, 'before it is the path')
  t.notOk(objectsOf(await render()).some(({ metadata }) => metadata['name'] === 'regcred-path'))
})

t.test('a release by another name shares no name with the first', async t => {
  const { stdout } = await helm('template', 'second', CHART, '--namespace=second', ...valueArgs([], EVERYTHING))
  const namesOf = (objects: readonly Manifest[]) => objects.map(({ kind, metadata }) => `${kind}/${metadata['name']}`)
  const [first, second] = [namesOf(objectsOf(await render([], EVERYTHING))), namesOf(objectsOf(stdout))]
  t.equal(first.length, second.length)
  t.strictSame(
    first.filter(name => second.includes(name)),
    [],
  )
  t.strictSame(
    webhooksOf(objectsOf(stdout)).map(({ name }) => name),
    ['mutate', 'validate', 'templates', 'secrets', 'namespaces'].map(name => `${name}.second-regcred.regcred.dev`),
  )
})

t.test('a cluster that has no such policies gets none', async t => {
  const kinds = async (...flags: string[]) =>
    objectsOf(outputOf(await helm(...templateArgs(), ...flags))).map(({ kind }) => kind)
  const of = (kind: string) => `--api-versions=admissionregistration.k8s.io/v1/${kind}`
  const configuration = of('ValidatingWebhookConfiguration')
  const policy = 'ValidatingAdmissionPolicy'
  t.ok((await kinds()).includes(policy), 'helm alone')
  t.ok((await kinds(configuration, of(policy))).includes(policy))
  t.notOk((await kinds(configuration)).includes(policy))
})

t.test('the webhooks are those that the tests register, but for who they are and how they fail', async t => {
  const ours = webhooksOf([...parseAllDocuments(readFileSync(MANIFEST, 'utf8'))].map(document => document.toJS()))
  const charts = webhooksOf(objectsOf(await render()))
  // The chart spares mirror Pods the way. The tests do not, since the product has to leave them alone by itself. And what keeps a
  // release running is a matter of releases.
  const isTested = ({ name }: { name: string }) => !['not-a-mirror-pod', 'not-of-a-regcred-release'].includes(name)
  const compared = ({ clientConfig, failurePolicy, timeoutSeconds, namespaceSelector, ...webhook }: Webhook) => ({
    matchPolicy: 'Equivalent',
    ...webhook,
    matchConditions: (webhook.matchConditions ?? []).filter(isTested),
  })
  t.strictSame(charts.map(compared), ours.map(compared))
  t.strictSame(
    charts.filter(({ matchConditions = [] }) => !matchConditions.every(isTested)).map(({ name }) => name),
    ['mutate.regcred.dev', 'validate.regcred.dev', 'templates.regcred.dev'],
  )
})

t.test('what brings a cluster up, and regcred itself, never wait for regcred', async t => {
  for (const { name, namespaceSelector } of webhooksOf(objectsOf(await render()))) {
    const { matchExpressions } = namespaceSelector as { matchExpressions: unknown[] }
    const values = ['kube-system', RELEASE, 'kube-node-lease']
    t.strictSame(matchExpressions, [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values }], name)
  }
})

t.test('neither the Secret nor the caBundles are the chart’s, so that no upgrade takes them away', async t => {
  const objects = objectsOf(await render())
  t.strictSame(Object.keys(findObject(objects, 'Secret')).sort(), ['apiVersion', 'kind', 'metadata', 'type'])
  for (const { name, clientConfig } of webhooksOf(objects)) t.strictSame(Object.keys(clientConfig), ['service'], name)
})

t.test('no role has a wildcard, and what is written is named', async t => {
  interface Rule {
    readonly verbs: readonly string[]
    readonly resources: readonly string[]
    readonly resourceNames?: readonly string[]
  }
  const rules = objectsOf(outputOf(await helm(...templateArgs(), IN_CLUSTER))).flatMap(({ rules, metadata }) =>
    ((rules ?? []) as Rule[]).map(rule => ({ ...rule, role: metadata['name'] })),
  )
  t.notMatch(JSON.stringify(rules), /\*/)
  const unnamed = rules.filter(({ resourceNames }) => resourceNames === undefined)
  t.strictSame(
    unnamed.map(({ role, verbs }) => ({ role, verbs })),
    [
      { role: 'regcred', verbs: ['get', 'list', 'watch'] },
      // Of no resource: a mark.
      { role: 'regcred', verbs: ['serve'] },
      // Of Pods, in a dry run of helm test.
      { role: 'regcred-test', verbs: ['create'] },
    ],
  )
})

t.test('a budget for disruptions only where a replica may go', async t => {
  const kinds = async (...sets: string[]) => objectsOf(await render([], sets)).map(({ kind }) => kind)
  t.ok((await kinds()).includes('PodDisruptionBudget'))
  t.notOk((await kinds('replicaCount=1')).includes('PodDisruptionBudget'))
})

t.test('everything that can be switched off is then not there', async t => {
  const sets = ['mutate', 'validate', 'templates', 'secrets', 'namespaces'].map(
    name => `webhooks.${name}.enabled=false`,
  )
  const others = ['rbac.create', 'serviceAccount.create', 'admissionPolicy.enabled']
  const off = [...sets, ...others.map(name => `${name}=false`)]
  const objects = objectsOf(await render([], off))
  t.strictSame(webhooksOf(objects), [])
  t.strictSame(
    objects.map(({ kind }) => kind),
    [
      'PodDisruptionBudget',
      'Secret',
      'ConfigMap',
      'Service',
      'Deployment',
      'MutatingWebhookConfiguration',
      'ValidatingWebhookConfiguration',
    ],
  )
  t.ok(objectsOf(await render([], EVERYTHING)).some(({ kind }) => kind === 'NetworkPolicy'))
})
