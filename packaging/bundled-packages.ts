import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Metafile } from 'esbuild'

const ROOT = join(import.meta.dirname, '..')

/** A package of which something is in the bundle. */
export interface BundledPackage {
  readonly name: string
  readonly version: string
  /** As its package.json says, e.g. `MIT`. */
  readonly license: string
  readonly folder: string
}

/** The packages of which something is in what esbuild wrote, by their folders. */
export function readPackages(metafiles: readonly Metafile[]): readonly BundledPackage[] {
  const outputs = metafiles.flatMap(metafile => Object.values(metafile.outputs))
  const files = outputs.flatMap(({ inputs }) =>
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
