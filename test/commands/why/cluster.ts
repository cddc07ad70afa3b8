import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { type Exchange, FakeApiServer, type FakeObject } from '../../kube/fake-api-server.ts'

/** A Kubernetes object that a command may ask for. */
export interface Stored extends FakeObject {
  readonly kind: string
}

const PLURALS: Readonly<Record<string, string>> = { Event: 'events' }

/** What answers a request instead of the objects: a status and its reason. */
export type Refusal = (path: string) => readonly [status: number, reason: string] | undefined

/** Starts an API server that holds these objects until the test ends. Returns a kubeconfig for it, in namespace team-a. */
export async function startCluster(t: Test, objects: readonly Stored[], refuses: Refusal = () => undefined) {
  const fake = await FakeApiServer.start()
  const asked: string[] = []
  const answerAll = async () => {
    for (;;) {
      const exchange = await fake.next()
      asked.push(exchange.path)
      const refusal = refuses(exchange.path)
      if (refusal === undefined) answer(exchange, objects)
      else exchange.status(...refusal)
    }
  }
  void answerAll()
  t.teardown(() => fake.stop())
  const kubeconfig = join(t.testdir({}), 'kubeconfig')
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf(fake.port)))
  return { kubeconfig, asked }
}

function answer(exchange: Exchange, objects: readonly Stored[]): void {
  const [, namespace, plural, name] = /\/namespaces\/([^/]+)\/([^/]+)(?:\/([^/]+))?$/.exec(exchange.path) ?? []
  const all = objects.filter(
    ({ kind, metadata }) => metadata.namespace === namespace && (PLURALS[kind] ?? `${kind.toLowerCase()}s`) === plural,
  )
  if (name !== undefined) {
    exchange.object(all.find(({ metadata }) => metadata.name === name))
    return
  }
  const fields = Object.fromEntries((exchange.query['fieldSelector'] ?? '').split(',').map(one => one.split('=')))
  const labels = (exchange.query['labelSelector'] ?? '').split(',').filter(one => /^[a-z]+=/.test(one))
  exchange.list(
    all.filter(one => {
      const { metadata } = one
      const own = 'labels' in metadata ? Object.entries(metadata.labels ?? {}).map(pair => pair.join('=')) : []
      const isOfType = fields['type'] === undefined || one['type'] === fields['type']
      return isOfType && labels.every(label => own.includes(label))
    }),
    '1',
  )
}

function kubeconfigOf(port: number): object {
  const cluster = { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true }
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user: { token: 't0ken' } }],
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u', namespace: 'team-a' } }],
  }
}
