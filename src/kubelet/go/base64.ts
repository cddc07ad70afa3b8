/**
 * Decodes base64 as Go does, padded if it ends in padding and unpadded otherwise; undefined where Go fails. Line breaks
 * may stand anywhere, and the bits that are left over in the last character need not be zero.
 *
 * @see encoding/base64 of Go 1.26, StdEncoding and RawStdEncoding
 */
export function decodeBase64(text: string): Buffer | undefined {
  const digits = text.replace(/[\r\n]+/g, '')
  const padding = digits.endsWith('==') ? 2 : digits.endsWith('=') ? 1 : 0
  const end = digits.length - padding
  if (NOT_A_DIGIT.test(digits.slice(0, end)) || end % 4 === 1) return undefined
  if (padding > 0 && (end + padding) % 4 !== 0) return undefined
  return Buffer.from(digits, 'base64')
}

const NOT_A_DIGIT = /[^A-Za-z0-9+/]/
