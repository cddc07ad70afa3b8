/**
 * Decodes base64 into a string of bytes, as Go does: padded if it ends in padding and unpadded otherwise; undefined where Go
 * fails. Line breaks may stand anywhere, and the bits that are left over in the last character need not be zero.
 *
 * No regular expression looks at the text, which holds a password: the engine remembers the last text that matched one.
 *
 * @see encoding/base64 of Go 1.26, StdEncoding and RawStdEncoding
 */
export function decodeBase64(text: string): string | undefined {
  const digits = text.replaceAll('\n', '').replaceAll('\r', '')
  const padding = digits.endsWith('==') ? 2 : digits.endsWith('=') ? 1 : 0
  const end = digits.length - padding
  if (end % 4 === 1 || (padding > 0 && digits.length % 4 !== 0)) return undefined
  try {
    const bytes = atob(digits)
    // What is too short had spaces in it, which atob passes over and Go does not.
    return bytes.length === Math.floor((end * 3) / 4) ? bytes : undefined
  } catch {
    return undefined
  }
}
