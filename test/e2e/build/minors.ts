import { glob, mkdir, readFile, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { buildOnce, findAssets, HERE, hashFiles, KUBERNETES, kubernetes, locateCache } from './assets.ts'
import { buildTool, ORACLE } from './tools.ts'

/** A minor of Kubernetes beside the pinned one, by its pins in test/e2e/kubernetes/minors. */
export interface Minor {
  /** `v1.30.14` */
  readonly version: string
  /** Which go.mod, and which of the oracle's sources. */
  readonly goFlags: readonly string[]
  /** What its programs are made from, below test/e2e/kubernetes. */
  readonly pins: readonly string[]
}

/** The first minor whose keyring knows of which Secret a credential is. */
const FIRST_TRACKED = 33
const OTHER_ORACLE = { ...ORACLE, instead: 'leave out --minors' }

/** The oldest first. */
export async function listMinors(): Promise<Minor[]> {
  const files: string[] = []
  for await (const file of glob('minors/*.mod', { cwd: KUBERNETES })) files.push(file)
  return Promise.all(files.sort().map(readMinor))
}

async function readMinor(file: string): Promise<Minor> {
  const [, version, minor] =
    /k8s\.io\/kubernetes (v1\.(\d+)\.\d+)/.exec(await readFile(join(KUBERNETES, file), 'utf8')) ?? []
  if (version === undefined) throw new Error(`${basename(file)} does not say which Kubernetes it pins`)
  const tags = Number(minor) < FIRST_TRACKED ? ['-tags=untracked'] : []
  return { version, goFlags: [`-modfile=${file}`, ...tags], pins: [file, file.replace(/\.mod$/, '.sum')] }
}

/** Builds the program that asks this minor's kubelet, or finds it built. @returns its path */
export function buildOracle({ version, goFlags, pins }: Minor): Promise<string> {
  return buildTool({ ...OTHER_ORACLE, name: `oracle-${version}`, goFlags, sources: [...ORACLE.sources, ...pins] })
}

/** The oracle of the pinned version with the JSON of Go 1.27, with which Kubernetes 1.38 is built. @returns its path */
export function buildOracleWithJsonV2(): Promise<string> {
  const env = { ...HERE.env, GOEXPERIMENT: 'jsonv2' }
  return buildTool({ ...OTHER_ORACLE, name: 'oracle-jsonv2' }, { ...HERE, env })
}

/** Builds this minor's API server and controllers. @returns a folder for KUBEBUILDER_ASSETS, with the pinned etcd and kubectl */
export async function buildControlPlane({ version, goFlags, pins }: Minor): Promise<string> {
  const hash = await hashFiles(pins.map(pin => join(KUBERNETES, pin)))
  const folder = join(await locateCache(HERE.env), `${version}-${hash}`)
  const pinned = await findAssets()
  await mkdir(folder, { recursive: true })
  for (const path of [pinned.etcd, pinned.kubectl]) {
    await symlink(path, join(folder, basename(path))).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
  for (const name of ['kube-apiserver', 'kube-controller-manager'])
    await buildOnce({ ...kubernetes(name, version), goFlags }, folder, HERE)
  return folder
}
