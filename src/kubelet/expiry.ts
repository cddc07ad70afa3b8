/** Characters of a password that may be a token; those of registries have a few thousand. */
export const MAX_TOKEN_LENGTH = 65_536

/**
 * When a password ends to be one, in milliseconds since the epoch: the claim `exp` of a JSON Web Token (unverified), or
 * `expiration` of an Amazon ECR authorization token. Undefined for every other password.
 *
 * @see RFC 7519, 4.1.4
 */
export function readExpiry(password: string): number | undefined {
  if (password.length > MAX_TOKEN_LENGTH) return undefined
  const [, payload, signature, more] = password.split('.', 4)
  if (payload === undefined) return readSeconds(password, 'expiration')
  return signature === undefined || more !== undefined ? undefined : readSeconds(payload, 'exp')
}

/** A field of a JSON object in base64, of either alphabet. */
function readSeconds(encoded: string, field: string): number | undefined {
  // A brace begins with this letter: most passwords need no decoding.
  if (!encoded.startsWith('e')) return undefined
  try {
    const json = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'))
    const seconds: unknown = JSON.parse(json)[field]
    const milliseconds = typeof seconds === 'number' ? seconds * 1000 : Number.NaN
    return Math.abs(milliseconds) <= MAX_DATE_MS ? milliseconds : undefined
  } catch {
    return undefined
  }
}

/** Latest date, since the epoch, that JavaScript can write in a message. */
const MAX_DATE_MS = 8.64e15
