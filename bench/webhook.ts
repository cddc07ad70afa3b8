import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ControlPlane } from '../test/e2e/control-plane/control-plane.ts'
import { base64 } from '../test/e2e/control-plane/kubeconfig.ts'
import { outputOf } from '../test/e2e/control-plane/kubectl.ts'
import { createAuthority } from '../test/tls/pki.ts'

/** A certificate of a server on this machine, in the files of a folder, and who has signed it, as PEM. */
export interface ServerCertificate {
  readonly authority: string
  readonly certFile: string
  readonly keyFile: string
}

/** Writes `tls.crt` and `tls.key`. */
export async function writeServerCertificate(folder: string): Promise<ServerCertificate> {
  const authority = await createAuthority('bench webhook')
  const { certificate, key } = await authority.issueServer([])
  const [certFile, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')]
  await writeFile(certFile, certificate)
  await writeFile(keyFile, key, { mode: 0o600 })
  return { authority: authority.certificate, certFile, keyFile }
}

/** A webhook that stands for both stages, and fails closed. */
export interface BothStages {
  readonly name: string
  readonly authority: string
  readonly mutate: string
  readonly validate: string
  readonly namespaceSelector: object
  readonly resources: readonly string[]
  readonly operations: readonly string[]
}

/** Registers it. */
export async function registerBothStages(
  { kubectl }: Pick<ControlPlane, 'kubectl'>,
  stages: BothStages,
): Promise<void> {
  const { name, authority, namespaceSelector, resources, operations } = stages
  const items = Object.entries({
    MutatingWebhookConfiguration: stages.mutate,
    ValidatingWebhookConfiguration: stages.validate,
  }).map(([kind, url]) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name },
    webhooks: [
      {
        name: `${name}.example.com`,
        clientConfig: { url, caBundle: base64(authority) },
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Fail',
        timeoutSeconds: 10,
        namespaceSelector,
        rules: [{ apiGroups: [''], apiVersions: ['v1'], resources, operations }],
      },
    ],
  }))
  outputOf(await kubectl(['create', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) }))
}
