import t from 'tap'
import { poll } from '../../processes/poll.ts'
import { withControlPlane } from '../fixture.ts'
import { outputOf } from './kubectl.ts'

const controlPlane = await withControlPlane(t)
const { kubectl } = controlPlane

t.test('kubectl and the API server know what version they are', async t => {
  const { stdout, stderr } = await kubectl(['version'])
  t.match(stdout, /^Client Version: v1\.\d+\.\d+.*\n(.*\n)*Server Version: v1\.\d+\.\d+/)
  t.equal(stderr, '', 'no warning of a version that does not fit')
})

t.test('a Deployment turns into Pods', async t => {
  outputOf(await kubectl(['create', 'deployment', 'web', '--image=nginx', '--replicas=2']))
  const pods = await poll('there are two Pods', async () => {
    const names = outputOf(await kubectl(['get', 'pods', '--selector=app=web', '--output=name']))
    return names.trim().split('\n').length === 2 ? names : undefined
  })
  t.match(pods, /^pod\/web-/)
})

t.test('users may do what RBAC allows', async t => {
  const kubeconfig = await controlPlane.addUser('jane')
  const refused = await kubectl(['get', 'secrets'], { kubeconfig })
  t.equal(refused.code, 1)
  t.match(refused.stderr, 'User "jane" cannot list resource "secrets"')
  t.match((await kubectl(['get', 'secrets'], { as: 'joe' })).stderr, 'User "joe" cannot list resource "secrets"')
  t.equal((await kubectl(['get', 'secrets'], { as: 'joe', groups: ['system:masters'] })).code, 0)
})

t.test('writes are in the audit log', async t => {
  outputOf(await kubectl(['create', 'secret', 'generic', 'audited', '--from-literal=a=b']))
  const [event] = await controlPlane.auditEvents({ verb: 'create', resource: 'secrets', name: 'audited' })
  t.match(event, { user: { username: 'admin' }, objectRef: { namespace: 'default' }, responseStatus: { code: 201 } })
  t.same(await controlPlane.auditEvents({ resource: 'secrets', name: 'unheard-of' }, 0), [])
})

t.test('kube-apiserver can be stopped and started again, and nothing is lost', async t => {
  outputOf(await kubectl(['create', 'configmap', 'kept', '--from-literal=a=b']))
  await controlPlane.stopApiServer()
  t.match((await kubectl(['get', 'configmap', 'kept'])).stderr, 'was refused')
  await controlPlane.startApiServer()
  t.equal(outputOf(await kubectl(['get', 'configmap', 'kept', '--output=jsonpath={.data.a}'])), 'b')
  outputOf(await kubectl(['create', 'deployment', 'after', '--image=nginx']))
  await poll('the controllers are back', async () => {
    const names = outputOf(await kubectl(['get', 'pods', '--selector=app=after', '--output=name']))
    return names === '' ? undefined : names
  })
})
