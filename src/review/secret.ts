import { readSecret, type SecretReading } from '../kubelet/secret.ts'
import type { SecretFields } from './schema.ts'

/** Where a pull secret keeps its docker config; whatever else a Secret may hold, nobody reads. */
const DOCKER_CONFIG_JSON_KEY = '.dockerconfigjson'
const DOCKERCFG_KEY = '.dockercfg'

/**
 * Reads a Secret object, with `stringData` over `data` as the API server merges them; undefined without a name. The
 * contents go no further than this.
 */
export function readSecretObject({ metadata, type, data, stringData }: SecretFields): SecretReading | undefined {
  if (!metadata?.name) return undefined
  const merged: Record<string, string> = {}
  for (const key of [DOCKER_CONFIG_JSON_KEY, DOCKERCFG_KEY]) {
    const value = ownOf(data, key)
    const text = ownOf(stringData, key)
    if (text !== undefined) merged[key] = Buffer.from(text ?? '').toString('base64')
    else if (typeof value === 'string') merged[key] = value
  }
  const { name, annotations } = metadata
  return readSecret({ metadata: { name, annotations: annotations ?? {} }, type: type ?? 'Opaque', data: merged })
}

/** Undefined where there is none. */
function ownOf(texts: SecretFields['data'], key: string): string | null | undefined {
  return texts && Object.hasOwn(texts, key) ? texts[key] : undefined
}
