/**
 * When a password ends to be one, in milliseconds since the epoch: the claim `exp` of a JSON Web Token (unverified), or
 * `expiration` of an Amazon ECR authorization token. Undefined for every other password.
 *
 * @see RFC 7519, 4.1.4
 */
export function readExpiry(password: string): number | undefined {
  const [, payload, signature, more] = password.split('.', 4)
  if (payload === undefined) return readSeconds(Buffer.from(password, 'base64'), 'expiration')
  return signature === undefined || more !== undefined
    ? undefined
    : readSeconds(Buffer.from(payload, 'base64url'), 'exp')
}

function readSeconds(json: Buffer, field: string): number | undefined {
  if (json[0] !== OPEN_BRACE) return undefined
  try {
    const seconds: unknown = JSON.parse(json.toString())[field]
    const milliseconds = typeof seconds === 'number' ? seconds * 1000 : Number.NaN
    return Math.abs(milliseconds) <= FURTHEST ? milliseconds : undefined
  } catch {
    return undefined
  }
}

const OPEN_BRACE = 0x7b
/** Milliseconds: beyond it there are no dates to write in a message. */
const FURTHEST = 8.64e15
