import { writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'
import type { Credential } from '../../tls/pki.ts'

export interface Access {
  readonly server: string
  /** As PEM: who has to have signed the server's certificate. */
  readonly authority: string
  /** A client certificate, or the token of a ServiceAccount. */
  readonly credential: Credential | { readonly token: string }
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
    users: [{ name, user: userOf(credential) }],
  }
  await writeFile(path, stringify(kubeconfig), { mode: 0o600 })
}

/** Writes the kubeconfig of which kube-apiserver takes its client certificate for webhooks, whatever their name. */
export async function writeWebhookKubeconfig(path: string, credential: Credential): Promise<void> {
  const users = [{ name: '*', user: userOf(credential) }]
  await writeFile(path, stringify({ apiVersion: 'v1', kind: 'Config', users }), { mode: 0o600 })
}

function userOf(credential: Access['credential']): Readonly<Record<string, string>> {
  if ('token' in credential) return credential
  return {
    'client-certificate-data': base64(credential.certificate),
    'client-key-data': base64(credential.key),
  }
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
