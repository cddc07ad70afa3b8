import t from 'tap'
import { outcomeOf, spawnRegcred } from '../../../commands/spawn.ts'
import { poll } from '../../../processes/poll.ts'
import { outputOf } from '../../control-plane/kubectl.ts'
import { CHART, RELEASE } from '../helm.ts'
import { HERE, INSTALL, WEBHOOKS } from '../release.ts'
import { withStand } from '../stand.ts'

const stand = await withStand(t)
const { controlPlane, kubelet, helm, get, lead } = stand
const { kubectl, kubeconfig } = controlPlane
/** Who may make Pods in one namespace, and nothing else. */
const developer = await controlPlane.addUser('dev@example.com')

const run = async (config: string, ...args: readonly string[]) =>
  await outcomeOf(spawnRegcred([...args, `--kubeconfig=${config}`]))
const status = async (...args: readonly string[]) => await run(kubeconfig, 'status', ...args)
const install = async (...flags: readonly string[]) =>
  outputOf(
    await helm(
      ...['upgrade', '--install', RELEASE, CHART, ...INSTALL, '--set-json=extraArgs=["--tls-server-name=localhost"]'],
      ...['--set-json=preStopSleepSeconds=0', '--set-json=shutdownDelaySeconds=0', ...flags],
    ),
  )

t.test('before it is installed it is not ready', async t => {
  const { out, status: code } = await status()
  t.match(out, /^✗ no regcred was found/)
  t.equal(code, 1)
  t.match(await run(kubeconfig, 'version'), { out: /^client: \S+\n$/, status: 0 })
})

t.test('once it is, --wait waits until a dry-run Pod is answered, and nothing is stored', async t => {
  await install()
  await lead()
  const { out, err, status: code } = await status('--wait=60s')
  t.equal(code, 0, `${out}${err}`)
  t.match(out, /^Deployment regcred\/regcred\n✓ version \S+, as this program\n✓ 2 of 2 replicas ready\n/)
  t.match(out, /\n✓ the certificate is good until .* and the webhooks trust it\n/)
  t.match(out, /\n✓ a dry-run Pod in namespace default was answered in \d+ ms\n/)
  t.match(out, /\n! failurePolicy is Ignore: /)
  t.match(out, /\nregcred is ready\.\n$/)
  t.strictSame((await get('pods', '--namespace=default')).items, [])
  t.match(await run(kubeconfig, 'version'), { out: /^client: (\S+)\nserver: \1 \(Deployment regcred\/regcred\)\n$/ })
})

t.test('under Pod Security "restricted", and where it refuses', async t => {
  const labels = ['pod-security.kubernetes.io/enforce=restricted', 'regcred.dev/mode=enforce']
  outputOf(await kubectl(['label', 'namespace', 'default', ...labels]))
  const { out, status: code } = await status()
  t.match(out, /\n✓ a dry-run Pod in namespace default was answered in \d+ ms\n/)
  t.equal(code, 0)
})

t.test('who may make Pods and read nothing sees that it is answered', async t => {
  const denied = await run(developer, 'status')
  t.match(denied.out, /^\? you may not list deployments in namespace "default" \(403\)\n/)
  t.match(denied.out, '? no dry-run Pod could be made: ')
  t.equal(denied.status, 2)
  const create = ['create', 'role', 'pods', '--verb=create', '--resource=pods', '--namespace=default']
  outputOf(await kubectl(create))
  const bind = ['create', 'rolebinding', 'pods', '--role=pods', '--user=dev@example.com', '--namespace=default']
  outputOf(await kubectl(bind))
  const allowed = await poll('the role is in effect', async () => {
    const seen = await run(developer, 'status')
    return seen.status === 0 ? seen : undefined
  })
  t.match(allowed.out, /\n✓ a dry-run Pod in namespace default was answered in \d+ ms\n/)
})

t.test('where nobody answers it is not ready', async t => {
  outputOf(await kubectl(['scale', 'deployment', RELEASE, HERE, '--replicas=0']))
  await poll('no replica is left', async () => kubelet.endpoints().length === 0 || undefined)
  const { out, status: code } = await status()
  t.match(out, /\n✗ a dry-run Pod in namespace default was let through in \d+ ms, without\s+a\s+word\s+of\s+regcred\n/)
  t.match(out, /\n✗ no replica is wanted/)
  t.equal(code, 1)
})

t.test('switched off in an emergency it says so', async t => {
  outputOf(await kubectl(['delete', WEBHOOKS, RELEASE]))
  const { out, status: code } = await status()
  t.match(out, /\n✗ no webhook is registered, so regcred is asked about nothing\n/)
  t.equal(code, 1)
})
