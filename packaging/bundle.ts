import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type BundledPackage, readPackages } from './bundled-packages.ts'
import { oidcConfig } from './oidc-config.ts'
import { undiciParts } from './undici-parts.ts'

export const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')

/** Packages of CommonJS ask for Node's modules by `require`, which modules do not have by themselves. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

/**
 * Writes the program with all that it needs to `dist/`: a file for each part that is loaded by itself, so that a command still
 * loads what it needs and no more. Source maps are written beside them and named by none of them: the package does without.
 *
 * Nothing is made smaller: a stack can be read as it is, and it was measured that it starts as fast (bench/README.md).
 */
export async function bundle(): Promise<readonly BundledPackage[]> {
  await rm(DIST, { recursive: true, force: true })
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: {
      cli: 'src/cli.ts',
      'decode-worker': 'src/http/decode-worker.ts',
      // Tinypool starts its threads with a file that it looks for here, seen from itself.
      'entry/worker': 'node_modules/tinypool/dist/entry/worker.js',
    },
    outdir: DIST,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.19',
    banner: { js: REQUIRE },
    // Undici leaves out its second parser of HTTP/1.1 where it is bundled so.
    define: { esbuildDetection: 'true' },
    sourcemap: 'external',
    metafile: true,
    plugins: [oidcConfig, undiciParts],
    logLevel: 'warning',
  })
  return readPackages([metafile])
}
