import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { type Exchange, FakeApiServer, type FakeObject } from '../../kube/fake-api-server.ts'
import { writeKubeconfig } from './asked-cluster.ts'

/** A Kubernetes object of a cluster. */
export interface Stored extends FakeObject {
  readonly kind: string
}

/** What answers a request instead of the objects: a status, its reason, and headers; or nothing. */
export type Refusal = (
  exchange: Exchange,
) => readonly [status: number, reason: string, headers?: Record<string, string>] | 'silent' | undefined

export interface ClusterOptions {
  readonly refuses?: Refusal
  /** Items of a page, whatever is asked for. */
  readonly pageItems?: number
  /** What comes of a dry run: the object as it would be stored, and headers. Without it the object as it was sent. */
  readonly createDry?: (object: unknown) => readonly [stored: unknown, headers?: Record<string, string>]
}

/** What was asked of a cluster: paths with what selects. */
export interface FakeCluster {
  readonly kubeconfig: string
  readonly asked: string[]
}

/** Starts an API server that holds these objects until the test ends, in pages. Its kubeconfig is in namespace team-a. */
export async function startCluster(
  t: Test,
  objects: readonly Stored[],
  { refuses = () => undefined, pageItems = 1000, createDry = object => [object] }: ClusterOptions = {},
): Promise<FakeCluster> {
  const fake = await FakeApiServer.start()
  const asked: string[] = []
  const answerAll = async () => {
    for (;;) {
      const exchange = await fake.next()
      const { path, query } = exchange
      const selected = [query['fieldSelector'], query['labelSelector'], query['continue']].filter(Boolean)
      asked.push([...(exchange.method === 'GET' ? [] : [exchange.method]), path, ...selected].join(' '))
      const refusal = refuses(exchange)
      if (refusal === undefined && exchange.method === 'POST') {
        // Whatever else is sent would be stored.
        if (query['dryRun'] !== 'All') exchange.status(500, 'NotADryRun')
        else exchange.created(...createDry(await exchange.body))
      } else if (refusal === undefined) answer(exchange, objects, pageItems)
      else if (refusal !== 'silent') exchange.status(...refusal)
    }
  }
  void answerAll()
  const folder = mkdtempSync(join(tmpdir(), 'regcred-cluster-'))
  t.teardown(async () => {
    rmSync(folder, { recursive: true })
    await fake.stop()
  })
  return { kubeconfig: writeKubeconfig(folder, fake.port, 'team-a'), asked }
}

function answer(exchange: Exchange, objects: readonly Stored[], pageItems: number): void {
  const { path, query } = exchange
  const [, inNamespace, plural, name] = /\/namespaces\/([^/]+)\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? []
  const everywhere = path.slice(path.lastIndexOf('/') + 1)
  const there = objects.filter(
    ({ kind, metadata }) =>
      `${kind.toLowerCase()}s` === (plural ?? everywhere) &&
      (plural === undefined || metadata.namespace === inNamespace),
  )
  if (name !== undefined) {
    exchange.object(there.find(({ metadata }) => metadata.name === name))
    return
  }
  const all = there.filter(one => isSelected(one, query))
  const from = Number(query['continue'] ?? 0)
  const to = from + pageItems
  exchange.list(all.slice(from, to), '1', to < all.length ? `${to}` : undefined)
}

function isSelected(one: Stored, query: Exchange['query']): boolean {
  const fields = (query['fieldSelector'] ?? '').split(',').filter(Boolean)
  const labels = (query['labelSelector'] ?? '').split(/,(?![^(]*\))/).filter(Boolean)
  const own: unknown = Reflect.get(one.metadata, 'labels')
  return (
    fields.every(field => {
      const [, key = '', no, value] = /^([\w.]+?)(!?)=(.*)$/.exec(field) ?? []
      // Events here are all of the one Pod that is asked about.
      if (key.startsWith('involvedObject.')) return true
      const found = key === 'type' ? (one['type'] ?? 'Opaque') : one.metadata.name
      return no === '!' ? found !== value : found === value
    }) && labels.every(label => isMet(label, own))
  )
}

/** `a=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`. */
function isMet(requirement: string, labels: unknown): boolean {
  const [, not, key = '', operator, value] = /^(!?)([^\s=]+)(?:(=| in | notin )(.+))?$/.exec(requirement) ?? []
  const found: unknown = typeof labels === 'object' && labels !== null ? Reflect.get(labels, key) : undefined
  if (operator === undefined) return (found !== undefined) === (not === '')
  if (operator === '=') return found === value
  const isAmong = value?.slice(1, -1).split(',').includes(String(found)) === true
  return isAmong === (operator === ' in ')
}
