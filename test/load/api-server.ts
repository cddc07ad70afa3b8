import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { issueCertificate } from '../../src/tls/issue.ts'
import { kubeconfigFor } from '../processes/serving.ts'
import type { Crowd } from './crowd.ts'

/** An API server over TLS that holds a crowd of pull secrets and lists them page by page, as far as they are wanted. */
export interface CrowdedApiServer {
  /** A kubeconfig for it. */
  readonly kubeconfig: object
  /** Pages of pull secrets that were sent whole, and those that the client cut off. */
  readonly pages: { sent: number; cut: number }
  /** Sends an event for each of so many of the crowd to whoever watches pull secrets. */
  modify(count: number): Promise<void>
  stop(): Promise<void>
}

const RESOURCE_VERSION = '1000000'

export async function startApiServer(crowd: Crowd): Promise<CrowdedApiServer> {
  const { ca, cert, key } = await issueCertificate(['127.0.0.1'])
  const pages = { sent: 0, cut: 0 }
  const watches = new Set<ServerResponse>()

  /** Making the first of them again and again would keep this process busier than the one that is measured. */
  const written = new Map<string, string>()
  function write(index: number, metadataOnly: boolean): string {
    const key = `${index} ${metadataOnly}`
    const { metadata, ...contents } = written.has(key) ? { metadata: {} } : crowd.secret(index)
    const item = written.get(key) ?? JSON.stringify(metadataOnly ? { metadata } : { metadata, ...contents })
    if (index < 20) written.set(key, item)
    return item
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'https://fake')
    const selector = searchParams.get('fieldSelector') ?? ''
    const isCrowd = pathname.endsWith('/secrets') && /dockerconfigjson$/.test(selector)
    if (searchParams.get('watch') === '1') {
      response.writeHead(200).flushHeaders()
      if (isCrowd) watches.add(response)
      return
    }
    // Whoever asks for a Namespace or a ServiceAccount by its name gets it; there is no Secret by the names that are asked for.
    const [, plural, name] = /(namespaces|serviceaccounts|secrets)\/([^/]+)$/.exec(pathname) ?? []
    if (name !== undefined) {
      const isThere = plural !== 'secrets'
      response.writeHead(isThere ? 200 : 404, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify(isThere ? { metadata: { name } } : { kind: 'Status', code: 404, reason: 'NotFound' }))
      return
    }
    const from = Number(searchParams.get('continue') ?? 0)
    const end = isCrowd ? crowd.count : 0
    const to = Math.min(end, from + Number(searchParams.get('limit')))
    const token = to < end ? { continue: `${to}` } : {}
    const metadataOnly = request.headers.accept?.includes('PartialObjectMetadataList') ?? false
    const isTable = request.headers.accept?.includes('as=Table') ?? false
    const kind = isTable ? 'Table' : metadataOnly ? 'PartialObjectMetadataList' : 'List'
    const metadata = { resourceVersion: RESOURCE_VERSION, ...token }
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.write(`{"kind":"${kind}","metadata":${JSON.stringify(metadata)},"${isTable ? 'rows' : 'items'}":[`)
    for (let index = from; index < to && !response.destroyed; index += 1) {
      const item = write(index, metadataOnly)
      if (!response.write(`${index === from ? '' : ','}${item}`)) await drained(response)
    }
    if (isCrowd) pages[response.destroyed ? 'cut' : 'sent'] += 1
    response.end(']}')
  }

  const server = createServer({ cert, key }, (request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    kubeconfig: kubeconfigFor(port, ca),
    pages,
    async modify(count) {
      while (watches.size === 0) await wait(10)
      for (let index = 0; index < count; index += 1) {
        const event = `${JSON.stringify({ type: 'MODIFIED', object: crowd.secret(index) })}\n`
        for (const watch of watches) if (!watch.write(event)) await drained(watch)
      }
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function drained(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  response.once('drain', resolve).once('close', resolve)
  await promise
  response.off('drain', resolve).off('close', resolve)
}
