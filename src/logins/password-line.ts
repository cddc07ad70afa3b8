/** Size of a password on standard input: tokens of registries have a few thousand bytes. */
const MAX_PASSWORD_BYTES = 64 * 1024

/** A password as a string of bytes, or what is wrong with the input. */
export type PasswordRead =
  | { readonly ok: true; readonly password: string }
  | { readonly ok: false; readonly fault: string }

/**
 * Reads a password from a stream: one line, of which the line break is cut off. Google's keys, whose users are `_json_key` and the
 * like, are files of several lines.
 *
 * @param user a string of bytes
 */
export async function readPasswordLine(
  stream: AsyncIterable<Uint8Array | string>,
  user: string,
): Promise<PasswordRead> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk))
    bytes += chunk.length
    if (bytes > MAX_PASSWORD_BYTES)
      return { ok: false, fault: 'standard input has more than 64 KiB; give the password alone' }
  }
  const password = withoutLineBreak(Buffer.concat(chunks).toString('latin1'))
  if (password === '')
    return { ok: false, fault: 'standard input is empty, so there is no password. Did the command before it fail?' }
  if (password.startsWith(BYTE_ORDER_MARK) || password.includes('\0'))
    return { ok: false, fault: 'standard input is not plain UTF-8; write the password without a byte order mark' }
  if (password.includes('\n') && !user.startsWith('_json_key'))
    return { ok: false, fault: 'standard input has more than one line; give the password alone' }
  return { ok: true, password }
}

/** UTF-8's, as a string of bytes. */
const BYTE_ORDER_MARK = '\xef\xbb\xbf'

function withoutLineBreak(text: string): string {
  const end = text.endsWith('\r\n') ? -2 : text.endsWith('\n') ? -1 : text.length
  return text.slice(0, end)
}
