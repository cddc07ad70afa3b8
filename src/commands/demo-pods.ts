import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import jsonpatch, { type Operation } from 'fast-json-patch'
import { Agent } from 'undici'
import { parse } from 'yaml'

/** A Pod as its author writes it. */
export interface Pod {
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly spec: { readonly imagePullSecrets?: readonly { readonly name: string }[] }
}

/** What came of a Pod that was sent through both webhooks. */
export interface Applied {
  readonly name: string
  readonly before: Pod
  readonly after: Pod
  readonly warnings: readonly string[]
  readonly refusal?: string
}

interface Response {
  readonly allowed: boolean
  readonly warnings?: readonly string[]
  readonly patch?: string
  readonly status?: { readonly message: string }
}

/** The Pod of the walkthrough, right and in each way that the walkthrough says it can go wrong. */
export function walkthroughPods(examples: string): { readonly title: string; readonly pod: Pod }[] {
  const pod: Pod = parse(readFileSync(`${examples}private-reg-pod.yaml`, 'utf8'))
  const naming = (name: string): Pod => ({ ...pod, spec: { ...pod.spec, imagePullSecrets: [{ name }] } })
  const { imagePullSecrets: _, ...without } = pod.spec
  return [
    { title: 'The Pod as it is', pod },
    { title: 'The name of the secret misspelt', pod: naming('regcerd') },
    {
      title: 'In another namespace than its secret, one that enforces',
      pod: { ...pod, metadata: { ...pod.metadata, namespace: 'awesomeapps' } },
    },
    { title: 'With an Opaque secret', pod: naming('regcred-opaque') },
    { title: 'Without imagePullSecrets', pod: { ...pod, spec: without } },
  ]
}

/**
 * Does what the API server does with a Pod: records who wrote its fields, calls the mutating webhook, applies its patch, calls
 * the validating one.
 */
export async function applyPod(server: { readonly url: string; readonly ca: string }, pod: Pod): Promise<Applied> {
  const agent = new Agent({ allowH2: false, connect: { ca: server.ca } })
  const managedFields = [ownerOf(pod)]
  const owned = (one: Pod): object => ({ ...one, metadata: { ...one.metadata, managedFields } })
  try {
    const mutated = await review(agent, `${server.url}/mutate?timeout=10s`, pod.metadata, owned(pod))
    const patch: Operation[] = mutated.patch ? JSON.parse(Buffer.from(mutated.patch, 'base64').toString()) : []
    const after: Pod = jsonpatch.applyPatch(structuredClone(pod), patch).newDocument
    const validated = await review(agent, `${server.url}/validate?timeout=10s`, pod.metadata, owned(after))
    const refusal = validated.status?.message
    return {
      name: pod.metadata.name,
      before: pod,
      after,
      warnings: [...(mutated.warnings ?? []), ...(validated.warnings ?? [])],
      ...(validated.allowed || refusal === undefined ? {} : { refusal }),
    }
  } finally {
    await agent.close()
  }
}

/** The entry of `metadata.managedFields` for the author of a Pod, as far as regcred reads it. */
function ownerOf({ spec: { imagePullSecrets = [] } }: Pod): object {
  const names = Object.fromEntries(imagePullSecrets.map(({ name }) => [`k:${JSON.stringify({ name })}`, {}]))
  const fieldsV1 = { 'f:spec': { 'f:imagePullSecrets': names } }
  return {
    manager: 'kubectl-client-side-apply',
    operation: 'Update',
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1,
  }
}

async function review(
  dispatcher: Agent,
  url: string,
  { name, namespace = 'default' }: Pod['metadata'],
  object: object,
): Promise<Response> {
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
        kind: { group: '', version: 'v1', kind: 'Pod' },
        resource: { group: '', version: 'v1', resource: 'pods' },
        name,
        namespace,
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
