import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parse } from 'yaml'
import { created, listOfPod, recreated } from '../control-plane/advised.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { fileOf, namespace } from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'
import { ACCOUNT } from '../regcred/account.ts'
import { storedReferences } from '../regcred/observe.ts'

// "Pull an Image from a Private Registry", as far as it goes without nodes: whether the Pod runs, what the kubelet pulls and
// the events that it writes (FailedToRetrieveImagePullSecret, ImagePullBackOff) need a node, and there is none.
const { controlPlane } = await withCluster(t)
const { kubectl } = controlPlane

const POD = fileURLToPath(new URL('../../../examples/private-reg-pod.yaml', import.meta.url))
const AUTH = Buffer.from('janedoe:xxxxxxxxxxx').toString('base64')
const LOGIN = [
  '--docker-server=your.private.registry.example.com',
  '--docker-username=janedoe',
  '--docker-password=xxxxxxxxxxx',
  '--docker-email=jdoe@example.com',
]

/** The Pod of the walkthrough, with another reference. */
function podWith(reference: string): string {
  const pod = parse(readFileSync(POD, 'utf8'))
  return fileOf({ ...pod, spec: { ...pod.spec, imagePullSecrets: [{ name: reference }] } })
}

/** Makes a namespace, so that no case sees what another has left. */
async function enter(name: string): Promise<string> {
  outputOf(await kubectl(['create', '-f', '-'], { input: fileOf(namespace(name)) }))
  return `--namespace=${name}`
}

t.test('a Secret from a config.json, and the Pod that uses it', async t => {
  const here = await enter('from-file')
  const config = JSON.stringify({ auths: { 'your.private.registry.example.com': { auth: AUTH } } }, null, 4)
  const file = `${t.testdir({ 'config.json': config })}/config.json`
  const type = '--type=kubernetes.io/dockerconfigjson'
  const made = await kubectl([
    'create',
    'secret',
    'generic',
    'regcred',
    `--from-file=.dockerconfigjson=${file}`,
    type,
    here,
  ])
  t.same(made, { code: 0, stdout: 'secret/regcred created\n', stderr: '' })
  t.same(await kubectl(['apply', '-f', POD, here]), { code: 0, stdout: 'pod/private-reg created\n', stderr: '' })
  t.same(await storedReferences(kubectl, 'from-file', 'private-reg'), ['regcred'])
})

t.test('a Secret from the command line, and its inspection', async t => {
  const here = await enter('from-flags')
  const made = await kubectl(['create', 'secret', 'docker-registry', 'regcred', ...LOGIN, here])
  t.same(made, { code: 0, stdout: 'secret/regcred created\n', stderr: '' })

  const yaml = parse(outputOf(await kubectl(['get', 'secret', 'regcred', '--output=yaml', here])))
  t.match(yaml, { kind: 'Secret', metadata: { name: 'regcred' }, type: 'kubernetes.io/dockerconfigjson' })
  const path = '--output=jsonpath={.data.\\.dockerconfigjson}'
  const encoded = outputOf(await kubectl(['get', 'secret', 'regcred', path, here]))
  t.equal(encoded, yaml.data['.dockerconfigjson'])
  const { auths } = JSON.parse(Buffer.from(encoded, 'base64').toString())
  const { auth, ...entry } = auths['your.private.registry.example.com']
  t.same(entry, { username: 'janedoe', password: 'xxxxxxxxxxx', email: 'jdoe@example.com' })
  t.equal(Buffer.from(auth, 'base64').toString(), 'janedoe:xxxxxxxxxxx')
})

t.test('the Pod is admitted without a warning, and unchanged', async t => {
  const here = await enter('unchanged')
  outputOf(await kubectl(['create', 'secret', 'docker-registry', 'regcred', ...LOGIN, here]))
  t.same(await kubectl(['apply', '-f', POD, here]), { code: 0, stdout: 'pod/private-reg created\n', stderr: '' })
  t.match(outputOf(await kubectl(['get', 'pod', 'private-reg', here])), /^private-reg +0\/1 +Pending /m)
  const stored = JSON.parse(outputOf(await kubectl(['get', 'pod', 'private-reg', '--output=json', here])))
  const { spec } = parse(readFileSync(POD, 'utf8'))
  t.match(stored.spec.containers, spec.containers)
  t.same(stored.spec.imagePullSecrets, spec.imagePullSecrets)
})

const secretWith = (data: string) =>
  fileOf({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'myregistrykey' },
    data: { '.dockerconfigjson': data },
    type: 'kubernetes.io/dockerconfigjson',
  })

const refusedSecrets = [
  {
    name: 'data that is no base64',
    data: 'UmVhbGx5#',
    error:
      'Error from server (BadRequest): error when creating "STDIN": ' +
      'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 8\n',
  },
  {
    name: 'data that is no config.json',
    data: Buffer.from('Really no JSON').toString('base64'),
    error:
      'The Secret "myregistrykey" is invalid: data[.dockerconfigjson]: ' +
      `Invalid value: "<secret contents redacted>": invalid character 'R' looking for beginning of value\n`,
  },
]

for (const { name, data, error } of refusedSecrets) {
  t.test(`the API server itself refuses a Secret with ${name}`, async t => {
    t.same(await kubectl(['create', '-f', '-'], { input: secretWith(data) }), { code: 1, stdout: '', stderr: error })
  })
}

const fromFile = `--from-literal=.dockerconfigjson={"auths":{"your.private.registry.example.com":{"auth":"${AUTH}"}}}`

/** What a person has done before the Pod, what is said of the Pod, and what it references in the end. */
const mistakes: { name: string; before: string[][]; reference: string; warning: string; stored: string[] }[] = [
  {
    name: 'missing',
    before: [],
    reference: 'regcred',
    warning: `Secret "regcred" does not exist in namespace "missing"; ${created('regcred', 'missing')}`,
    stored: ['regcred'],
  },
  {
    name: 'misspelt',
    before: [['docker-registry', 'regcred', ...LOGIN, '--namespace=misspelt']],
    reference: 'regcerd',
    warning: `Secret "regcerd" does not exist in namespace "misspelt"; did you mean "regcred"? Write it in ${listOfPod('misspelt')}`,
    stored: ['regcerd', 'regcred'],
  },
  {
    name: 'in-another-namespace',
    before: [['docker-registry', 'regcred', ...LOGIN, '--namespace=default']],
    reference: 'regcred',
    warning: `Secret "regcred" does not exist in namespace "in-another-namespace"; ${created('regcred', 'in-another-namespace')}`,
    stored: ['regcred'],
  },
  {
    name: 'of-the-wrong-type',
    before: [['generic', 'regcred', fromFile, '--namespace=of-the-wrong-type']],
    reference: 'regcred',
    warning: `Secret "regcred" has type Opaque, so Kubernetes does not use it; ${recreated('regcred', 'of-the-wrong-type')}`,
    stored: ['regcred'],
  },
]

for (const { name, before, reference, warning, stored } of mistakes) {
  t.test(`a Secret that is ${name.replaceAll('-', ' ')} earns one warning`, async t => {
    const here = await enter(name)
    for (const secret of before) outputOf(await kubectl(['create', 'secret', ...secret]))
    const stderr = `Warning: Pod private-reg: ${warning}\n`
    const applied = await kubectl(['apply', '-f', '-', here], { input: podWith(reference) })
    t.same(applied, { code: 0, stdout: 'pod/private-reg created\n', stderr })
    t.same(await storedReferences(kubectl, name, 'private-reg'), stored, 'what covers the image is added')
  })
}

t.test("regcred did all of it as the chart's ServiceAccount, which may do that and was refused nothing", async t => {
  const events = await controlPlane.auditEvents({ username: ACCOUNT })
  const asked = new Set(events.flatMap(({ objectRef }) => objectRef?.resource ?? []))
  t.strictSame([...asked].sort(), ['namespaces', 'secrets', 'serviceaccounts'])
  t.strictSame(
    events.filter(({ responseStatus }) => responseStatus?.code === 403),
    [],
  )
})
