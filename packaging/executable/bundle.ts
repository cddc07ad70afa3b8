import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { ROOT } from '../bundle.ts'
import { type BundledPackage, readPackages } from '../bundled-packages.ts'
import { oidcConfig } from '../oidc-config.ts'
import { replacements, WORKER_ASSET } from './replacements.ts'

/** A module of CommonJS does not know where it is; what is in the single file is where that is. */
const HERE = "const here = require('node:url').pathToFileURL(process.execPath).href;"

const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node24',
  // `import()` finds nothing in a single file but what Node itself has; `require` finds it as well, and as late.
  supported: { 'dynamic-import': false },
  banner: { js: HERE },
  metafile: true,
  plugins: [replacements, oidcConfig],
  logLevel: 'warning',
} satisfies BuildOptions

interface BundledExecutable {
  readonly main: string
  readonly worker: string
  readonly packages: readonly BundledPackage[]
}

/**
 * Writes what the single file runs to a folder: the program as one script, and the script of the decoder's thread. What a command
 * does not need is in the same script and is not run.
 */
export async function bundleExecutable(folder: string, version: string): Promise<BundledExecutable> {
  const define = {
    'import.meta.url': 'here',
    'import.meta.filename': 'process.execPath',
    REGCRED_VERSION: JSON.stringify(version),
  }
  const [main, worker] = [join(folder, 'main.js'), join(folder, WORKER_ASSET)]
  const program = await build({ ...OPTIONS, define, entryPoints: ['packaging/executable/main.ts'], outfile: main })
  const thread = await build({
    ...OPTIONS,
    define,
    entryPoints: ['node_modules/tinypool/dist/entry/worker.js'],
    outfile: worker,
  })
  return { main, worker, packages: readPackages([program.metafile, thread.metafile]) }
}
