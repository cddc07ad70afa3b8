import { readFileSync } from 'node:fs'

/** The version of this package, from its own package.json, beside which `src` and `dist` stand. */
export function readVersion(): string {
  const { version }: { readonly version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  )
  return version
}
