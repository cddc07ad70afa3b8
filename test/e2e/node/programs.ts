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
const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

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
export async function whyNoNode(tell: (line: string) => void = console.error): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'a node needs Linux'
  if (process.getuid?.() !== 0) return 'a node needs root: namespaces, mounts and iptables'
  const missing = await findMissing()
  if (missing.length === 0) return undefined
  const names = missing.join(' ')
  if (!(await isThere('apt-get'))) return `a node needs what Debian has in: ${names}`
  tell(`installing ${names}`)
  await install(missing)
  const still = await findMissing()
  return still.length === 0 ? undefined : `apt-get installed ${names}, but these lack a program: ${still.join(' ')}`
}

async function findMissing(): Promise<string[]> {
  const missing: string[] = []
  for (const [name, programs] of Object.entries(PACKAGES)) {
    const there = await Promise.all(programs.map(isThere))
    if (there.includes(false)) missing.push(name)
  }
  return missing
}

async function isThere(program: string): Promise<boolean> {
  const paths = program.startsWith('/') ? [program] : FOLDERS.map(folder => join(folder, program))
  const found = await Promise.all(paths.map(path => access(path, constants.X_OK).then(yes, no)))
  return found.includes(true)
}

const yes = () => true
const no = () => false

/** Without starting what they bring as services: a node starts its own. */
async function install(packages: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  const run = (...args: readonly string[]) => promisify(execFile)('apt-get', args, { env, maxBuffer: 1e8 })
  await run('update')
  await run('install', '--yes', '--no-install-recommends', ...packages)
}
