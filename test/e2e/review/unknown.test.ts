import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { waitForAccount } from '../control-plane/accounts.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import {
  apply,
  deployment,
  fileOf,
  type Manifest,
  namespace,
  type PodTweak,
  pod,
  pullSecret,
  REGISTRY,
} from '../control-plane/objects.ts'
import { withControlPlane } from '../fixture.ts'
import { addAccount } from '../regcred/account.ts'
import { countOf, ours } from '../regcred/observe.ts'
import { type Regcred, startRegcred } from '../regcred/regcred.ts'
import { startWiretap } from '../traffic/wiretap.ts'

// What the API server does not answer in time, in a namespace that enforces, by enforce.unknown.
const controlPlane = await withControlPlane(t)
const { kubectl } = controlPlane
const wiretap = await startWiretap(controlPlane, await addAccount(controlPlane))
t.teardown(() => wiretap.stop())

const start = (name: string, unknown: 'allow' | 'refuse') =>
  startRegcred(controlPlane, {
    name,
    config: { registries: { private: [REGISTRY] }, enforce: { unknown } },
    flags: [`--kubeconfig=${wiretap.kubeconfig}`],
    registration: false,
  })
const [allowing, refusing] = [await start('allowing', 'allow'), await start('refusing', 'refuse')]
t.teardown(() => Promise.all([allowing.stop(), refusing.stop()]))

const SILENT = 'lost'
const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: '0e6ef9c4-0000-4000-8000-000000000000' }
const lost: PodTweak = { references: [SILENT] }
const silence = () => wiretap.silence(path => path.includes(`/secrets/${SILENT}`))
const listen = () => wiretap.silence(() => false)

t.before(async () => {
  outputOf(await apply(kubectl, namespace('guarded', { labels: { 'regcred.dev/mode': 'enforce' } })))
  await waitForAccount(kubectl, 'guarded')
})

const unconfirmed = (regcred: Regcred) => countOf(regcred, 'regcred_unconfirmed_total', { reason: 'unread' })
const create = (...objects: Manifest[]) => kubectl(['create', '-f', '-'], { input: fileOf(...objects) })

t.test('allow: it is let through, counted, and in the audit log', async t => {
  await allowing.register()
  silence()
  t.match(await create(pod('guarded', 'let-through', lost)), { code: 0, stderr: '' })
  t.equal(await unconfirmed(allowing), 1)
  t.match(await kubectl(['create', '--dry-run=server', '-f', '-'], { input: fileOf(pod('guarded', 'dry', lost)) }), {
    code: 0,
  })
  t.equal(await unconfirmed(allowing), 1, 'a dry run lets nothing through')
  const [event] = await controlPlane.auditEvents({ verb: 'create', resource: 'pods', namespace: 'guarded' })
  t.match(event && ours(event), {
    'validate.regcred.dev/unknown': `secret/${SILENT}`,
    'validate.regcred.dev/unconfirmed': 'unread',
  })
})

t.test('refuse: kubectl tries again by itself for some seconds, and then says why', async t => {
  await refusing.register()
  silence()
  for (const command of [['create'], ['apply', '--server-side'], ['apply']]) {
    const reviewed = () => countOf(refusing, 'regcred_reviews_total', { stage: 'validate', outcome: 'refused' })
    const before = await reviewed()
    const { code, stderr } = await kubectl([...command, '-f', '-'], { input: fileOf(pod('guarded', 'refused', lost)) })
    t.equal(code, 1, command.join(' '))
    t.match(
      stderr,
      `Pod refused: regcred could not read Secret "${SILENT}" in time, so it could not check this; try again`,
    )
    t.ok((await reviewed()) - before > 5, `${command.join(' ')} has tried again`)
  }
  t.equal(await unconfirmed(refusing), 0)
})

t.test('refuse: once the API server answers, what is tried again gets through', async t => {
  silence()
  outputOf(await apply(kubectl, pullSecret('guarded', 'acme', REGISTRY)))
  const created = create(deployment('guarded', 'later', { references: ['acme', SILENT] }, 0))
  await delay(2500)
  listen()
  const { code, stdout } = await created
  t.strictSame({ code, stdout }, { code: 0, stdout: 'deployment.apps/later created\n' })
})

t.test('refuse: a controller is not kept waiting', async t => {
  silence()
  const metadata = { ownerReferences: [{ ...owner, controller: true }] }
  const as = 'system:serviceaccount:kube-system:replicaset-controller'
  const groups = ['system:masters']
  const input = fileOf(pod('guarded', 'of-a-controller', { ...lost, metadata }))
  t.match(await kubectl(['create', '-f', '-'], { input, as, groups }), { code: 0, stderr: '' })
})
