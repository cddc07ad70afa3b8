import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findNodeAssets } from '../build/assets.ts'
import type { Component } from '../control-plane/component.ts'
import { type ControlPlane, startControlPlane } from '../control-plane/control-plane.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { type Owner, startBeside } from '../fixture.ts'
import { type Containerd, type Mirror, startContainerd } from './containerd.ts'
import type { CredentialProvider } from './credentials/credential-provider.ts'
import { REAL_NAME } from './front.ts'
import { writeImageArchive } from './image-archive.ts'
import { NODE, startNodeComponents } from './kubelet.ts'
import { NODE_ADDRESS, requireNamespaces } from './namespaces.ts'
import { JANE, type Registry, startRegistry, type User } from './registry.ts'

/** A node on which Pods run, and the private registry that it pulls from. */
export interface Node {
  readonly containerd: Containerd
  readonly registry: Registry
  readonly components: readonly Component[]
  /** Where the files of its servers are. */
  readonly folder: string
  /** Ends its servers. Its Pods' processes, mounts and addresses end with the namespaces. */
  stop(): Promise<void>
}

export interface NodeOptions {
  /** Of its registry; the first may push. */
  readonly users?: readonly [User, ...User[]]
  readonly mirrors?: readonly Mirror[]
  readonly providers?: readonly CredentialProvider[]
  /** Gives up the start. */
  readonly signal?: AbortSignal
}

/** Milliseconds that a node may take on a busy machine. */
const READY = 180_000

/**
 * Adds a node to a control plane that was started with NODE_ADDRESS, and waits until it is ready.
 */
export async function startNode(
  controlPlane: ControlPlane,
  { users = [JANE], mirrors = [], providers = [], signal }: NodeOptions = {},
): Promise<Node> {
  const assets = await findNodeAssets()
  requireNamespaces()
  const folder = join(controlPlane.folder, 'node')
  await mkdir(folder)
  const components: Component[] = []
  let registry: Registry | undefined
  const stop = async () => {
    await Promise.all(components.toReversed().map(component => component.stop(0)))
    registry?.front.close()
  }
  try {
    registry = await startRegistry(folder, users)
    components.push(registry.component)
    const containerd = await startContainerd(folder, registry.front.url, mirrors)
    components.push(containerd.component)
    await pushImage(folder, containerd, registry.address, users[0])
    const [kubelet, ...others] = await startNodeComponents(controlPlane, assets, folder, providers)
    if (kubelet === undefined) throw new Error('there is no kubelet')
    components.push(kubelet, ...others)
    const isReady = async () => {
      const path = '{.status.conditions[?(@.type=="Ready")].status}'
      const status = await controlPlane.kubectl(['get', 'node', NODE, `--output=jsonpath=${path}`])
      return outputOf(status) === 'True' ? true : undefined
    }
    await kubelet.waitUntil('the node is ready', isReady, { timeout: READY, interval: 200, signal })
    return { containerd, registry, components, folder, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The one image that the registry has, under every name. */
async function pushImage(folder: string, { ctr }: Containerd, address: string, user: User): Promise<void> {
  const name = `${address}/${REAL_NAME}`
  const root = join(folder, 'wait')
  const archive = await writeImageArchive(folder, { name, root, config: { Entrypoint: ['/wait'] } })
  // In a namespace of containerd's that the kubelet does not see: it has to pull.
  await ctr('--namespace', 'push', 'images', 'import', archive)
  const credentials = `${user.name}:${user.password}`
  await ctr('--namespace', 'push', 'images', 'push', '--plain-http', '--user', credentials, name)
}

/** Starts a control plane with a node for this test, and stops both after it. */
export async function withNode(t: Owner, options?: NodeOptions): Promise<{ controlPlane: ControlPlane; node: Node }> {
  const controlPlane = await startControlPlane({ address: NODE_ADDRESS })
  return { controlPlane, node: await startBeside(t, controlPlane, () => startNode(controlPlane, options)) }
}
