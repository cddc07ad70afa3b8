import { PassThrough } from 'node:stream'
import t, { type Test } from 'tap'
import { openAskedCluster } from '../../src/ask/cluster.ts'
import { findPresent } from '../../src/ask/missing.ts'
import { RESOURCES } from '../../src/ask/resources.ts'
import { CommandError } from '../../src/runtime/command-error.ts'
import { secretOf, standFor } from '../commands/ask/asked-cluster.ts'
import type { Exchange } from '../kube/fake-api-server.ts'

async function find(test: Test, name: string, answer?: (exchange: Exchange) => boolean) {
  const held = ['regcred', 'regcred-old', 'acme'].map(one => secretOf(one, {}))
  const { kubeconfig } = await standFor(test, { '/api/v1/namespaces/default/secrets': held }, answer)
  const cluster = openAskedCluster({ kubeconfig, requestTimeout: 10_000 }, { stderr: new PassThrough() })
  test.teardown(() => cluster.close())
  return await findPresent(cluster, { resource: RESOURCES.Secret, name })
}

const SEE = 'see: kubectl get secrets --namespace default'

t.test('what is there is found', async t => {
  t.match(await find(t, 'acme'), { metadata: { name: 'acme' } })
})

t.test('of what is not there the nearest name is told, if one is near', async t => {
  const missing = (name: string, advice: string) =>
    new CommandError(`Secret "${name}" does not exist in namespace "default"; ${advice}`)
  await t.rejects(find(t, 'regcerd'), missing('regcerd', 'did you mean "regcred"?'))
  await t.rejects(find(t, 'hub'), missing('hub', SEE))
})

t.test('where names may not be listed, none is told', async t => {
  const isList = ({ path }: Exchange) => path.endsWith('/secrets')
  const refuse = (exchange: Exchange) => {
    if (!isList(exchange)) return false
    exchange.status(403, 'Forbidden')
    return true
  }
  await t.rejects(
    find(t, 'regcerd', refuse),
    new CommandError(`Secret "regcerd" does not exist in namespace "default"; ${SEE}`),
  )
})
