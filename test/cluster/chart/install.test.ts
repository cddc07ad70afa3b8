import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { startControlPlane } from '../control-plane.ts'
import { outputOf } from '../kubectl.ts'
import { apply, deployment, IMAGE, namespace, pod, pullSecret } from '../objects.ts'
import { createAuthority } from '../pki.ts'
import { poll } from '../poll.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { CHART, createHelm, RELEASE } from './helm.ts'
import { assembleImage } from './image.ts'
import { Kubelet } from './kubelet.ts'

/** A chart whose templates are the first release as it was rendered. */
const FIRST = fileURLToPath(new URL('first-release/', import.meta.url))
const WEBHOOKS = 'mutatingwebhookconfiguration,validatingwebhookconfiguration'

const controlPlane = await startControlPlane()
const { kubectl } = controlPlane
const helm = createHelm(controlPlane.kubeconfig)
const steps = join(controlPlane.folder, 'image')
await mkdir(steps)
const image = await assembleImage(steps)
const kubelet = new Kubelet(controlPlane, image, RELEASE)
let balancer: Balancer | undefined
t.teardown(async () => {
  await kubelet.stop()
  await balancer?.close()
  await controlPlane.stop()
})

const here = `--namespace=${RELEASE}`
const get = async (...args: string[]) => JSON.parse(outputOf(await kubectl(['get', ...args, '--output=json'])))
const restricted = { 'pod-security.kubernetes.io/enforce': 'restricted' }
outputOf(await apply(kubectl, namespace(RELEASE, { labels: restricted }), namespace('team-a')))

/** The caBundles of all webhooks, each once. */
async function caBundles(): Promise<(string | undefined)[]> {
  const { items } = await get(WEBHOOKS)
  return [
    ...new Set<string | undefined>(
      items.flatMap((item: { webhooks: { clientConfig: { caBundle?: string } }[] }) =>
        item.webhooks.map(({ clientConfig }) => clientConfig.caBundle),
      ),
    ),
  ]
}

const install = ['--wait', '--timeout=120s', here]

/** What regcred itself has written so far. */
async function written() {
  return { data: (await get('secret', 'regcred-tls', here)).data, caBundles: await caBundles() }
}

async function isServed(t: Test): Promise<void> {
  const { spec, status } = await get('deployment', RELEASE, here)
  t.match(status, { replicas: spec.replicas, readyReplicas: spec.replicas, updatedReplicas: spec.replicas })
}

t.test(
  'the first release gets ready as it is, under restricted Pod Security, with a certificate of its own',
  async t => {
    kubelet.start()
    const installed = outputOf(await helm('install', RELEASE, FIRST, ...install))
    t.match(installed, /^STATUS: deployed$/m)
    await isServed(t)
    const { data, caBundles } = await written()
    t.match(Object.keys(data), ['ca.crt', 'tls.crt', 'tls.key'])
    t.equal(caBundles.length, 1)
    t.match(
      Buffer.from(caBundles[0] ?? '', 'base64').toString(),
      Buffer.from(data['ca.crt'], 'base64').toString().trim(),
    )
  },
)

const upgrades = [
  { name: "helm's own way", flags: [] },
  { name: 'the way of helm 3', flags: ['--server-side=false'] },
]

for (const { name, flags } of upgrades) {
  t.test(`an upgrade, ${name}, leaves what regcred wrote`, async t => {
    const before = await written()
    const timeout = 4 + upgrades.findIndex(upgrade => upgrade.name === name)
    const set = `--set-json=webhooks.timeoutSeconds=${timeout}`
    const upgraded = outputOf(await helm('upgrade', RELEASE, CHART, ...install, ...flags, set))
    t.match(upgraded, `kubectl delete ${WEBHOOKS} ${RELEASE}`, 'the emergency command')
    await isServed(t)
    t.strictSame(await written(), before)
    const { webhooks } = await get('validatingwebhookconfiguration', RELEASE)
    t.strictSame([...new Set(webhooks.map((webhook: { timeoutSeconds: number }) => webhook.timeoutSeconds))], [timeout])
  })
}

t.test('the API server calls it, once a Service stands in', async t => {
  // The name by which the API server will call it here, for which the replicas make another certificate between them.
  const named = '--set-json=extraArgs=["--tls-server-name=localhost"]'
  outputOf(await helm('upgrade', RELEASE, CHART, ...install, named, '--set=logLevel=debug'))
  balancer = await startBalancer(() => kubelet.endpoints(), 10250)
  const url = `https://localhost:${balancer.port}`
  for (const kind of WEBHOOKS.split(',')) {
    // regcred may write it at the same moment.
    await poll(`${kind} leads to the balancer`, async () => {
      const configuration = await get(kind, RELEASE)
      for (const { clientConfig } of configuration.webhooks) {
        clientConfig.url = `${url}${clientConfig.service.path}`
        delete clientConfig.service
      }
      const { code } = await kubectl(['replace', '-f', '-'], { input: JSON.stringify(configuration) })
      return code === 0 || undefined
    })
  }
  const references = ['not-there']
  const warning = 'pull secret "not-there" is not in namespace "team-a"; create it there or correct the reference'
  const seen = await poll('the API server calls regcred', async () => {
    const input = JSON.stringify(pod('team-a', 'web', { references }))
    const { stderr } = await kubectl(['apply', '--dry-run=server', '-f', '-'], { input })
    return stderr === '' ? undefined : stderr
  })
  t.equal(seen, `Warning: Pod web: ${warning}\n`)
  const made = await apply(kubectl, deployment('team-a', 'web', { references }))
  t.match(made.stderr, `Warning: Deployment web: ${warning}`)
  outputOf(await apply(kubectl, pullSecret('team-a', 'acme', 'registry.example.com')))
  outputOf(await apply(kubectl, pod('team-a', 'other', { images: [IMAGE] })))
  t.strictSame((await get('pod', 'other', '--namespace=team-a')).spec.imagePullSecrets, [{ name: 'acme' }])
})

t.test('helm test passes, and fails where regcred is passed by', async t => {
  outputOf(await helm('test', RELEASE, here, '--timeout=60s'))
  t.match(
    (await kubelet.logs(`${RELEASE}-test`)).at(-1),
    /^201 references: .*\nregcred is in front of this API server\n$/,
  )
  outputOf(await kubectl(['label', 'namespace', 'default', 'regcred.dev/inject=disabled']))
  const { code } = await helm('test', RELEASE, here, '--timeout=60s')
  t.not(code, 0)
  t.match((await kubelet.logs(`${RELEASE}-test`)).at(-1), /regcred had no part in this\n$/)
})

/** Deletes the release, and looks for anything of it. */
async function uninstall(t: Test): Promise<void> {
  outputOf(await helm('uninstall', RELEASE, ...install.filter(flag => !flag.startsWith('--timeout')), '--timeout=90s'))
  const said = (await kubelet.logs(`${RELEASE}-remove-webhooks`)).at(-1)
  t.match(said, /mutating\S+\/regcred: 200\nvalidating\S+\/regcred: 200\n/, 'the webhooks go first')
  const kinds = outputOf(await kubectl(['api-resources', '--verbs=list', '--output=name']))
    .trim()
    .split('\n')
  const listed = kinds.filter(kind => !/^(events|componentstatuses)/.test(kind)).join()
  const label = `--selector=app.kubernetes.io/instance=${RELEASE}`
  const left = () => kubectl(['get', listed, '--all-namespaces', label, '--output=name'])
  await poll('nothing is left', async () => (outputOf(await left()) === '' ? true : undefined))
  const ended = await kubelet.ended()
  t.ok(ended.length > 0)
  t.strictSame([...new Set(ended)], [0], 'every process has ended well')
}

t.test('when it is deleted, the webhooks go first, every process ends well, and nothing is left', async t => {
  outputOf(await kubectl(['delete', 'pod', `${RELEASE}-test`, here]))
  await uninstall(t)
  t.strictSame((await get('secret', here)).items, [])
})

t.test('with a certificate of your own it gets ready, and leaves it when it goes', async t => {
  const authority = await createAuthority('own')
  const credential = await authority.issueServer([`${RELEASE}.${RELEASE}.svc`])
  const files = { crt: join(controlPlane.folder, 'own.crt'), key: join(controlPlane.folder, 'own.key') }
  await writeFile(files.crt, credential.certificate)
  await writeFile(files.key, credential.key)
  outputOf(await kubectl(['create', 'secret', 'tls', 'regcred-own', here, `--cert=${files.crt}`, `--key=${files.key}`]))
  const values = join(controlPlane.folder, 'values.yaml')
  const tls = { mode: 'secret', secret: { name: 'regcred-own', caBundle: authority.certificate } }
  await writeFile(values, JSON.stringify({ tls }))
  outputOf(await helm('install', RELEASE, CHART, ...install, `--values=${values}`))
  await isServed(t)
  t.strictSame(await caBundles(), [Buffer.from(authority.certificate).toString('base64')])
  await uninstall(t)
  const { items } = await get('secret', here)
  t.strictSame(
    items.map(({ metadata }: { metadata: { name: string } }) => metadata.name),
    ['regcred-own'],
  )
})
