import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeKeyringPage } from './keyring-page.ts'

/** Where the site is put: `npm run site` writes it, the release workflow publishes it. */
const FOLDER = join(import.meta.dirname, '../dist/site')

await mkdir(FOLDER, { recursive: true })
await writeFile(join(FOLDER, 'index.html'), await makeKeyringPage())
