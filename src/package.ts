import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * The folder of this package: `src` stands in it, and so does the folder that the bundler writes its files to. The single file has
 * none, and packaging/executable/package.ts in place of this.
 */
const PACKAGE = new URL('../', import.meta.url)

/** The folder of the example manifests that come with the package, with a slash at the end. */
export function findExamples(): string {
  return fileURLToPath(new URL('examples/', PACKAGE))
}

/** The version of this package, from its own package.json. */
export function readVersion(): string {
  const { version }: { readonly version: string } = JSON.parse(readFileSync(new URL('package.json', PACKAGE), 'utf8'))
  return version
}
