import type { DockerConfigFormat } from '../kubelet/docker-config.ts'
import { decodeBase64 } from '../kubelet/go/base64.ts'
import { encodeUtf8 } from '../kubelet/go/utf8.ts'
import { DOCKER_CONFIG_JSON_TYPE, DOCKERCFG_TYPE } from '../kubelet/secret.ts'
import type { SecretFields } from '../review/schema.ts'
import { readConfigRows } from './config-rows.ts'

/** A docker config in a Secret. It holds passwords, and lives as long as it is read. */
interface FoundConfig {
  /** Of the data. */
  readonly key: string
  readonly format: DockerConfigFormat
  /** A string of bytes. */
  readonly content: string
}

/** Keys of data that are looked at where the right one is not there. */
const MAX_KEYS = 100

/**
 * Finds the docker config of a Secret: under the key that its type has, or else under any.
 *
 * @returns undefined where there is none
 */
export function findConfig(secret: Pick<SecretFields, 'type' | 'data' | 'stringData'>): FoundConfig | undefined {
  const keys = new Set([...Object.keys(secret.stringData ?? {}), ...Object.keys(secret.data ?? {})])
  const own = OWN.get(secret.type ?? '')
  const content = own !== undefined && keys.has(own.key) ? contentOf(secret, own.key) : undefined
  if (own !== undefined && content) return { ...own, content }
  for (const key of [...keys].slice(0, MAX_KEYS)) {
    const other = contentOf(secret, key) ?? ''
    const format = formatOf(other)
    if (format !== undefined) return { key, format, content: other }
  }
  return undefined
}

/** The Secret that would be made of a docker config. */
export function pullSecretOf(name: string, dockerConfig: string): SecretFields {
  return { metadata: { name }, type: DOCKER_CONFIG_JSON_TYPE, stringData: { '.dockerconfigjson': dockerConfig } }
}

const OWN: ReadonlyMap<string, Pick<FoundConfig, 'key' | 'format'>> = new Map([
  [DOCKER_CONFIG_JSON_TYPE, { key: '.dockerconfigjson', format: 'dockerconfigjson' }],
  [DOCKERCFG_TYPE, { key: '.dockercfg', format: 'dockercfg' }],
])

/** `stringData` over `data`, as the API server merges them; undefined where it is not base64. */
function contentOf({ data, stringData }: Pick<SecretFields, 'data' | 'stringData'>, key: string): string | undefined {
  const text = stringData && Object.hasOwn(stringData, key) ? stringData[key] : undefined
  if (typeof text === 'string') return encodeUtf8(text)
  const encoded = data && Object.hasOwn(data, key) ? data[key] : undefined
  return decodeBase64(encoded ?? '')
}

/** A dockercfg is any JSON object of objects, so one of its entries has to have a login. */
function formatOf(content: string): DockerConfigFormat | undefined {
  if (!content.trimStart().startsWith('{')) return undefined
  if (readConfigRows('dockerconfigjson', content).rows.length > 0) return 'dockerconfigjson'
  const { rows } = readConfigRows('dockercfg', content)
  return rows.some(({ user, hasPassword }) => user !== '' && hasPassword) ? 'dockercfg' : undefined
}
