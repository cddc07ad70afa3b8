import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { oidcConfig } from './oidc-config.ts'

export const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')

/** A package of which something is in the bundle. */
export interface BundledPackage {
  readonly name: string
  readonly version: string
  /** As its package.json says, e.g. `MIT`. */
  readonly license: string
  readonly folder: string
}

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
    sourcemap: 'external',
    metafile: true,
    plugins: [oidcConfig],
    logLevel: 'warning',
  })
  return listPackages(metafile)
}

/** The packages of which something is in a bundle. */
export function listPackages({ outputs }: Metafile): readonly BundledPackage[] {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  )
  const folders = new Set(files.filter(file => file.includes('node_modules/')).map(file => packageAround(file)))
  return [...folders].sort().map(readPackage)
}

/** The folder of the package that a file is of: the next one up whose package.json has a name and a version. */
function packageAround(file: string): string {
  const folder = dirname(file)
  const manifest = join(ROOT, folder, 'package.json')
  if (!existsSync(manifest)) return packageAround(folder)
  const { name, version } = JSON.parse(readFileSync(manifest, 'utf8'))
  return name === undefined || version === undefined ? packageAround(folder) : folder
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'))
  if (typeof license !== 'string') throw new Error(`${folder} does not say its license; it cannot be in the bundle`)
  return { name, version, license, folder }
}
