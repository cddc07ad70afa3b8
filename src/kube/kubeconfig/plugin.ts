import type { RequestOptions } from 'node:https'
import { getString } from '../untyped.ts'
import { ExecPlugin } from './exec-plugin.ts'

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

/**
 * Credentials of an exec plugin or of an identity provider (`auth-provider: oidc`), asked by client-node, which asks again
 * when a token ends. Of client-node these two files are used: the whole takes more than a second to load.
 */
export function openPlugin({ exec, authProvider }: Plugin): () => Promise<PluginCredentials> {
  const apply = exec ? askExec(exec) : askProvider(authProvider)
  return async () => {
    const options: RequestOptions & { headers: Record<string, string> } = { headers: {} }
    await apply(options)
    const { cert, key, headers } = options
    return {
      tls: { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) },
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.trim()])),
    }
  }
}

function askExec(exec: unknown): (options: RequestOptions) => Promise<void> {
  const plugin = new ExecPlugin(exec)
  return options => plugin.apply(options)
}

/** As kubectl, which knows no other since 1.26. */
function askProvider(authProvider: unknown): (options: RequestOptions) => Promise<void> {
  const name = getString(authProvider, 'name')
  let opened: Promise<{ applyAuthentication(user: object, options: RequestOptions): Promise<void> }> | undefined
  return async options => {
    if (name !== 'oidc') throw new Error(`there is no auth-provider "${name}": use an exec plugin`)
    opened ??= import('@kubernetes/client-node/dist/oidc_auth.js').then(
      ({ OpenIDConnectAuth }) => new OpenIDConnectAuth(),
    )
    await (await opened).applyAuthentication({ name: 'user', authProvider }, options)
  }
}
