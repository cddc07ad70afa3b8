import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { spawnGuarded, waitForExit } from '../../processes/guard.ts'
import { findAssets, findNodeAssets } from '../build/assets.ts'
import { whyNoNode } from '../build/programs.ts'
import { buildTools } from '../build/tools.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { createPortFinder } from '../control-plane/ports.ts'
import { prepareNamespaces } from './namespaces.ts'
import { openPassage } from './passage.ts'

/** The port of the machine at which the API server in the namespaces is reached. */
export const DOOR = 'REGCRED_NODE_DOOR'

/** What people outside of the namespaces need. */
export interface Door {
  readonly server: string
  readonly kubeconfig: string
}

/**
 * Runs a program of Node's in namespaces for a node, until it ends or this process is asked to; then everything in there ends
 * at once. Resolves to its exit status, or 0 if it was asked to end.
 */
export async function startBehindDoor(command: readonly string[]): Promise<number> {
  const reason = await whyNoNode()
  if (reason !== undefined) throw new Error(reason)
  await findAssets()
  await findNodeAssets()
  const tools = await buildTools(['test/e2e/node/'])
  const { prefix, env, folder, remove } = await prepareNamespaces()
  const port = await createPortFinder()()
  await openPassage({ host: '127.0.0.1', port }, { path: socketIn(folder) })
  const [first = '', ...rest] = [...prefix, process.execPath, ...command]
  const child = spawnGuarded(first, rest, { env: { ...env, ...tools, [DOOR]: String(port) }, output: 'inherit' })
  let asked = false
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      asked = true
      child.kill('SIGKILL')
    })
  }
  const status = await waitForExit(child)
  await remove()
  if (asked) return 0
  return typeof status === 'number' ? status : 1
}

/** Lets whoever is outside of the namespaces reach the API server, and writes the administrator's kubeconfig for there. */
export async function openDoor({ server, kubeconfig }: ControlPlane): Promise<Door> {
  const { TMPDIR: folder = '', [DOOR]: port } = process.env
  await openPassage({ path: socketIn(folder) }, { host: '127.0.0.1', port: Number(new URL(server).port) })
  const outside = { server: `https://127.0.0.1:${port}`, kubeconfig: join(folder, 'kubeconfig') }
  const text = await readFile(kubeconfig, 'utf8')
  await writeFile(outside.kubeconfig, text.replaceAll(server, outside.server), { mode: 0o600 })
  return outside
}

function socketIn(folder: string): string {
  return join(folder, 'api-server.socket')
}
