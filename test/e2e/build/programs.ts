import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Programs that a node needs and that are not built here, by the Debian package that has them. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'apache2-utils': ['htpasswd'],
  containerd: ['containerd', 'containerd-shim-runc-v2', 'ctr'],
  'containernetworking-plugins': ['/usr/lib/cni/bridge', '/usr/lib/cni/host-local', '/usr/lib/cni/loopback'],
  'docker-registry': ['docker-registry'],
  iproute2: ['ip'],
  iptables: ['iptables'],
  runc: ['runc'],
  'util-linux': ['unshare'],
}

/** The machine that is to be the node. */
export interface Machine {
  readonly platform: string
  readonly user: number | undefined
  /** Where programs are looked for. */
  readonly folders: readonly string[]
  /** Told what takes long. */
  readonly tell: (line: string) => void
}

/** Where they are; not everybody's PATH has all of these, root's included. */
export const PROGRAM_FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'] as const

const THIS: Machine = {
  platform: process.platform,
  user: process.getuid?.(),
  folders: PROGRAM_FOLDERS,
  tell: console.error,
}

/**
 * Makes sure that a node can be had on this machine, and installs the Debian packages that are missing.
 *
 * | who runs this     | a program is missing     | outcome                                     |
 * | ----------------- | ------------------------ | ------------------------------------------- |
 * | root on Linux     | no                       | undefined                                   |
 * | root on Linux     | yes, there is apt-get    | undefined; throws if apt-get fails          |
 * | root on Linux     | yes, there is no apt-get | the reason, with the packages' Debian names |
 * | anybody, anywhere |                          | the reason                                  |
 */
export async function whyNoNode(machine: Machine = THIS): Promise<string | undefined> {
  if (machine.platform !== 'linux') return 'a node needs Linux'
  if (machine.user !== 0) return 'a node needs root: namespaces, mounts and iptables'
  const missing = await findMissing(machine)
  if (missing.length === 0) return undefined
  const names = missing.join(' ')
  const apt = await find('apt-get', machine)
  if (apt === undefined) return `a node needs what Debian has in: ${names}`
  machine.tell(`installing ${names}`)
  await install(apt, missing)
  const still = await findMissing(machine)
  return still.length === 0 ? undefined : `apt-get installed ${names}, but these lack a program: ${still.join(' ')}`
}

async function findMissing(machine: Machine): Promise<string[]> {
  const missing: string[] = []
  for (const [name, programs] of Object.entries(PACKAGES)) {
    const found = await Promise.all(programs.map(program => find(program, machine)))
    if (found.includes(undefined)) missing.push(name)
  }
  return missing
}

async function find(program: string, { folders }: Machine): Promise<string | undefined> {
  const paths = program.startsWith('/') ? [program] : folders.map(folder => join(folder, program))
  for (const path of paths) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  return undefined
}

/** Without starting what they bring as services: a node starts its own. */
async function install(apt: string, packages: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  const run = (...args: readonly string[]) => promisify(execFile)(apt, args, { env, maxBuffer: 1e8 })
  await run('update')
  await run('install', '--yes', '--no-install-recommends', ...packages)
}
