import { readSecret, type SecretReading } from '../kubelet/secret.ts'
import type { SecretFields } from './schema.ts'

/**
 * Reads a Secret object, with `stringData` over `data` as the API server merges them; undefined without a name. The
 * contents go no further than this.
 */
export function readSecretObject({ metadata, type, data, stringData }: SecretFields): SecretReading | undefined {
  if (!metadata?.name) return undefined
  const merged: Record<string, string> = Object.create(null)
  for (const [key, value] of Object.entries(data ?? {})) if (value !== null) merged[key] = value
  for (const [key, text] of Object.entries(stringData ?? {})) merged[key] = Buffer.from(text ?? '').toString('base64')
  const { name, annotations } = metadata
  return readSecret({ metadata: { name, annotations: annotations ?? {} }, type: type ?? 'Opaque', data: merged })
}
