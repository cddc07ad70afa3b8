import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { poll } from '../../../processes/poll.ts'
import { CHART, RELEASE } from '../../chart/helm.ts'
import { HERE, INSTALL, WEBHOOKS } from '../../chart/release.ts'
import { outputOf } from '../../control-plane/kubectl.ts'
import { apply, deployment, IMAGE, pod, pullSecret, REGISTRY } from '../../control-plane/objects.ts'
import { storedReferences } from '../../regcred/observe.ts'
import { waitForPod } from '../watch-pods.ts'
import { testInstall } from './install.ts'
import { withImage } from './with-image.ts'

/** A chart whose templates are the first release as it was rendered. */
const FIRST = fileURLToPath(new URL('../../chart/first-release/', import.meta.url))
const WARNING =
  'Secret "not-there" does not exist in namespace "team-a"; correct the name, or create it: kubectl create secret docker-registry not-there --namespace team-a --from-file=.dockerconfigjson=FILE'

const cluster = await withImage(t)
const { kubectl, helm, caBundles, get, isGone, isServed, written } = cluster
outputOf(await apply(kubectl, pullSecret('team-a', 'acme', REGISTRY)))

/** Asserts that a Pod without a fitting reference is warned of, injected and runs. @param name one that is new */
async function isInFront(t: Test, name: string): Promise<void> {
  const { stderr } = await apply(kubectl, pod('team-a', name, { references: ['not-there'] }))
  t.equal(stderr, `Warning: Pod ${name}: ${WARNING}\n`)
  t.strictSame(await storedReferences(kubectl, 'team-a', name), ['not-there', 'acme'])
  await waitForPod(kubectl, 'team-a', name, 'Running')
}

t.test('the first release gets ready, under restricted Pod Security, with a certificate of its own', async t => {
  t.match(outputOf(await helm('install', RELEASE, FIRST, ...INSTALL)), /^STATUS: deployed$/m)
  await isServed(t)
  const { data, caBundles } = await written()
  t.match(Object.keys(data), ['ca.crt', 'tls.crt', 'tls.key'])
  t.equal(caBundles.length, 1)
  const authority = Buffer.from(data['ca.crt'], 'base64').toString().trim()
  t.match(Buffer.from(caBundles[0] ?? '', 'base64').toString(), authority)
  await isInFront(t, 'first')
})

const upgrades = [
  { name: "helm's own way", flags: [] },
  { name: 'the way of helm 3', flags: ['--server-side=false'] },
]

for (const [i, { name, flags }] of upgrades.entries()) {
  t.test(`an upgrade, ${name}, leaves what regcred wrote`, async t => {
    const before = await written()
    const timeout = `--set-json=webhooks.timeoutSeconds=${4 + i}`
    const upgraded = outputOf(await helm('upgrade', RELEASE, CHART, ...INSTALL, ...flags, timeout))
    t.match(upgraded, `kubectl delete ${WEBHOOKS} ${RELEASE}`, 'the emergency command')
    await isServed(t)
    t.strictSame(await written(), before)
    const { webhooks } = await get('validatingwebhookconfiguration', RELEASE)
    const timeouts = webhooks.map((webhook: { timeoutSeconds: number }) => webhook.timeoutSeconds)
    t.strictSame([...new Set(timeouts)], [4 + i])
    await isInFront(t, `upgraded-${i}`)
  })
}

t.test('a Secret that somebody deletes is missed by no replica, and comes back with an upgrade', async t => {
  outputOf(await kubectl(['delete', 'secret', 'regcred-tls', HERE]))
  const { items } = await get('pods', HERE, '--selector=app.kubernetes.io/component=webhook')
  // Those of the release before may still be on their way out.
  const serving: string[] = items.flatMap(({ metadata }: { metadata: { name: string; deletionTimestamp?: string } }) =>
    metadata.deletionTimestamp === undefined ? metadata.name : [],
  )
  t.ok(serving.length > 1)
  await poll('every replica has missed it, and says what brings it back', async () => {
    const logs = await Promise.all(serving.map(async name => outputOf(await kubectl(['logs', name, HERE]))))
    return logs.every(log => log.includes('helm upgrade brings it back')) || undefined
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
  await isInFront(t, 'filled-again')
})

t.test('a Deployment whose template names nothing that fits is warned of, and its Pods run', async t => {
  const { stderr } = await apply(kubectl, deployment('team-a', 'web', { references: ['not-there'] }, 3))
  t.match(stderr, `Warning: Deployment web: ${WARNING}`)
  outputOf(await kubectl(['rollout', 'status', 'deployment/web', '--timeout=60s', '--namespace=team-a']))
})

t.test('helm test passes, and fails where regcred is passed by', async t => {
  const passed = await helm('test', RELEASE, HERE, '--timeout=60s', '--logs')
  t.match(outputOf(passed), /201 imagePullSecrets: .*\nthe API server calls regcred\n/)
  outputOf(await kubectl(['label', 'namespace', 'default', 'regcred.dev/inject=disabled']))
  const failed = await helm('test', RELEASE, HERE, '--timeout=60s', '--logs')
  t.not(failed.code, 0)
  t.match(failed.stdout + failed.stderr, /regcred did not inject: not called, or injection is off/)
  outputOf(await kubectl(['label', 'namespace', 'default', 'regcred.dev/inject-']))
})

t.test('a roll-back to the first release works, and so does the way forward', async t => {
  outputOf(await helm('rollback', RELEASE, '1', '--wait', '--timeout=120s', HERE))
  await isServed(t)
  await isInFront(t, 'rolled-back')
  outputOf(await helm('upgrade', RELEASE, CHART, ...INSTALL))
  await isInFront(t, 'forward')
})

t.test('when it is uninstalled nothing is left, and Pods are made as if it had never been there', async t => {
  outputOf(await kubectl(['delete', 'pod', `${RELEASE}-test`, HERE, '--ignore-not-found']))
  outputOf(await helm('uninstall', RELEASE, '--wait', '--timeout=90s', HERE))
  await isGone()
  t.strictSame((await get('secret', HERE)).items, [])
  t.same(await apply(kubectl, pod('team-a', 'after', { images: [IMAGE] })), {
    code: 0,
    stdout: 'pod/after created\n',
    stderr: '',
  })
  t.equal(await storedReferences(kubectl, 'team-a', 'after'), undefined)
})

testInstall(t, cluster)
