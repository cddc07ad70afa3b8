import { execFile } from 'node:child_process'
import { cp, glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { bundle, ROOT } from './bundle.ts'
import { writeNotices } from './notices.ts'
import { writeSbom } from './sbom.ts'

/** What goes into the package as it is. */
const COPIED = ['bin', 'docs', 'examples', 'CHANGELOG.md', 'LICENSE', 'README.md']
/** What package.json says to those who work on the project: in the package there is nothing to install, build or test. */
const NOT_PUBLISHED = ['private', 'scripts', 'tap', 'dependencies', 'devDependencies', 'allowScripts']

const { values } = parseArgs({ options: { destination: { type: 'string', default: ROOT } } })
const folder = await mkdtemp(join(tmpdir(), 'regcred-pack-'))
try {
  const packages = await bundle()
  const manifest = Object.entries(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')))
  const published = Object.fromEntries(manifest.filter(([key]) => !NOT_PUBLISHED.includes(key)))
  for (const name of COPIED) await cp(join(ROOT, name), join(folder, name), { recursive: true })
  for await (const file of glob('dist/**/*.js', { cwd: ROOT })) await cp(join(ROOT, file), join(folder, file))
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(published, null, 2)}\n`)
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES'), writeNotices(packages))
  await writeFile(join(folder, 'sbom.cdx.json'), await writeSbom(String(published['name']), packages))
  const { stdout } = await promisify(execFile)('npm', ['pack', '--silent', '--pack-destination', values.destination], {
    cwd: folder,
  })
  process.stdout.write(stdout)
} finally {
  await rm(folder, { recursive: true })
}
