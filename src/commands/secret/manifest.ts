import { DOCKER_CONFIG_JSON_TYPE, readSecret } from '../../kubelet/secret.ts'
import { showRegistry } from '../../logins/find-logins.ts'
import type { Login } from '../../logins/login.ts'
import { findFaultsOfSecret } from '../../policy/findings/secret.ts'
import { readIgnored } from '../../review/secret.ts'
import { Budget } from '../../runtime/budget.ts'
import { visibleJson } from '../../runtime/visible.ts'

/** A Secret as kubectl applies it. It holds passwords. */
export interface PullSecretManifest {
  readonly apiVersion: 'v1'
  readonly kind: 'Secret'
  readonly metadata: SecretMetadata
  readonly immutable?: true
  readonly type: typeof DOCKER_CONFIG_JSON_TYPE
  /** In base64. */
  readonly data: Readonly<Record<string, string>>
}

/** What of a Secret's metadata is its maker's. */
export interface SecretMetadata {
  readonly name: string
  readonly namespace?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

/** The key of the docker config in the data of a pull secret. */
export const CONFIG_KEY = '.dockerconfigjson'

/** What a Secret may have in its data, by the API: a megabyte. */
const MAX_DATA_BYTES = 1024 * 1024

/** Makes a pull secret of logins, each as `docker login` writes it. */
export function makeSecret(
  metadata: SecretMetadata,
  logins: readonly Login[],
  kept: Pick<PullSecretManifest, 'immutable' | 'data'> = { data: {} },
): PullSecretManifest {
  const entries = logins.map(({ registry, user, password }) => [registry, { auth: btoa(`${user}:${password}`) }])
  const config = JSON.stringify({ auths: Object.fromEntries(entries) })
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    ...(kept.immutable && { immutable: true }),
    type: DOCKER_CONFIG_JSON_TYPE,
    data: { ...kept.data, [CONFIG_KEY]: Buffer.from(config).toString('base64') },
  }
}

/** What is wrong with a Secret, and what is only worth to be said. */
interface Verdict {
  readonly faults: readonly string[]
  readonly notes: readonly string[]
}

/**
 * What `regcred check` would say of a Secret, whether the API server takes it, and until when its passwords work.
 *
 * @param now milliseconds since the epoch
 */
export function judge(secret: PullSecretManifest, now: number): Verdict {
  const { metadata, data } = secret
  const size = Object.values(data).reduce((sum, text) => sum + Buffer.from(text, 'base64').length, 0)
  if (size > MAX_DATA_BYTES)
    return {
      faults: [`the Secret would be larger than 1 MiB, which Kubernetes does not take; choose less: --server REGISTRY`],
      notes: [],
    }
  const reading = readSecret({ metadata: { name: metadata.name }, type: secret.type, data })
  const ignored = readIgnored({ metadata: { annotations: metadata.annotations ?? {} } })
  const place = { isFile: true, namespace: metadata.namespace ?? 'default' }
  const found = findFaultsOfSecret({ reading, place, budget: Budget.forManifests()() })
  const faults = found.filter(({ code }) => !ignored.includes(code)).map(({ problem }) => problem)
  const entries = reading.kind === 'pullSecret' ? reading.entries : []
  const notes: string[] = []
  for (const { key, expires } of entries) {
    if (expires === undefined) continue
    const day = `${new Date(expires).toISOString().slice(0, 'YYYY-MM-DDThh:mm'.length).replace('T', ' ')} UTC`
    if (expires <= now) faults.push(`the password for ${showRegistry(key)} ran out on ${day}; log in again`)
    else notes.push(`the password for ${showRegistry(key)} runs out on ${day}; nothing is pulled with it after that`)
  }
  return { faults, notes }
}

/** A Secret as YAML or JSON in which every character can be seen: those that cannot are written as escapes. */
export async function printManifest(secret: PullSecretManifest, format: 'yaml' | 'json'): Promise<string> {
  if (format === 'json') return `${visibleJson(secret, 2)}\n`
  const { toYaml } = await import('./yaml.ts')
  return toYaml(secret)
}
