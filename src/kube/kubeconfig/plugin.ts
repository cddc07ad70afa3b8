import type { RequestOptions } from 'node:https'
import { KubeConfig } from '@kubernetes/client-node'

/** Who is asked for credentials, as a kubeconfig writes it. */
export interface Plugin {
  readonly exec?: unknown
  readonly authProvider?: unknown
}

/** What it gave. */
interface PluginCredentials {
  readonly tls: Pick<RequestOptions, 'cert' | 'key'>
  readonly headers: Readonly<Record<string, string>>
}

/** The agent that client-node makes of it is all that looks at the cluster, and nobody uses that. */
const CLUSTER = { name: 'cluster', server: 'https://localhost', skipTLSVerify: false }

/**
 * Credentials of an exec plugin or an identity provider, asked by client-node, which knows them all, asks again when a token
 * ends, and takes more than a second to load: nothing may import this file before it is needed.
 */
export function openPlugin({ exec, authProvider }: Plugin): () => Promise<PluginCredentials> {
  const kubeConfig = new KubeConfig()
  kubeConfig.loadFromClusterAndUser(CLUSTER, { name: 'user', exec, authProvider })
  return async () => {
    const options: RequestOptions = {}
    await kubeConfig.applyToHTTPSOptions(options)
    const { cert, key, headers } = options
    return {
      tls: { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) },
      headers: Object.fromEntries(Object.entries({ ...headers }).map(([name, value]) => [name, String(value).trim()])),
    }
  }
}
