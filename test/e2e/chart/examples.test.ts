import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import t, { type Test } from 'tap'
import { Agent, request } from 'undici'
import { parse } from 'yaml'
import { poll } from '../../processes/poll.ts'
import { createAuthority } from '../../tls/pki.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, IMAGE, namespace, pod, pullSecret, REGISTRY } from '../control-plane/objects.ts'
import { defineCustomResources } from './definitions.ts'
import { CHART, RELEASE } from './helm.ts'
import { HERE, INSTALL, WEBHOOKS } from './release.ts'
import { withStand } from './stand.ts'

const { controlPlane, kubelet, helm, get, caBundles, isServed, lead, uninstall } = await withStand(t)
const { kubectl } = controlPlane
await defineCustomResources(kubectl)
const authority = await createAuthority('own')
const bundle = Buffer.from(authority.certificate).toString('base64')
/** Nobody here goes on calling a Pod that is on its way out. */
const AT_ONCE = ['--set-json=preStopSleepSeconds=0', '--set-json=shutdownDelaySeconds=0']
/** The name by which the API server calls it here. */
const NAMED = '--set-json=extraArgs=["--tls-server-name=localhost"]'
/** An image of a registry that an example lists under `node`, by the example's file. */
const CLOUD = {
  'aks.yaml': 'acme.azurecr.io/web:1',
  'eks.yaml': '1234.dkr.ecr.eu-central-1.amazonaws.com/web:1',
  'gke-private.yaml': 'europe-docker.pkg.dev/acme/web:1',
}
const NOT_THERE =
  'Secret "not-there" does not exist in namespace "team-a"; correct the name, or create it: kubectl create secret docker-registry not-there --namespace team-a --from-file=.dockerconfigjson=FILE'
const WARNS = new RegExp(`^Warning: Pod web: ${NOT_THERE}\n$`)

interface Example {
  /** What is said of a Pod with a missing reference, if not a warning. */
  readonly says?: RegExp
  /** Its image, if not one that a pull secret covers. */
  readonly image?: string
  /** Beside the example's own values. */
  readonly flags?: readonly string[]
  readonly before?: () => Promise<void>
  /** Between the install and the first review. */
  readonly meanwhile?: () => Promise<void>
  /** What the example promises beside that. */
  readonly promised?: (t: Test) => Promise<void>
  readonly after?: () => Promise<void>
  readonly port?: number
}

const cloud = (file: keyof typeof CLOUD) => async (t: Test) => {
  t.strictSame(await referencesOf(IMAGE), [{ name: 'acme' }])
  t.equal(await referencesOf(CLOUD[file]), undefined, 'the node has credentials of its own for it')
}

/** By file. A file without an entry is installed as it is. */
const EXAMPLES: Readonly<Record<string, Example>> = {
  'aks.yaml': {
    async promised(t) {
      await cloud('aks.yaml')(t)
      const { items } = await get(WEBHOOKS)
      for (const { metadata } of items) t.match(metadata.annotations, { 'admissions.enforcer/disabled': 'true' })
    },
  },
  'cert-manager.yaml': {
    before: () => createTls('regcred-cert'),
    // As cert-manager's injector does, where this annotation tells it to.
    async meanwhile() {
      const { items } = await get(WEBHOOKS)
      for (const { kind, metadata, webhooks } of items) {
        if (metadata.annotations['cert-manager.io/inject-ca-from'] !== `${RELEASE}/${RELEASE}`) throw new Error(kind)
        const patch = webhooks.map((_: unknown, i: number) => ({
          op: 'add',
          path: `/webhooks/${i}/clientConfig/caBundle`,
          value: bundle,
        }))
        outputOf(await kubectl(['patch', kind, RELEASE, '--type=json', `--patch=${JSON.stringify(patch)}`]))
      }
    },
    async promised(t) {
      const { spec } = await get('certificate', RELEASE, HERE)
      t.match(spec, { secretName: 'regcred-cert', dnsNames: [`${RELEASE}.${RELEASE}.svc`] })
    },
    after: () => removeTls('regcred-cert'),
  },
  'client-certificate.yaml': {
    async before() {
      const authority = join(controlPlane.folder, 'ca.crt')
      outputOf(await kubectl(['create', 'configmap', 'regcred-client-ca', `--from-file=ca.crt=${authority}`, HERE]))
    },
    async promised(t) {
      const tenant = parse(await readFile(await controlPlane.addUser('tenant'), 'utf8')).users[0].user
      const decode = (key: string) => Buffer.from(tenant[key], 'base64').toString()
      const client = { cert: decode('client-certificate-data'), key: decode('client-key-data') }
      t.match(await review(client), { status: 401, code: 'UNKNOWN_CLIENT', message: /none of the names/ })
      t.match(await review({}), { status: 401, code: 'UNKNOWN_CLIENT', message: /is required$/ })
    },
    async after() {
      outputOf(await kubectl(['delete', 'configmap', 'regcred-client-ca', HERE]))
    },
  },
  'secret-path.yaml': {
    async promised(t) {
      t.match(await review({}), { status: 404, code: 'WRONG_PATH' })
    },
  },
  'eks.yaml': {
    port: 10260,
    before: () => enforcePodSecurity('privileged'),
    async promised(t) {
      await cloud('eks.yaml')(t)
      const { items } = await get('pods', HERE)
      for (const { spec } of items)
        t.match(spec, { hostNetwork: true, containers: [{ ports: [{ hostPort: 10260 }, {}] }] })
    },
    after: () => enforcePodSecurity('restricted'),
  },
  'enforce.yaml': {
    image: 'ghcr.io/acme/web:1',
    says: new RegExp(`admission webhook "validate.regcred.dev" denied the request: Pod web: ${NOT_THERE}`),
    async promised(t) {
      t.equal((await get('deployment', RELEASE, HERE)).status.readyReplicas, 3)
    },
  },
  'gke-private.yaml': { promised: cloud('gke-private.yaml') },
  'monitoring.yaml': {
    async promised(t) {
      const { items } = await get('servicemonitors,prometheusrules', HERE)
      t.strictSame(
        items.map(({ metadata }: { metadata: { labels: { release: string } } }) => metadata.labels.release),
        ['kube-prometheus-stack', 'kube-prometheus-stack'],
      )
      t.match((await get('configmap', `${RELEASE}-dashboard`, HERE)).metadata.labels, { grafana_dashboard: '1' })
    },
  },
  'names-only.yaml': {
    async promised(t) {
      t.strictSame(
        await referencesOf(IMAGE),
        [{ name: 'regcred' }],
        'what is written down, and not what would cover it',
      )
    },
  },
  'own-certificate.yaml': {
    // The example's own authority has no key.
    flags: [`--set-json=tls.secret.caBundle=${JSON.stringify(authority.certificate)}`],
    before: () => createTls('regcred-own'),
    async promised(t) {
      t.strictSame(await caBundles(), [bundle])
    },
    after: () => removeTls('regcred-own'),
  },
  'single-replica.yaml': {
    async promised(t) {
      t.equal((await get('deployment', RELEASE, HERE)).status.readyReplicas, 1)
      t.strictSame((await get('poddisruptionbudgets', HERE)).items, [])
    },
  },
}

/** What a replica answers to who calls it at /validate without being an API server. */
async function review(client: { cert?: string; key?: string }) {
  const [bundle = ''] = await caBundles()
  const dispatcher = new Agent({
    connect: { ...client, ca: Buffer.from(bundle, 'base64').toString(), servername: 'localhost' },
  })
  const [address] = kubelet.endpoints()
  try {
    const { statusCode, body } = await request(`https://${address}:10250/validate`, { method: 'POST', dispatcher })
    return { status: statusCode, ...Object(await body.json()) }
  } finally {
    await dispatcher.close()
  }
}

/** The references that a Pod of this image gets, which has none of its own. */
async function referencesOf(image: string) {
  const input = JSON.stringify(pod('team-a', 'other', { images: [image] }))
  const made = await kubectl(['apply', '--dry-run=server', '--output=json', '-f', '-'], { input })
  return JSON.parse(outputOf(made)).spec.imagePullSecrets
}

async function createTls(name: string): Promise<void> {
  const { certificate, key } = await authority.issueServer(['localhost', `${RELEASE}.${RELEASE}.svc`])
  const metadata = { name, namespace: RELEASE }
  const stringData = { 'tls.crt': certificate, 'tls.key': key }
  outputOf(await apply(kubectl, { apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/tls', stringData }))
}

/** It has to be there still. */
async function removeTls(name: string): Promise<void> {
  outputOf(await kubectl(['delete', 'secret', name, HERE]))
}

async function enforcePodSecurity(level: string): Promise<void> {
  outputOf(await apply(kubectl, namespace(RELEASE, { labels: { 'pod-security.kubernetes.io/enforce': level } })))
}

t.before(async () => {
  const hosts = Object.values(CLOUD).map(image => image.slice(0, image.indexOf('/')))
  outputOf(await apply(kubectl, pullSecret('team-a', 'acme', REGISTRY, ...hosts)))
})

/** All but the Application for Argo CD, which holds no values: dry-run.test.ts has it. */
const files = globSync('examples/*.yaml', { cwd: CHART })
  .map(file => basename(file))
  .filter(file => file !== 'argo-cd.yaml')
  .sort()

for (const file of files) {
  t.test(`${file} gets ready, is called, keeps what it promises, and goes without a trace`, async t => {
    const { flags = [], port, image = IMAGE, says = WARNS, ...example } = EXAMPLES[file] ?? {}
    await example.before?.()
    const values = `--values=${join(CHART, 'examples', file)}`
    const isOwn = file === 'cert-manager.yaml' || file === 'own-certificate.yaml'
    outputOf(await helm('install', RELEASE, CHART, ...INSTALL, values, ...AT_ONCE, ...(isOwn ? [] : [NAMED]), ...flags))
    await isServed(t)
    await example.meanwhile?.()
    await lead(port)
    const seen = await poll('the API server calls regcred', async () => {
      const input = JSON.stringify(pod('team-a', 'web', { images: [image], references: ['not-there'] }))
      const { stderr } = await kubectl(['apply', '--dry-run=server', '-f', '-'], { input })
      return stderr === '' || stderr.includes('failed calling webhook') ? undefined : stderr
    })
    t.match(seen, says)
    await example.promised?.(t)
    await uninstall(t)
    await example.after?.()
    t.strictSame((await get('secret', HERE)).items, [])
  })
}

t.test('every example that is named here is there', async t => {
  t.strictSame(
    Object.keys(EXAMPLES).filter(file => !files.includes(file)),
    [],
  )
})
