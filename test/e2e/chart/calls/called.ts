import { type Dispatcher, request } from 'undici'
import { createAuthority } from '../../../tls/pki.ts'
import type { Kubectl } from '../../control-plane/kubectl.ts'
import { registerWebhooks } from '../../regcred/webhooks.ts'

/** Where to ask, and which webhook is registered there. */
export interface Asked {
  /** `https://127.0.0.1:PORT`, of the API server. */
  readonly server: string
  readonly dispatcher: Dispatcher
  readonly webhook: string
}

/** Registers one webhook for which nobody answers, so that what it is called for fails. */
export async function registerNobody(
  kubectl: Kubectl,
  webhook: string,
  matchConditions: readonly object[],
): Promise<void> {
  const { certificate: authority } = await createAuthority('nobody')
  await registerWebhooks(kubectl, { url: 'https://127.0.0.1:1', authority, webhooks: [webhook], matchConditions })
}

/** What became of an object: whether the webhook is called for it, and as what it would be stored, where it is not and is valid. */
export interface Tried {
  readonly called: boolean
  readonly stored?: object
}

/**
 * Makes an object in a dry run, and tells whether the webhook is called for it. Anything else that goes wrong is thrown, such as a
 * condition that could not be evaluated; but not that the object is invalid, which the API server finds afterwards.
 *
 * @param path e.g. `/api/v1/namespaces/default/pods`
 */
export async function tryObject(
  { server, dispatcher, webhook }: Asked,
  path: string,
  object: object,
  headers: Readonly<Record<string, string | string[]>> = {},
): Promise<Tried> {
  const { statusCode, body } = await request(`${server}${path}?dryRun=All`, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(object),
  })
  const text = await body.text()
  if (statusCode === 201) return { called: false, stored: JSON.parse(text) }
  if (statusCode === 422) return { called: false }
  if (text.includes(`failed calling webhook \\"${webhook}\\"`)) return { called: true }
  throw new Error(`${statusCode} ${text.slice(0, 500)}`)
}
