import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { type Issued, issueCertificate } from '../../../src/tls/issue.ts'
import { poll } from '../../processes/poll.ts'
import { findObject } from '../chart/helm.ts'
import { type Component, startComponent } from '../control-plane/component.ts'
import { base64 } from '../control-plane/kubeconfig.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply } from '../control-plane/objects.ts'
import { createPortFinder } from '../control-plane/ports.ts'
import { startLoad } from '../faults/load.ts'
import { withControlPlane } from '../fixture.ts'
import { addAccount, readRelease } from './account.ts'
import { countOf } from './observe.ts'

/** How often certificate and authority are rotated; the long form is REGCRED_ROTATIONS=20. */
const ROTATIONS = Number(process.env['REGCRED_ROTATIONS'] ?? 3)
/** Pods a second meanwhile. */
const RATE = 30
/** Seconds that a self-managed certificate lives: two thirds of it pass between two rotations. */
const LIFETIME = 24
const ROOT = join(import.meta.dirname, '../../..')
const TOO_LONG = { timeout: ROTATIONS * LIFETIME * 1000 + 60_000, interval: 200 }

t.setTimeout(TOO_LONG.timeout * 3)
const controlPlane = await withControlPlane(t)
const { kubectl, folder } = controlPlane
const kubeconfig = await addAccount(controlPlane)
const findPort = createPortFinder()
outputOf(await apply(kubectl, findObject(await readRelease(), 'Secret', 'regcred-tls')))

interface Replica {
  readonly url: string
  readonly metricsUrl: string
  /** How many certificates it has taken since it serves. */
  taken(): Promise<number>
  readonly component: Component
}

/** Starts regcred, and does not wait for it. */
async function begin(name: string, flags: readonly string[]): Promise<Replica> {
  const [port, metricsPort] = [await findPort(), await findPort()]
  const common = ['--bind-address=127.0.0.1', `--secure-port=${port}`, `--metrics-port=${metricsPort}`]
  const args = [join(ROOT, 'src/cli.ts'), 'serve', ...common, `--kubeconfig=${kubeconfig}`, ...flags]
  const component = startComponent(process.execPath, args, join(folder, `${name}.log`), { name, cwd: ROOT })
  return {
    url: `https://127.0.0.1:${port}`,
    metricsUrl: `http://127.0.0.1:${metricsPort}`,
    component,
    async taken() {
      return (await readFile(component.log, 'utf8')).split('"certificate accepted"').length - 1
    },
  }
}

/** A webhook configuration whose one webhook fails closed for each Pod. */
function configuration(kind: string, name: string, url: string, authorities: readonly Issued[] = []) {
  const caBundle = authorities.length === 0 ? {} : { caBundle: base64(authorities.map(({ ca }) => ca).join('\n')) }
  const webhook = {
    name: `${kind === 'MutatingWebhookConfiguration' ? 'mutate' : 'validate'}.regcred.dev`,
    clientConfig: { url, ...caBundle },
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy: 'Fail',
    rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
  }
  return { apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name }, webhooks: [webhook] }
}

async function register(...items: readonly object[]): Promise<void> {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  outputOf(await kubectl(['create', '-f', '-'], { input }))
}

/** Waits until a Pod can be created, and all of these replicas have been asked about one. */
async function waitUntilAsked(replicas: readonly Replica[]): Promise<void> {
  await poll('Pods are reviewed', async () => {
    for (const { component } of replicas)
      if (component.hasExited()) throw new Error(await readFile(component.log, 'utf8'))
    if ((await kubectl(['run', 'x', '--image=nginx', '--dry-run=server'])).code !== 0) return undefined
    const counts = await Promise.all(replicas.map(replica => countOf(replica, 'regcred_reviews_total')))
    return counts.every(count => count > 0) ? true : undefined
  })
}

async function bundleOf(resource: string): Promise<string> {
  const path = '--output=jsonpath={.webhooks[0].clientConfig.caBundle}'
  return atob(outputOf(await kubectl(['get', resource, 'regcred', path])))
}

const RESOURCES = ['mutatingwebhookconfiguration', 'validatingwebhookconfiguration']

t.test('two replicas make and renew a certificate by themselves, and no Pod notices', async t => {
  const flags = [
    ...['--tls-self-managed-secret=regcred-tls', '--tls-self-managed-namespace=regcred'],
    ...['--tls-server-name=127.0.0.1', '--webhook-configuration=regcred', `--tls-self-managed-lifetime=${LIFETIME}s`],
  ]
  const replicas = [await begin('first', flags), await begin('second', flags)] as const
  t.teardown(() => Promise.all(replicas.map(({ component }) => component.stop(5000))))
  await register(
    configuration('MutatingWebhookConfiguration', 'regcred', `${replicas[0].url}/mutate`),
    configuration('ValidatingWebhookConfiguration', 'regcred', `${replicas[1].url}/validate`),
  )
  await waitUntilAsked(replicas)
  const before = await bundleOf('mutatingwebhookconfiguration')
  const load = await startLoad(controlPlane, RATE)
  const rotated = poll(
    `${ROTATIONS} rotations`,
    async () => {
      const taken = await Promise.all(replicas.map(replica => replica.taken()))
      return taken.every(count => count >= ROTATIONS) ? taken : undefined
    },
    TOO_LONG,
  )
  const taken = await rotated.catch(String)
  const { sample, ...tally } = await load.stop()
  t.comment(`${taken} rotations: ${JSON.stringify(tally)}`)
  t.match(tally, { failed: 0, overloaded: 0, wrong: 0 }, { sample })
  t.type(taken, Array)
  for (const replica of replicas)
    t.ok((await countOf(replica, 'regcred_reviews_total')) >= tally.answered, 'each was asked')
  for (const resource of RESOURCES) {
    const bundle = await bundleOf(resource)
    t.ok(bundle.split('BEGIN CERTIFICATE').length - 1 <= 4, 'what is old has gone')
    t.notOk(ROTATIONS > 3 && bundle.includes(before))
  }
  for (const { component } of replicas) t.notMatch(await readFile(component.log, 'utf8'), /PRIVATE KEY/)
  outputOf(await kubectl(['delete', RESOURCES.join(), 'regcred']))
})

t.test('files that the kubelet swaps under load are taken, and no Pod notices', async t => {
  const pairs = await Promise.all(Array.from({ length: ROTATIONS + 1 }, () => issueCertificate(['127.0.0.1'])))
  const mounted = join(folder, 'mounted')
  await mkdir(mounted)
  const mount = async (pair: Issued, i: number) => {
    await mkdir(join(mounted, `..${i}`))
    await writeFile(join(mounted, `..${i}/tls.crt`), pair.cert)
    await writeFile(join(mounted, `..${i}/tls.key`), pair.key)
    await symlink(`..${i}`, join(mounted, '..data_tmp'))
    await rename(join(mounted, '..data_tmp'), join(mounted, '..data'))
  }
  for (const file of ['tls.crt', 'tls.key']) await symlink(`..data/${file}`, join(mounted, file))
  const [first, ...others] = pairs
  if (first === undefined) throw new Error('there is one')
  await mount(first, 0)
  const files = [`--tls-cert-file=${join(mounted, 'tls.crt')}`, `--tls-private-key-file=${join(mounted, 'tls.key')}`]
  const replica = await begin('files', files)
  t.teardown(() => replica.component.stop(5000))
  await register(
    configuration('MutatingWebhookConfiguration', 'files', `${replica.url}/mutate`, pairs),
    configuration('ValidatingWebhookConfiguration', 'files', `${replica.url}/validate`, pairs),
  )
  await waitUntilAsked([replica])
  const load = await startLoad(controlPlane, RATE)
  for (const [i, pair] of others.entries()) {
    await mount(pair, i + 1)
    await poll('the pair is taken', async () => ((await replica.taken()) > i ? true : undefined))
  }
  const { sample, ...tally } = await load.stop()
  t.comment(`${others.length} swaps: ${JSON.stringify(tally)}`)
  t.match(tally, { failed: 0, overloaded: 0, wrong: 0 }, { sample })
  t.ok(tally.answered > 0)
})
