import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ROOT } from './bundle.ts'
import type { BundledPackage } from './bundled-packages.ts'

interface Bill {
  readonly metadata: { readonly component: { readonly [key: string]: unknown } }
  readonly components: readonly { readonly 'bom-ref': string; readonly name: string; readonly version: string }[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

/** The bill of materials as npm writes it (CycloneDX), of what is in the bundle and nothing else. */
export async function writeSbom(name: string, packages: readonly BundledPackage[]): Promise<string> {
  // What is installed for building alone is among it, and is left out below.
  const { stdout } = await promisify(execFile)('npm', ['sbom', '--sbom-format=cyclonedx'], {
    cwd: ROOT,
    maxBuffer: 1e8,
  })
  const bill: Bill = JSON.parse(stdout)
  const bundled = new Set(packages.map(({ name, version }) => `${name}@${version}`))
  const components = bill.components.filter(({ name, version }) => bundled.has(`${name}@${version}`))
  const refs = new Set([String(bill.metadata.component['bom-ref']), ...components.map(one => one['bom-ref'])])
  const dependencies = bill.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(one => refs.has(one)) }))
  // npm takes the name of the folder.
  const metadata = { ...bill.metadata, component: { ...bill.metadata.component, name } }
  return `${JSON.stringify({ ...bill, metadata, components, dependencies }, null, 2)}\n`
}
