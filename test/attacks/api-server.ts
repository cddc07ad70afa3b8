import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { issueCertificate } from '../../src/tls/issue.ts'
import { kubeconfigFor } from '../processes/serving.ts'

/**
 * An API server that holds the objects of a file (a JSON array), for `regcred serve` to list, watch and read. It is a
 * process of its own, so that what it costs to send is nobody else's time. Prints its kubeconfig as a line of JSON.
 *
 * What is sent to `POST /events` goes out to all who watch that kind, as MODIFIED.
 */
interface Held {
  readonly name: string
  readonly namespace: string
  readonly type: string
  /** As it is sent: written once. */
  readonly json: string
  readonly metadata: string
}

const VERSION = '1000000'
/** A collection, or an object of one: of a namespace, or of all. */
const PATH = /^\/(?:api|apis\/[a-z.]+)\/v1(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?$/
const COLUMNS = '"columnDefinitions":[{"name":"Name"},{"name":"Type"}]'
const byPlural = new Map<string, Held[]>()
const watches = new Set<{
  readonly plural: string
  readonly type: string | undefined
  readonly response: ServerResponse
}>()

for (const object of JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))) {
  const plural = pluralOf(object)
  const items = byPlural.get(plural) ?? []
  byPlural.set(plural, items)
  items.push(held(object))
}

function pluralOf({ kind }: { readonly kind: string }): string {
  return `${kind.toLowerCase()}s`
}

function held(object: { readonly metadata: Record<string, string>; readonly type?: string }): Held {
  const { name = '', namespace = '' } = object.metadata
  const versioned = { ...object, metadata: { ...object.metadata, uid: name, resourceVersion: '1' } }
  const { metadata } = versioned
  return {
    name,
    namespace,
    type: object.type ?? '',
    json: JSON.stringify(versioned),
    metadata: JSON.stringify({ kind: 'PartialObjectMetadata', metadata }),
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'https://fake')
  if (request.method === 'POST') return await sendEvent(await text(request), response)
  const [, namespace, plural = '', own] = PATH.exec(pathname) ?? []
  const selectors = new Map(
    (searchParams.get('fieldSelector') ?? '').split(',').map(selector => selector.split('=', 2) as [string, string]),
  )
  if (searchParams.get('watch') === '1') {
    response.writeHead(200).flushHeaders()
    const watch = { plural, type: selectors.get('type'), response }
    watches.add(watch)
    response.once('close', () => watches.delete(watch))
    return
  }
  const [type, name] = [selectors.get('type'), own ?? selectors.get('metadata.name')]
  const otherTypes = (searchParams.get('fieldSelector') ?? '').split(',').map(selector => selector.split('!=', 2)[1])
  const found = (byPlural.get(plural) ?? []).filter(
    item =>
      (namespace === undefined || item.namespace === namespace) &&
      (type === undefined || item.type === type) &&
      !(item.type !== '' && otherTypes.includes(item.type)) &&
      (name === undefined || item.name === name),
  )
  if (own === undefined) await sendPage(found, request, searchParams, response)
  else sendObject(found[0], request, response)
}

function sendObject(found: Held | undefined, { headers }: IncomingMessage, response: ServerResponse): void {
  response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' })
  if (found === undefined) response.end(JSON.stringify({ kind: 'Status', code: 404, reason: 'NotFound' }))
  else if (headers.accept?.includes('as=Table')) response.end(`{"kind":"Table",${COLUMNS},"rows":[${rowOf(found)}]}`)
  else response.end(headers.accept?.includes('PartialObjectMetadata') ? found.metadata : found.json)
}

async function sendPage(
  found: readonly Held[],
  { headers }: IncomingMessage,
  query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const { accept = '' } = headers
  const from = Number(query.get('continue') ?? 0)
  const to = Math.min(found.length, from + Number(query.get('limit') ?? found.length))
  const metadata = JSON.stringify({ resourceVersion: VERSION, ...(to < found.length && { continue: `${to}` }) })
  response.writeHead(200, { 'content-type': 'application/json' })
  const isTable = accept.includes('as=Table')
  const kind = isTable ? 'Table' : accept.includes('PartialObjectMetadataList') ? 'PartialObjectMetadataList' : 'List'
  const items = isTable ? `${COLUMNS},"rows"` : '"items"'
  response.write(`{"kind":"${kind}","metadata":${metadata},${items}:[`)
  const closed = new AbortController()
  response.once('close', () => closed.abort())
  for (let index = from; index < to && !response.destroyed; index += 1) {
    const one = found[index] as Held
    const item = isTable ? rowOf(one) : kind === 'List' ? one.json : one.metadata
    const isTaken = response.write(`${index === from ? '' : ','}${item}`)
    if (!isTaken) await once(response, 'drain', { signal: closed.signal }).catch(() => undefined)
  }
  response.end(']}')
}

function rowOf({ name, type, metadata }: Held): string {
  return JSON.stringify({ cells: [name, type, 1, '1d'], object: JSON.parse(metadata) })
}

async function sendEvent(body: string, response: ServerResponse): Promise<void> {
  const object = JSON.parse(body)
  const line = `{"type":"MODIFIED","object":${held(object).json}}\n`
  for (const watch of watches) {
    if (watch.plural === pluralOf(object) && (watch.type ?? object.type) === object.type) watch.response.write(line)
  }
  response.end('{}')
}

const { ca, cert, key } = await issueCertificate(['127.0.0.1'])
const server = createServer({ cert, key }, (request, response) => void answer(request, response))
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo
console.log(JSON.stringify(kubeconfigFor(port, ca)))
