import { glob, mkdir, readFile, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { buildOnce, COMPILE, findAssets, HERE, hashFiles, KUBERNETES, kubernetes, locateCache } from './assets.ts'
import type { BuildContext, Recipe } from './go.ts'

/** A minor of Kubernetes beside the pinned one, by its pins in test/e2e/kubernetes/minors. */
export interface Minor {
  /** `v1.30.14` */
  readonly version: string
  /** Which go.mod, and which of the oracle's sources. */
  readonly goFlags: readonly string[]
  /** What its programs are made from. */
  readonly pins: readonly string[]
}

const PINS = join(KUBERNETES, 'minors')
/** The first minor whose keyring knows of which Secret a credential is. */
const FIRST_TRACKED = 33
const ORACLE: Omit<Recipe, 'name'> = {
  module: KUBERNETES,
  package: './oracle',
  flags: COMPILE,
  instead: 'leave out --minors',
}

/** The oldest first. */
export async function listMinors(): Promise<Minor[]> {
  const files: string[] = []
  for await (const file of glob('*.mod', { cwd: PINS })) files.push(join(PINS, file))
  return Promise.all(files.sort().map(readMinor))
}

async function readMinor(file: string): Promise<Minor> {
  const [, version, minor] = /k8s\.io\/kubernetes (v1\.(\d+)\.\d+)/.exec(await readFile(file, 'utf8')) ?? []
  if (version === undefined) throw new Error(`${basename(file)} does not say which Kubernetes it pins`)
  const tags = Number(minor) < FIRST_TRACKED ? ['-tags=untracked'] : []
  return { version, goFlags: [`-modfile=${file}`, ...tags], pins: [file, file.replace(/\.mod$/, '.sum')] }
}

/** Builds the program that asks this minor's kubelet, or finds it built. @returns its path */
export async function buildOracle({ version, goFlags, pins }: Minor, context = HERE): Promise<string> {
  const name = `oracle-${version}-${await hashFiles([...pins, ...(await listOracleSources())])}`
  return buildOnce({ ...ORACLE, name, goFlags }, await locateCache(context.env), context)
}

/** The oracle of the pinned version with the JSON of Go 1.27, with which Kubernetes 1.38 is built. @returns its path */
export async function buildOracleWithJsonV2(context = HERE): Promise<string> {
  const name = `oracle-jsonv2-${await hashFiles(await listOracleSources())}`
  const env = { ...context.env, GOEXPERIMENT: 'jsonv2' }
  return buildOnce({ ...ORACLE, name }, await locateCache(context.env), { ...context, env })
}

/** Builds this minor's API server and controllers. @returns a folder for KUBEBUILDER_ASSETS, with the pinned etcd and kubectl */
export async function buildControlPlane(minor: Minor, context: BuildContext = HERE): Promise<string> {
  const { version, goFlags, pins } = minor
  const folder = join(await locateCache(context.env), `${version}-${await hashFiles(pins)}`)
  const pinned = await findAssets(context)
  await mkdir(folder, { recursive: true })
  for (const path of [pinned.etcd, pinned.kubectl]) {
    await symlink(path, join(folder, basename(path))).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
  for (const name of ['kube-apiserver', 'kube-controller-manager'])
    await buildOnce({ ...kubernetes(name, version), goFlags }, folder, context)
  return folder
}

async function listOracleSources(): Promise<string[]> {
  const files: string[] = []
  for await (const file of glob('oracle/*.go', { cwd: KUBERNETES })) files.push(join(KUBERNETES, file))
  return files.sort()
}
