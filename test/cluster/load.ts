import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { parse } from 'yaml'
import type { ControlPlane } from './control-plane.ts'
import { pod } from './objects.ts'

/** What became of Pods that were created one after another. */
interface Outcome {
  readonly created: number
  /** What the API server said of each that was not. */
  readonly failed: readonly string[]
  /** Milliseconds that the slowest took. */
  readonly longest: number
}

interface Load {
  /** Waits for those that are under way. */
  stop(): Promise<Outcome>
}

/** Creates Pods at a steady pace, as an administrator, until it is stopped. */
export async function startLoad(controlPlane: ControlPlane, { workers = 2, pause = 50 } = {}): Promise<Load> {
  const { server, kubeconfig } = controlPlane
  const { clusters, users } = parse(await readFile(kubeconfig, 'utf8'))
  const decode = (base64: string) => Buffer.from(base64, 'base64').toString()
  const connect = {
    ca: decode(clusters[0].cluster['certificate-authority-data']),
    cert: decode(users[0].user['client-certificate-data']),
    key: decode(users[0].user['client-key-data']),
  }
  const dispatcher = new Agent({ connect })
  const failed: string[] = []
  let [created, longest, stopped] = [0, 0, false]

  async function create(name: string): Promise<void> {
    const began = performance.now()
    const { statusCode, body } = await request(`${server}/api/v1/namespaces/default/pods`, {
      dispatcher,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(pod('default', name)),
    })
    const answer = await body.text()
    longest = Math.max(longest, performance.now() - began)
    if (statusCode === 201) created += 1
    else failed.push(`${name}: ${statusCode} ${answer}`)
  }

  async function work(worker: number): Promise<void> {
    const id = `load-${worker}-${Date.now()}`
    for (let i = 0; !stopped; i += 1) {
      await create(`${id}-${i}`)
      await wait(pause)
    }
  }

  const working = Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)))
  return {
    async stop() {
      stopped = true
      await working
      await dispatcher.close()
      return { created, failed, longest: Math.round(longest) }
    },
  }
}
