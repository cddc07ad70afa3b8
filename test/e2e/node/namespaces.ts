import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeTemporaryFolder } from '../control-plane/folder.ts'

const ENTER = fileURLToPath(new URL('enter.sh', import.meta.url))
/** Where the node, and all that runs there with the host's network, is reached from its Pods. A documentation address. */
export const NODE_ADDRESS = '192.0.2.10'
const VARIABLE = 'REGCRED_NODE_FOLDER'
/** All but the users' and the cgroups' namespaces. The kernel ends every process of a PID namespace with its first one. */
const UNSHARE = ['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--']

/** Namespaces for a node and whoever uses it. */
export interface Namespaces {
  /** What to put before a command that is to run in new namespaces, which end with it. Only root may. */
  readonly prefix: readonly string[]
  /** The environment of that command. */
  readonly env: NodeJS.ProcessEnv
  /** The folder of all that they write; `TMPDIR` in there. */
  readonly folder: string
  /** Removes the folder and the cgroups, once the command has ended. They go as well if this process dies. */
  remove(): Promise<void>
}

/** Prepares namespaces in which processes, mounts, addresses and iptables rules leave nothing on the machine. */
export async function prepareNamespaces(keep = Boolean(process.env['REGCRED_KEEP'])): Promise<Namespaces> {
  const { path, remove } = await makeTemporaryFolder(keep, console.error, 'regcred-node-')
  return {
    prefix: [...UNSHARE, '/bin/sh', ENTER, NODE_ADDRESS, basename(path)],
    env: { ...process.env, TMPDIR: path, [VARIABLE]: path },
    folder: path,
    remove,
  }
}

/** Throws if this process is in no such namespaces: what a node does would stay on the machine. */
export function requireNamespaces(): void {
  if (process.env[VARIABLE] === undefined)
    throw new Error('a node needs namespaces of its own; run npm run test:node -- NAME')
}
