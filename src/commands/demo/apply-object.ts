import { randomUUID } from 'node:crypto'
import jsonpatch, { type Operation } from 'fast-json-patch'
import { Agent } from 'undici'
import { getItems, getString, getText } from '../../kube/untyped.ts'

/** An object as it is sent. */
export interface SentObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

/** What came of an object that was sent through the webhooks. */
export interface Applied {
  readonly before: SentObject
  readonly after: SentObject
  readonly warnings: readonly string[]
  readonly refusal?: string
}

interface Response {
  readonly allowed: boolean
  readonly warnings?: readonly string[]
  readonly patch?: string
  readonly status?: { readonly message: string }
}

/** The webhooks that are called, one after the other, by the kind of an object. */
type Stage = 'mutate' | 'validate'

/**
 * Does what the API server does with an object: records who wrote its fields, calls the mutating webhook for a Pod, applies its patch, calls
 * the validating one.
 */
export async function applyObject(
  server: { readonly url: string; readonly ca: string },
  object: SentObject,
): Promise<Applied> {
  const agent = new Agent({ allowH2: false, connect: { ca: server.ca } })
  const managedFields = [ownerOf(object)]
  const ask = async (stage: Stage, one: SentObject) => {
    const owned = { ...one, metadata: { ...one.metadata, managedFields } }
    return await review(agent, `${server.url}/${stage}?timeout=10s`, owned)
  }
  try {
    const mutated = object.kind === 'Pod' ? await ask('mutate', object) : undefined
    const patch: Operation[] = mutated?.patch ? JSON.parse(Buffer.from(mutated.patch, 'base64').toString()) : []
    const after: SentObject = jsonpatch.applyPatch(structuredClone(object), patch).newDocument
    const validated = await ask('validate', after)
    const refusal = validated.status?.message
    return {
      before: object,
      after,
      warnings: [...(mutated?.warnings ?? []), ...(validated.warnings ?? [])],
      ...(validated.allowed || refusal === undefined ? {} : { refusal }),
    }
  } finally {
    await agent.close()
  }
}

/** The entry of `metadata.managedFields` for the author of a Pod, as far as regcred reads it. */
function ownerOf(object: SentObject): object {
  const references = getItems(object, 'spec', 'imagePullSecrets').map(one => getString(one, 'name'))
  const names = Object.fromEntries(references.map(name => [`k:${JSON.stringify({ name })}`, {}]))
  const fieldsV1 = { 'f:spec': { 'f:imagePullSecrets': names } }
  return {
    manager: 'kubectl-client-side-apply',
    operation: 'Update',
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1,
  }
}

async function review(dispatcher: Agent, url: string, object: SentObject): Promise<Response> {
  const { apiVersion, kind, metadata } = object
  const [version = '', group = ''] = apiVersion.split('/').reverse()
  const { origin, pathname, search } = new URL(url)
  const { statusCode, body } = await dispatcher.request({
    origin,
    path: `${pathname}${search}`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: {
        uid: randomUUID(),
        kind: { group, version, kind },
        resource: { group, version, resource: `${kind.toLowerCase()}s` },
        name: metadata.name,
        // Of a Namespace it is its own.
        namespace: kind === 'Namespace' ? metadata.name : getText(metadata, 'namespace') || 'default',
        operation: 'CREATE',
        userInfo: { username: 'jane' },
        object,
      },
    }),
  })
  const answer: unknown = await body.json()
  if (statusCode !== 200 || !isAnswer(answer)) throw new Error(`the webhook answered ${statusCode}`)
  return answer.response
}

function isAnswer(value: unknown): value is { readonly response: Response } {
  return typeof value === 'object' && value !== null && 'response' in value
}
