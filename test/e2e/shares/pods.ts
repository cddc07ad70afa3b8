import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Dispatcher, request } from 'undici'
import { openAgent } from '../control-plane/agent.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { pod } from '../control-plane/objects.ts'
import type { Tenant } from './tenants.ts'

/** How the API server answered for a Pod. */
export interface PodAnswer {
  readonly status: number
  readonly text: string
  readonly milliseconds: number
}

/** Wrong Pods a second. */
const PODS_PER_SECOND = 10
/** Characters of an answer that are kept. */
const SHOWN = 500

/** Whether regcred has refused it. */
export function isRefused({ status, text }: PodAnswer): boolean {
  return status === 403 && text.includes('validate.regcred.dev')
}

/** Where Pods are created as a dry run, so that nothing is left of them. */
export function podsUrl(server: string, namespace: string): string {
  return `${server}/api/v1/namespaces/${namespace}/pods?dryRun=All`
}

/** Creates so many Pods that name a Secret each that does not exist, ten a second, whenever the others are answered. */
export async function createWrongPods(
  { server }: Pick<ControlPlane, 'server'>,
  { kubeconfig, namespace }: Tenant,
  count: number,
): Promise<PodAnswer[]> {
  const dispatcher = await openAgent(kubeconfig)
  const answers: Promise<PodAnswer>[] = []
  for (let i = 0; i < count; i += 1) {
    const name = `wrong-${i}-${process.hrtime.bigint()}`
    const body = JSON.stringify(pod(namespace, name, { references: [name] }))
    answers.push(create(podsUrl(server, namespace), dispatcher, body))
    await wait(1000 / PODS_PER_SECOND)
  }
  return await Promise.all(answers).finally(() => dispatcher.close())
}

async function create(url: string, dispatcher: Dispatcher, body: string): Promise<PodAnswer> {
  const began = performance.now()
  const headers = { 'content-type': 'application/json' }
  const answer = await request(url, { dispatcher, method: 'POST', headers, body })
  const text = await answer.body.text()
  return { status: answer.statusCode, text: text.slice(0, SHOWN), milliseconds: performance.now() - began }
}

/** Has this tenant send so many hostile requests a second to the API server and to a webhook's port, until `stop`, which resolves to how many they were. */
export function startAttacker(
  { server }: Pick<ControlPlane, 'server'>,
  { kubeconfig, namespace }: Tenant,
  webhook: string,
  perSecond: number,
): { stop(): Promise<number> } {
  const file = join(import.meta.dirname, 'attacker.ts')
  const child: ChildProcess = fork(file, [kubeconfig, server, webhook, namespace, String(perSecond)])
  const said = once(child, 'message')
  said.catch(() => undefined)
  return {
    async stop() {
      child.send('stop')
      const [count] = await said
      return Number(count)
    },
  }
}
