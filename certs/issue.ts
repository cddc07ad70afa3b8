import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { issueCertificate } from '../src/tls/issue.ts'

/** Writes a development certificate for this machine beside this file; git ignores all three. */
const { ca, cert, key } = await issueCertificate(['localhost', '127.0.0.1', '::1'])
for (const [name, text, mode] of [
  ['ca.crt', ca, 0o644],
  ['tls.crt', cert, 0o644],
  ['tls.key', key, 0o600],
] as const) {
  const file = join(import.meta.dirname, name)
  await writeFile(file, `${text}\n`, { mode })
  console.log(file)
}
