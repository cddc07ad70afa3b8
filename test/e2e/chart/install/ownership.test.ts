import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { poll } from '../../../processes/poll.ts'
import { createAuthority } from '../../../tls/pki.ts'
import { startComponent } from '../../control-plane/component.ts'
import { outputOf } from '../../control-plane/kubectl.ts'
import { apply, namespace } from '../../control-plane/objects.ts'
import { withControlPlane } from '../../fixture.ts'
import { writeAccount } from '../../regcred/account.ts'
import { CHART, createHelm, RELEASE } from '../helm.ts'
import { HERE, observeRelease, WEBHOOKS } from '../release.ts'

/** The certificate of an upgrade to one's own is not looked at here: nobody calls the webhooks. */
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const controlPlane = await withControlPlane(t)
const { kubectl, folder, kubeconfig } = controlPlane
const helm = createHelm(kubeconfig)
const { get, caBundles } = observeRelease(kubectl)
const authority = await createAuthority('own')
const OWN = ['tls.mode="secret"', `tls.secret=${JSON.stringify({ name: 'own', caBundle: authority.certificate })}`]
const upgrade = (...flags: readonly string[]) => helm('upgrade', RELEASE, CHART, HERE, '--reset-values', ...flags)

/** Runs a replica as the release does that is installed, until it is stopped. */
async function startReplica() {
  const { spec } = await get('deployment', RELEASE, HERE)
  const flags = spec.template.spec.containers[0].args.filter((arg: string) => /^--(tls|webhook)/.test(arg))
  const listen = ['--bind-address=127.0.0.1', '--secure-port=0', '--metrics-port=0']
  const args = [
    join(ROOT, 'src/cli.ts'),
    'serve',
    `--kubeconfig=${await writeAccount(controlPlane)}`,
    ...listen,
    ...flags,
  ]
  return startComponent(process.execPath, args, join(folder, `${crypto.randomUUID()}.log`), {
    name: 'regcred',
    cwd: ROOT,
  })
}

/** Waits until all webhooks have one caBundle, and resolves to it. */
const published = () =>
  poll('regcred has published its CA', async () => {
    const [bundle, ...others] = await caBundles()
    return others.length === 0 ? bundle : undefined
  })

/** Who owns a caBundle by the API server's marks. */
async function owners(): Promise<string[]> {
  const { items } = await get(WEBHOOKS, RELEASE, '--show-managed-fields')
  const marks: { manager: string; fieldsV1: object }[] = items.flatMap(
    ({ metadata }: { metadata: { managedFields: object[] } }) => metadata.managedFields,
  )
  return marks.filter(({ fieldsV1 }) => JSON.stringify(fieldsV1).includes('caBundle')).map(({ manager }) => manager)
}

/** Waits until nobody owns one. */
const isFree = () => poll('nobody owns a caBundle', async () => (await owners()).length === 0 || undefined)

let replica = await install()
t.teardown(() => replica.stop(0))

async function install() {
  outputOf(await apply(kubectl, namespace(RELEASE)))
  outputOf(await helm('install', RELEASE, CHART, HERE))
  return startReplica()
}

t.test('what regcred writes it does not own, and an upgrade leaves it', async t => {
  const bundle = await published()
  await isFree()
  outputOf(await upgrade('--set=webhooks.timeoutSeconds=4'))
  t.equal(await published(), bundle)
  t.strictSame(await owners(), [])
})

t.test('from its own certificate to one of yours, and back', async t => {
  await replica.stop(5000)
  outputOf(await upgrade(...OWN.map(set => `--set-json=${set}`)))
  t.strictSame(await caBundles(), [Buffer.from(authority.certificate).toString('base64')])
  outputOf(await upgrade())
  t.strictSame(await caBundles(), [undefined], 'it goes with who applied it')
  replica = await startReplica()
  t.match(await published(), /./)
})

t.test('where another writes the caBundle, as cert-manager does, Helm has to be told', async t => {
  await isFree()
  const { items } = await get(WEBHOOKS, RELEASE)
  for (const { kind, webhooks } of items) {
    const patch = webhooks.map((_: unknown, i: number) => ({
      ...{ op: 'replace', path: `/webhooks/${i}/clientConfig/caBundle` },
      value: Buffer.from(`${authority.certificate}\n`).toString('base64'),
    }))
    const flags = ['--type=json', '--field-manager=cainjector', `--patch=${JSON.stringify(patch)}`]
    outputOf(await kubectl(['patch', kind, RELEASE, ...flags]))
  }
  await replica.stop(5000)
  const own = OWN.map(set => `--set-json=${set}`)
  t.match((await upgrade(...own)).stderr, /conflicts? with "cainjector"/)
  outputOf(await upgrade(...own, '--force-conflicts'))
  t.strictSame(await caBundles(), [Buffer.from(authority.certificate).toString('base64')])
  outputOf(await upgrade())
  replica = await startReplica()
})

t.test('replacing the objects takes away what regcred wrote, and it writes it again', async t => {
  const bundle = await published()
  await isFree()
  await replica.stop(5000)
  outputOf(await upgrade('--force-replace', '--server-side=false'))
  t.strictSame(await caBundles(), [undefined])
  t.equal((await get('secret', `${RELEASE}-tls`, HERE)).data, undefined)
  replica = await startReplica()
  t.not(await published(), bundle, 'with another certificate, since the Secret was emptied as well')
  outputOf(await upgrade('--server-side=true'))
  t.match(await published(), /./, 'and the way back to server-side apply leaves it')
})

t.test('switched off in an emergency it stays off, until an upgrade: regcred then writes its CA again', async t => {
  const bundle = await published()
  outputOf(await kubectl(['delete', WEBHOOKS, RELEASE]))
  await poll(
    'the replica has seen it',
    async () => (await readFile(replica.log, 'utf8')).includes('Certificate renewal fails') || undefined,
  )
  t.strictSame((await get(WEBHOOKS)).items, [])
  outputOf(await upgrade())
  t.equal(await published(), bundle)
})
