import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { type Exchange, FakeApiServer, type FakeObject } from '../../kube/fake-api-server.ts'

/** What a stand-in for a cluster holds: objects by the path of their collection, e.g. `/api/v1/namespaces/default/secrets`. */
export type Held = Readonly<Record<string, readonly FakeObject[]>>

/** A cluster that answers each get and list by itself, and what it was asked. */
export interface Stand {
  readonly server: FakeApiServer
  readonly kubeconfig: string
  readonly asked: readonly string[]
}

/** The token of its kubeconfig, which nobody is to be shown. */
export const TOKEN = 'kubeconfig-token-5317'

/**
 * Starts a cluster with these objects in it, and writes its kubeconfig.
 *
 * @param answer says of an exchange whether it has answered it, in the place of what is held
 */
export async function standFor(
  test: Test,
  held: Held,
  answer: (exchange: Exchange) => boolean = () => false,
): Promise<Stand> {
  const server = await FakeApiServer.start()
  test.teardown(() => server.stop())
  const asked: string[] = []
  void answerAll(server, held, asked, answer)
  return { server, kubeconfig: writeKubeconfig(test.testdir({}), server.port), asked }
}

export function writeKubeconfig(folder: string, port: number, namespace?: string): string {
  const file = join(folder, 'kubeconfig')
  const content = {
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token: TOKEN } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', ...(namespace && { namespace }) } }],
    'current-context': 'x',
  }
  writeFileSync(file, JSON.stringify(content))
  return file
}

async function answerAll(
  server: FakeApiServer,
  held: Held,
  asked: string[],
  answer: (exchange: Exchange) => boolean,
): Promise<void> {
  for (;;) {
    const exchange = await server.next()
    const { path, query } = exchange
    asked.push(query['fieldSelector'] === undefined ? path : `${path} ${query['fieldSelector']}`)
    if (answer(exchange)) continue
    const [, collection = '', name] = /^(.*?\/namespaces\/[^/]+\/[^/]+)(?:\/([^/]+))?$/.exec(path) ?? []
    const objects = held[collection] ?? []
    if (name === undefined) answerList(exchange, objects)
    else exchange.object(objects.find(({ metadata }) => metadata.name === name))
  }
}

/** Page by page, as an API server does. */
function answerList(exchange: Exchange, objects: readonly FakeObject[]): void {
  const { fieldSelector = '', limit = '500', continue: from = '0' } = exchange.query
  const [field = '', value] = fieldSelector.split('=')
  const chosen = value === undefined ? objects : objects.filter(object => fieldOf(object, field) === value)
  const end = Number(from) + Number(limit)
  exchange.list(chosen.slice(Number(from), end), '7', end < chosen.length ? String(end) : undefined)
}

function fieldOf(object: unknown, path: string): unknown {
  return path.split('.').reduce((at, key) => Object(at)[key], object)
}

/** A little more, so that it is still so when it is told. */
const TWO_HOURS_AGO = new Date(Date.now() - 2 * 3_600_000 - 30_000).toISOString()

/** A Secret of a cluster that holds a docker config. */
export function secretOf(
  name: string,
  config: unknown,
  {
    type = 'kubernetes.io/dockerconfigjson',
    key = '.dockerconfigjson',
    created = TWO_HOURS_AGO,
    ...metadata
  }: {
    type?: string
    key?: string
    created?: string
    annotations?: object
    labels?: object
    ownerReferences?: object[]
  } = {},
): FakeObject {
  const text = typeof config === 'string' ? config : JSON.stringify(config)
  const own = { name, namespace: 'default', uid: `uid-${name}`, resourceVersion: '5', creationTimestamp: created }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...own, ...metadata },
    type,
    data: { [key]: Buffer.from(text).toString('base64') },
  }
}
