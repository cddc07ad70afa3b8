import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Operation } from 'fast-json-patch'
import { poll } from '../../processes/poll.ts'
import { createAuthority } from '../../tls/pki.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { base64 } from '../control-plane/kubeconfig.ts'
import { type Kubectl, outputOf } from '../control-plane/kubectl.ts'
import { fileOf, pod } from '../control-plane/objects.ts'

/** What the tests' mutator reads of a Pod. */
export interface MutatedPod {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> }
  readonly spec: { readonly containers: readonly { readonly name: string }[] }
}

/** Stands on every Pod that the mutator has seen. */
const SEEN = 'example.com/seen'

/**
 * Starts a second mutating webhook and registers it, so that it is called after regcred for the Pods of a namespace: what it
 * changes makes the API server call regcred again. It labels each Pod.
 * @param patchFor what else it does to a Pod that it has not seen before
 */
export async function startMutator(
  { kubectl }: ControlPlane,
  namespace: string,
  patchFor: (pod: MutatedPod) => readonly Operation[],
): Promise<{ close(): Promise<void> }> {
  const authority = await createAuthority('second mutator')
  const { certificate: cert, key } = await authority.issueServer([])
  const server = createServer({ cert, key }, async (incoming, outgoing) => {
    const { request } = JSON.parse(await text(incoming))
    const response = { uid: request.uid, allowed: true, ...mutate(request.object, patchFor) }
    outgoing.setHeader('content-type', 'application/json')
    outgoing.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await register(kubectl, namespace, { url: `https://127.0.0.1:${port}/`, caBundle: base64(authority.certificate) })
  return {
    async close() {
      outputOf(await kubectl(['delete', 'mutatingwebhookconfiguration', NAME]))
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Webhooks are called in the order of the names of their configurations: this one is behind ours. */
const NAME = 'second.example.com'

function mutate(object: MutatedPod, patchFor: (pod: MutatedPod) => readonly Operation[]) {
  const { labels } = object.metadata
  if (labels?.[SEEN] !== undefined) return {}
  const seen: Operation = { op: 'add', path: '/metadata/labels', value: { ...labels, [SEEN]: 'true' } }
  return { patchType: 'JSONPatch', patch: base64(JSON.stringify([seen, ...patchFor(object)])) }
}

async function register(kubectl: Kubectl, namespace: string, clientConfig: object): Promise<void> {
  const webhook = {
    name: NAME,
    clientConfig,
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    reinvocationPolicy: 'IfNeeded',
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
  }
  const head = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' }
  const input = fileOf({ ...head, metadata: { name: NAME }, webhooks: [webhook] })
  outputOf(await kubectl(['create', '-f', '-'], { input }))
  const probe = fileOf(pod(namespace, 'probe', { images: ['nginx'] }))
  await poll('the second mutator is called', async () => {
    const tried = await kubectl(['create', '--dry-run=server', '--output=json', '-f', '-'], { input: probe })
    return outputOf(tried).includes(SEEN) ? true : undefined
  })
}
