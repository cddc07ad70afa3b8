import { setTimeout as wait } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { openAgent } from '../control-plane/agent.ts'
import { hostileRequests } from './hostile.ts'
import { podsUrl } from './pods.ts'

/**
 * Sends so many hostile requests a second without waiting for the answers, in a process of its own: what it costs to make them
 * delays nobody. Told to `stop`, it says how many were sent, when all are answered.
 */
const [kubeconfig = '', server = '', webhook = '', namespace = '', perSecond = ''] = process.argv.slice(2)
const toApiServer = await openAgent(kubeconfig)
const toWebhook = new Agent({ connect: { rejectUnauthorized: false }, allowH2: false, headersTimeout: 40_000 })
const requests = hostileRequests(namespace)
const sent: Promise<unknown>[] = []
let isOver = false

process.on('message', () => {
  isOver = true
})
process.on('disconnect', () => process.exit())
// The first takes long to be made.
let next = requests.next().value
const begun = performance.now()
while (!isOver) {
  sent.push(send(next))
  next = requests.next().value
  await wait(Math.max(1, begun + (sent.length * 1000) / Number(perSecond) - performance.now()))
}
await Promise.all(sent)
process.send?.(sent.length)
process.disconnect()

/** That it is not answered is no error of the attacker's. */
async function send({ to, body }: typeof next): Promise<void> {
  const url = to === 'apiServer' ? podsUrl(server, namespace) : `${webhook}/validate?timeout=10s`
  const headers = { 'content-type': 'application/json' }
  const dispatcher = to === 'apiServer' ? toApiServer : toWebhook
  const answer = await request(url, { dispatcher, method: 'POST', headers, body }).catch(() => undefined)
  await answer?.body.dump().catch(() => undefined)
}
