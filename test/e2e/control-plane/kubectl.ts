import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

export interface KubectlResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

interface KubectlOptions {
  /** What `-f -` reads. */
  readonly input?: string
  /** Whom to impersonate, and with which groups. */
  readonly as?: string
  readonly groups?: readonly string[]
  /** Another kubeconfig than the administrator's. */
  readonly kubeconfig?: string
  /** Milliseconds after which it is killed. */
  readonly timeout?: number
}

export type Kubectl = (args: readonly string[], options?: KubectlOptions) => Promise<KubectlResult>

/** Makes a kubectl that knows nothing of the person who runs it: its home is a folder of the cluster's. */
export function createKubectl(binary: string, folder: string, kubeconfig: string): Kubectl {
  return async (args, { input = '', as, groups = [], timeout = 60_000, ...options } = {}) => {
    const home = join(folder, 'home')
    const env = {
      HOME: home,
      PATH: process.env['PATH'],
      KUBECONFIG: options.kubeconfig ?? kubeconfig,
      KUBECACHEDIR: join(home, 'cache'),
    }
    const identity = [...(as === undefined ? [] : [`--as=${as}`]), ...groups.map(group => `--as-group=${group}`)]
    const child = spawn(binary, [...identity, ...args], { env, timeout, stdio: 'pipe' })
    // kubectl may end without having read it all.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { code: child.exitCode ?? 128, stdout, stderr }
  }
}

/** What a kubectl that had to succeed printed. Throws with what it said if it failed. */
export function outputOf({ code, stdout, stderr }: KubectlResult): string {
  if (code !== 0) throw new Error(`kubectl failed with status ${code}: ${stderr.trim()}`)
  return stdout
}
