import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'

/** Where a `regcred serve` listens, by its own log. */
export interface Addresses {
  readonly address: string
  readonly metrics: string
  /** With `--health-port`. */
  readonly health: string
}

/** Waits until a `regcred serve` serves, whose standard error is a pipe. What it writes after that is dropped. */
export async function addressesOf(child: ChildProcess): Promise<Addresses> {
  if (child.stderr === null) throw new Error('no log')
  for await (const line of createInterface({ input: child.stderr })) {
    const { address, metrics, health } = JSON.parse(line)
    if (typeof address !== 'string' || typeof metrics !== 'string') continue
    child.stderr.resume()
    return { address, metrics, health }
  }
  throw new Error('it ended before it served')
}

/** The values of a metric of its cache, e.g. `in_step`, one for each resource that it follows. */
export async function scrapeView(metrics: string, what: string): Promise<number[]> {
  const text = await (await fetch(`${metrics}/metrics`)).text()
  return [...text.matchAll(new RegExp(`^regcred_view_${what}\\{.*\\} (\\S+)$`, 'gm'))].map(([, value]) => Number(value))
}

/** MiB of a process that were resident at the highest. */
export async function peakOf({ pid }: ChildProcess): Promise<number> {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

/** A kubeconfig for a stand-in of an API server on a port of this machine, whose certificate this authority has signed. */
export function kubeconfigFor(port: number, authority: string): object {
  const cluster = {
    server: `https://127.0.0.1:${port}`,
    'certificate-authority-data': Buffer.from(authority).toString('base64'),
  }
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'stand-in',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user: { token: 'ours' } }],
    contexts: [{ name: 'stand-in', context: { cluster: 'c', user: 'u' } }],
  }
}
