import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createAuthority } from '../../tls/pki.ts'
import { type GivenResponse, reach } from './reach.ts'

/** What the tests read of an AdmissionReview that the API server sent. */
interface SentReview {
  readonly apiVersion: string
  readonly kind: string
  readonly request: {
    readonly uid: string
    readonly kind: { readonly group: string; readonly version: string; readonly kind: string }
    readonly subResource?: string
    readonly name?: string
    readonly namespace?: string
    readonly operation: string
    readonly dryRun?: boolean
    readonly userInfo: { readonly username: string }
    readonly object: SentObject | null
    readonly oldObject: SentObject | null
  }
}

interface SentObject {
  readonly metadata: {
    readonly name?: string
    readonly uid?: string
    readonly managedFields?: readonly {
      readonly manager: string
      readonly fieldsV1: Readonly<Record<string, unknown>>
    }[]
  }
  readonly spec?: { readonly imagePullSecrets?: readonly { readonly name: string }[] }
  readonly [field: string]: unknown
}

/** A call of a webhook. */
interface Call {
  readonly stage: 'mutate' | 'validate'
  readonly review: SentReview
  readonly response: GivenResponse
}

/** A webhook server in front of another. */
export interface Recorder {
  readonly url: string
  /** As PEM: who has signed its certificate. */
  readonly authority: string
  /** Each call so far, in the order in which they were answered. */
  readonly calls: readonly Call[]
  close(): Promise<void>
}

/** Starts a server that passes every review on to the product, unchanged, and keeps it with the answer. */
export async function startRecorder(product: { readonly url: string; readonly authority: string }): Promise<Recorder> {
  const authority = await createAuthority('regcred test recorder')
  const { certificate: cert, key } = await authority.issueServer([])
  const { post, close } = reach(product)
  const calls: Call[] = []
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const path = incoming.url ?? '/'
    const sent = await text(incoming)
    const { status, given, response } = await post(path, sent)
    if (response !== undefined) {
      calls.push({ stage: path.startsWith('/mutate') ? 'mutate' : 'validate', review: JSON.parse(sent), response })
    }
    outgoing.writeHead(status, { 'content-type': 'application/json' }).end(given)
  }
  const server = createServer({ cert, key }, (incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.writeHead(502).end())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `https://127.0.0.1:${port}`,
    authority: authority.certificate,
    calls,
    async close() {
      server.close()
      server.closeAllConnections()
      await close()
    },
  }
}
