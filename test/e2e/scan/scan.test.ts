import t from 'tap'
import { outcomeOf, spawnRegcred } from '../../commands/spawn.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import {
  apply,
  deployment,
  namespace,
  opaqueSecret,
  pod,
  pullSecret,
  REGISTRY,
  workload,
} from '../control-plane/objects.ts'
import { withControlPlane } from '../fixture.ts'

const USER = 'scanner@example.com'
const controlPlane = await withControlPlane(t)
const { kubectl } = controlPlane
const kubeconfig = await controlPlane.addUser(USER)

const regcred = async (...args: readonly string[]) => await outcomeOf(spawnRegcred(args))
const scan = async (...args: readonly string[]) => await regcred('scan', ...args, '--kubeconfig', kubeconfig)

t.test('who has no rights is told which he needs', async t => {
  const { out, err, status } = await scan('-A')
  t.strictSame([out, status], ['', 2])
  t.match(err, /^regcred: you may not list namespaces \(403\); .* regcred scan --rbac\n$/)
  const own = await scan('-n', 'default')
  t.match(own.err, /^regcred: default: you may not list secrets in namespace "default" \(403\)/)
  t.equal(own.status, 2)
})

t.test('with the role that --rbac prints, and no other, a cluster is scanned by cause', async t => {
  outputOf(await kubectl(['apply', '-f', '-'], { input: (await regcred('scan', '--rbac', USER)).out }))
  outputOf(
    await apply(
      kubectl,
      namespace('team-a'),
      namespace('team-b'),
      pullSecret('team-a', 'acme', REGISTRY),
      deployment('team-a', 'web', { references: ['amce'] }),
      deployment('team-a', 'fine', { references: ['acme'] }),
      workload('CronJob', 'team-a', 'nightly', { references: ['amce'] }),
      opaqueSecret('team-b', 'hub'),
      workload('Job', 'team-b', 'once', { references: ['hub'] }),
      pod('team-b', 'lone', { references: ['hub'] }),
    ),
  )
  const { out, err, status } = await scan('-A', '-o', 'json', '--fail-on=warning')
  t.equal(err, '')
  t.equal(status, 1)
  const { causes, notRead, unused } = JSON.parse(out)
  const told = causes.map(({ code, secret, workloads }: Record<string, unknown>) => ({ code, secret, workloads }))
  t.match(told, [
    {
      code: 'SecretNotFound',
      secret: 'amce',
      workloads: [
        { kind: 'Deployment', name: 'web' },
        { kind: 'CronJob', name: 'nightly' },
      ],
    },
    {
      code: 'SecretWrongType',
      secret: 'hub',
      workloads: [
        { kind: 'Job', name: 'once' },
        { kind: 'Pod', name: 'lone' },
      ],
    },
  ])
  t.equal(told.length, 2, out)
  t.strictSame([notRead, unused], [[], []])
})
