import { DATA_KEYS, readSecret, type SecretReading } from '../kubelet/secret.ts'
import { readIgnores } from '../policy/ignores.ts'
import { IGNORE_ANNOTATION } from '../policy/labels.ts'
import type { SecretFields } from './schema.ts'

/**
 * Reads a Secret object, with `stringData` over `data` as the API server merges them; undefined without a name. The
 * contents go no further than this.
 */
export function readSecretObject({ metadata, type, data, stringData }: SecretFields): SecretReading | undefined {
  if (!metadata?.name) return undefined
  const merged: Record<string, string> = {}
  // Whatever else a Secret may hold, nobody reads.
  for (const key of DATA_KEYS) {
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

/** The codes of findings that a Secret's own annotation switches off. */
export function readIgnored({ metadata }: SecretFields): readonly string[] {
  const listed = metadata?.annotations?.[IGNORE_ANNOTATION]
  if (typeof listed !== 'string' || listed.length > MAX_IGNORED_LENGTH) return []
  return readIgnores(listed).map(({ code }) => code)
}

/** Characters of that annotation, with a reason for each code. */
const MAX_IGNORED_LENGTH = 4096
