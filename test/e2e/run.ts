import { glob } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runTests } from '../processes/tap.ts'
import { findAssets, findNodeAssets } from './build/assets.ts'
import { whyNoNode } from './build/programs.ts'
import { buildTools } from './build/tools.ts'
import { makeTemporaryFolder } from './control-plane/folder.ts'
import { runMinors } from './minors.ts'
import { buildRegcredImage, IMAGE_VARIABLE } from './node/chart/regcred-image.ts'
import { prepareNamespaces } from './node/namespaces.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Seconds that one file may take. */
const TIMEOUT = 900

const USAGE = `Usage: npm run test:e2e -- [--minors] [NAME...]

Runs the tests of test/e2e/ whose file names contain one of the names, or all, one file after another. A name with a slash at its
end is a folder, in which the other names are looked for.
Those of test/e2e/node/ need root on Linux, and install the Debian packages that they miss. Where there can be no node they
are skipped; with CI set that is a failure.

  --minors  with the other minors of Kubernetes that the chart claims: the comparison with the kubelet's rules for each, and the
            tests that ask an API server for the oldest. The first time it builds them, for half an hour and more
  --help    this text
`

/**
 * Builds the control plane first, so that the minutes which that may take are seen and count for no test.
 */
async function main(): Promise<void> {
  const { values, positionals: names } = parseArgs({
    allowPositionals: true,
    options: { minors: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    return
  }
  const files: string[] = []
  for await (const file of glob('test/e2e/**/*.test.ts', { cwd: ROOT })) files.push(file)
  const wanted = files.sort().filter(file => isWanted(file, names))
  if (wanted.length === 0) throw new Error(`no file of test/e2e/ has a name with ${names.join(' or ')}`)
  await findAssets()
  Object.assign(process.env, await buildTools(wanted))
  if (values.minors) {
    process.exitCode = await runMinors(wanted, TIMEOUT, process.env)
    return
  }
  const onNode = wanted.filter(file => file.startsWith('test/e2e/node/'))
  const others = wanted.filter(file => !onNode.includes(file))
  const code = others.length === 0 ? 0 : await runTests(others, TIMEOUT)
  process.exitCode = (await runOnNode(onNode)) || code
}

/** In one of the folders that are named, with a slash at the end, and with one of the other names in it; each if there are any. */
function isWanted(file: string, names: readonly string[]): boolean {
  const folders = names.filter(name => name.endsWith('/'))
  const words = names.filter(name => !name.endsWith('/'))
  const holdsAny = (parts: readonly string[]) => parts.length === 0 || parts.some(part => file.includes(part))
  return holdsAny(folders) && holdsAny(words)
}

/** The tests that install the chart where Pods run, so that its image has to be there. */
const WITH_IMAGE = 'test/e2e/node/chart/'

/** Each file in namespaces of its own, for a node there. Resolves to the exit status. */
async function runOnNode(files: readonly string[]): Promise<number> {
  const reason = files.length === 0 ? undefined : await whyNoNode()
  if (reason !== undefined) return skip(files, reason)
  // Out here, because packages are fetched for it, and the namespaces lead nowhere.
  const steps = await makeTemporaryFolder(false, console.error, 'regcred-image-')
  let code = 0
  try {
    if (files.some(file => file.startsWith(WITH_IMAGE)))
      process.env[IMAGE_VARIABLE] ??= await buildRegcredImage(steps.path)
    for (const file of files) code = (await runInNamespaces(file)) || code
  } finally {
    await steps.remove()
  }
  return code
}

async function runInNamespaces(file: string): Promise<number> {
  await findNodeAssets()
  const namespaces = await prepareNamespaces()
  try {
    return await runTests([file], TIMEOUT, namespaces)
  } finally {
    await namespaces.remove()
  }
}

/** Says it as tap does, so that skipped tests are in the count. */
function skip(files: readonly string[], reason: string): number {
  for (const file of files) console.log(`ok ${file} # SKIP ${reason}`)
  console.log(`# { total: ${files.length}, pass: 0, skip: ${files.length} }`)
  return process.env['CI'] ? 1 : 0
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
})
