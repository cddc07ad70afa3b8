import { writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'
import type { Credential } from './pki.ts'

export interface Access {
  readonly server: string
  /** As PEM: who has to have signed the server's certificate. */
  readonly authority: string
  readonly credential: Credential
}

/** Writes a kubeconfig with one context that only this user can read. */
export async function writeKubeconfig(path: string, { server, authority, credential }: Access): Promise<void> {
  const name = 'regcred-test'
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(authority) } }],
    users: [
      {
        name,
        user: {
          'client-certificate-data': base64(credential.certificate),
          'client-key-data': base64(credential.key),
        },
      },
    ],
  }
  await writeFile(path, stringify(kubeconfig), { mode: 0o600 })
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
