import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { access, mkdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildContext, buildBinary, checkGo, type Recipe } from './go.ts'
import { withLock } from './lock.ts'

/** The paths of the binaries that make a control plane. */
export interface Assets {
  readonly etcd: string
  readonly kubeApiServer: string
  readonly kubeControllerManager: string
  readonly kubectl: string
}

/** The paths of the binaries that make a node of it, which are built only where one is wanted. */
export interface NodeAssets {
  readonly kubelet: string
  readonly kubeProxy: string
  readonly kubeScheduler: string
}

const ETCD = fileURLToPath(new URL('../etcd/', import.meta.url))
/** The module that pins Kubernetes. */
export const KUBERNETES = fileURLToPath(new URL('../kubernetes/', import.meta.url))
/** Builds as this process would, and shows progress to whoever watches it. */
export const HERE: BuildContext = { env: process.env, stream: process.stderr }
const INSTEAD = 'set KUBEBUILDER_ASSETS to a folder that has it'
/** Flags of every build. */
export const COMPILE = ['-trimpath', '-buildvcs=false']
/** The pinned version. */
const VERSION = 'v1.37.2'

const RECIPES = {
  etcd: { name: 'etcd', module: ETCD, package: 'go.etcd.io/etcd/server/v3', flags: COMPILE, instead: INSTEAD },
  kubeApiServer: kubernetes('kube-apiserver'),
  kubeControllerManager: kubernetes('kube-controller-manager'),
  kubectl: kubernetes('kubectl'),
} satisfies Record<keyof Assets, Recipe>

/**
 * Finds the binaries of the control plane, and builds those that are missing.
 *
 * | KUBEBUILDER_ASSETS | it holds                           | the binaries are                                   |
 * | ------------------ | ---------------------------------- | -------------------------------------------------- |
 * | not set            |                                    | the cached ones, built if there are none           |
 * | set                | all four                           | those                                              |
 * | set                | all but kube-controller-manager    | those and the cached one: envtest ships without it |
 * | set                | less                               | an error that names what is missing                |
 */
export async function findAssets(context: BuildContext = HERE): Promise<Assets> {
  const given = context.env['KUBEBUILDER_ASSETS']
  if (given === undefined || given === '') return buildAll(context)
  const at = (recipe: Recipe) => join(given, recipe.name)
  const { etcd, kubeApiServer, kubeControllerManager, kubectl } = RECIPES
  const missing = await filterMissing([etcd, kubeApiServer, kubectl].map(at))
  if (missing.length > 0) {
    throw new Error(
      `KUBEBUILDER_ASSETS is ${given}, which has no executable ${missing.map(path => basename(path)).join(', ')}`,
    )
  }
  const hasControllerManager = (await filterMissing([at(kubeControllerManager)])).length === 0
  return {
    etcd: at(etcd),
    kubeApiServer: at(kubeApiServer),
    kubectl: at(kubectl),
    kubeControllerManager: hasControllerManager
      ? at(kubeControllerManager)
      : await buildOnce(kubeControllerManager, await locateCache(context.env), context),
  }
}

/** Finds kubectl alone, as {@link findAssets} does, and builds it if it is missing. */
export async function findKubectl(context: BuildContext = HERE): Promise<string> {
  const given = context.env['KUBEBUILDER_ASSETS']
  if (given !== undefined && given !== '') return join(given, RECIPES.kubectl.name)
  return buildOnce(RECIPES.kubectl, await locateCache(context.env), context)
}

/** Finds the binaries of a node in KUBEBUILDER_ASSETS, and builds those that are missing there. */
export async function findNodeAssets(context: BuildContext = HERE): Promise<NodeAssets> {
  const cache = await locateCache(context.env)
  const find = async (name: string) => {
    const given = join(context.env['KUBEBUILDER_ASSETS'] || cache, name)
    return (await filterMissing([given])).length === 0 ? given : buildOnce(kubernetes(name), cache, context)
  }
  return {
    kubelet: await find('kubelet'),
    kubeProxy: await find('kube-proxy'),
    kubeScheduler: await find('kube-scheduler'),
  }
}

/** One of Kubernetes' own programs. */
export function kubernetes(name: string, version = VERSION): Recipe {
  const flags = [...COMPILE, '-ldflags', link(version)]
  return { name, module: KUBERNETES, package: `k8s.io/kubernetes/cmd/${name}`, flags, instead: INSTEAD }
}

/** Without it the API server takes itself for v0.0.0, and kubectl misreads what it can do. */
function link(version: string): string {
  const [major, minor] = version.slice(1).split('.')
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor }
  return Object.entries(values)
    .map(([key, value]) => `-X k8s.io/component-base/version.${key}=${value}`)
    .join(' ')
}

/** One after the other: linking all at once takes more memory than small machines have. */
async function buildAll(context: BuildContext): Promise<Assets> {
  const cache = await locateCache(context.env)
  return {
    etcd: await buildOnce(RECIPES.etcd, cache, context),
    kubeApiServer: await buildOnce(RECIPES.kubeApiServer, cache, context),
    kubeControllerManager: await buildOnce(RECIPES.kubeControllerManager, cache, context),
    kubectl: await buildOnce(RECIPES.kubectl, cache, context),
  }
}

/** Builds a binary into the folder, or finds it there. Returns its path. */
export async function buildOnce(recipe: Recipe, folder: string, context: BuildContext): Promise<string> {
  const target = join(folder, recipe.name)
  const isMissing = async () => (await filterMissing([target])).length > 0
  if (await isMissing()) {
    await checkGo(recipe, context.env)
    await mkdir(folder, { recursive: true })
    const waiting = () => context.stream.write(`${recipe.name}: another run is building it, waiting\n`)
    await withLock(`${target}.lock`, waiting, async () => {
      if (await isMissing()) await buildBinary(recipe, target, context)
    })
  }
  return target
}

/** The cache: a folder of its own for whatever decides what the binaries are. */
export async function locateCache(env: NodeJS.ProcessEnv): Promise<string> {
  const pins = [ETCD, KUBERNETES].flatMap(module => [join(module, 'go.mod'), join(module, 'go.sum')])
  const key = await hashFiles(pins, [process.platform, process.arch, ...COMPILE, link(VERSION)])
  const cache = env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  return join(env['REGCRED_CACHE'] || join(cache, 'regcred'), `control-plane-${key}`)
}

/** A short hash of what the files and the texts say. */
export async function hashFiles(paths: readonly string[], more: readonly string[] = []): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(await readFile(path)).update('\0')
  for (const text of more) hash.update(text).update('\0')
  return hash.digest('hex').slice(0, 16)
}

async function filterMissing(paths: readonly string[]): Promise<string[]> {
  const missing: string[] = []
  for (const path of paths) {
    await access(path, constants.X_OK).catch(() => missing.push(path))
  }
  return missing
}

if (import.meta.main) {
  try {
    console.log(dirname((await findAssets()).kubectl))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  }
}
