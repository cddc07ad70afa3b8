import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { issueCertificate } from '../src/tls/issue.ts'

/** Writes a development certificate for this machine into a folder: this one, where git ignores it, or the one named. */
const [folder = import.meta.dirname] = process.argv.slice(2)
const { ca, cert, key } = await issueCertificate(['localhost', '127.0.0.1', '::1'])
for (const [name, text, mode] of [
  ['ca.crt', ca, 0o644],
  ['tls.crt', cert, 0o644],
  ['tls.key', key, 0o600],
] as const) {
  const file = join(folder, name)
  await writeFile(file, `${text}\n`, { mode })
  console.log(file)
}
