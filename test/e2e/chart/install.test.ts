import { fileURLToPath } from 'node:url'
import t from 'tap'
import { poll } from '../../processes/poll.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, deployment, IMAGE, pod, pullSecret } from '../control-plane/objects.ts'
import { CHART, RELEASE } from './helm.ts'
import { HERE, INSTALL, WEBHOOKS, withStand } from './stand.ts'

/** A chart whose templates are the first release as it was rendered. */
const FIRST = fileURLToPath(new URL('first-release/', import.meta.url))

const { controlPlane, kubelet, helm, get, caBundles, isServed, lead, uninstall } = await withStand(t)
const { kubectl } = controlPlane

/** What regcred itself has written so far. */
async function written() {
  return { data: (await get('secret', 'regcred-tls', HERE)).data, caBundles: await caBundles() }
}

t.test(
  'the first release gets ready as it is, under restricted Pod Security, with a certificate of its own',
  async t => {
    const installed = outputOf(await helm('install', RELEASE, FIRST, ...INSTALL))
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
    const upgraded = outputOf(await helm('upgrade', RELEASE, CHART, ...INSTALL, ...flags, set))
    t.match(upgraded, `kubectl delete ${WEBHOOKS} ${RELEASE}`, 'the emergency command')
    await isServed(t)
    t.strictSame(await written(), before)
    const { webhooks } = await get('validatingwebhookconfiguration', RELEASE)
    t.strictSame([...new Set(webhooks.map((webhook: { timeoutSeconds: number }) => webhook.timeoutSeconds))], [timeout])
  })
}

t.test(
  'a Secret that somebody deletes is missed by no replica that serves, and comes back with an upgrade',
  async t => {
    outputOf(await kubectl(['delete', 'secret', 'regcred-tls', HERE]))
    await poll('every replica has missed it, and says what brings it back', async () => {
      const logs = await kubelet.logs(`${RELEASE}-`)
      return logs.filter(log => log.includes('helm upgrade brings it back')).length >= 2 || undefined
    })
    await isServed(t)
    outputOf(await helm('upgrade', RELEASE, CHART, ...INSTALL))
    const { data } = await poll('it is filled again', async () => {
      const secret = await get('secret', 'regcred-tls', HERE)
      return secret.data?.['tls.crt'] === undefined ? undefined : secret
    })
    const published = Buffer.from(data['ca.crt'], 'base64').toString().trim()
    await poll('it is published', async () => {
      const bundles = await caBundles()
      return bundles.every(bundle => atob(bundle ?? '').includes(published)) || undefined
    })
    await isServed(t)
  },
)

/** The name by which the API server will call it here, for which the replicas make another certificate between them. */
const NAMED = '--set-json=extraArgs=["--tls-server-name=localhost"]'

t.test('the API server calls it, once a Service stands in', async t => {
  outputOf(await helm('upgrade', RELEASE, CHART, ...INSTALL, NAMED, '--set=logLevel=debug'))
  await lead()
  const references = ['not-there']
  const warning = 'Secret "not-there" does not exist in namespace "team-a"; create it there or correct the name'
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
  outputOf(await helm('test', RELEASE, HERE, '--timeout=60s'))
  t.match((await kubelet.logs(`${RELEASE}-test`)).at(-1), /^201 imagePullSecrets: .*\nthe API server calls regcred\n$/)
  outputOf(await kubectl(['label', 'namespace', 'default', 'regcred.dev/inject=disabled']))
  const { code } = await helm('test', RELEASE, HERE, '--timeout=60s')
  t.not(code, 0)
  t.match((await kubelet.logs(`${RELEASE}-test`)).at(-1), /regcred did not inject: not called, or injection is off\n$/)
})

t.test('when it is deleted, the webhooks go first, every process ends well, and nothing is left', async t => {
  outputOf(await kubectl(['delete', 'pod', `${RELEASE}-test`, HERE]))
  await uninstall(t)
  t.strictSame((await get('secret', HERE)).items, [])
})
