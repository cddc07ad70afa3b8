import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { request } from 'undici'
import { Connections } from '../../attacks/connections.ts'
import { REGISTRY } from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'
import { countOf } from '../regcred/observe.ts'
import { createWrongPods, isRefused, startAttacker } from './pods.ts'
import { addTenants } from './tenants.ts'

/** Wrong Pods of the one tenant for each rate of the other; `REGCRED_WRONG_PODS=200` is the long form. */
const WRONG_PODS = Number(process.env['REGCRED_WRONG_PODS'] ?? 40)
/** Requests of the other a second. From 15 on it is close, and at 30 it does not hold yet: docs/reliability.md says so. */
const RATES = (process.env['REGCRED_RATES'] ?? '2,8').split(',').map(Number)
/** Milliseconds in which the other spends what there was to begin with. */
const HEAD_START = 3000
/** More than there may be. */
const IDLE_CONNECTIONS = 2500
/** Milliseconds between two probes. */
const PROBE_EVERY = 500

t.setTimeout(600_000)
const { controlPlane, regcred } = await withCluster(t, {
  config: { registries: { private: [REGISTRY] } },
  flags: ['--health-port=0'],
})
const { hostile, other } = await addTenants(controlPlane)

t.test(`without anybody else, ${WRONG_PODS} of ${WRONG_PODS} are refused`, async t => {
  t.equal((await createWrongPods(controlPlane, other, WRONG_PODS)).filter(isRefused).length, WRONG_PODS)
})

for (const perSecond of RATES) {
  const name = `while one sends ${perSecond} requests a second, ${WRONG_PODS} of ${WRONG_PODS} wrong Pods of another are refused`
  t.test(name, async t => {
    const attacker = startAttacker(controlPlane, hostile, regcred.url, perSecond)
    await wait(HEAD_START)
    const answers = await createWrongPods(controlPlane, other, WRONG_PODS)
    const sent = await attacker.stop()
    t.strictSame(answers.filter(answer => !isRefused(answer)).slice(0, 3), [])
    t.equal(answers.filter(isRefused).length, WRONG_PODS)
    t.ok(sent > (perSecond * HEAD_START) / 2000, 'there was a load')
    t.comment(`the slowest took ${Math.round(Math.max(...answers.map(({ milliseconds }) => milliseconds)))} ms`)
  })
}

t.test(`${IDLE_CONNECTIONS} idle connections: as many are refused, and all probes are answered`, async t => {
  const [serving] = (await regcred.logs()).filter(({ msg }) => msg === 'serving')
  const health = String(serving?.['health'])
  const idle = new Connections(regcred.url)
  const stopping = new AbortController()
  const probing = probe(health, stopping.signal)
  await idle.open(IDLE_CONNECTIONS)
  const answers = await createWrongPods(controlPlane, other, WRONG_PODS)
  stopping.abort()
  idle.close()
  t.equal(answers.filter(isRefused).length, WRONG_PODS)
  const statuses = await probing
  t.ok(statuses.length > 1)
  t.ok(statuses.every(status => status === 200))
  // Opened all at once, most are closed before their handshake is done.
  const closed = await countOf(regcred, 'regcred_connections_closed_total', { port: 'review' })
  t.ok(closed > IDLE_CONNECTIONS / 2, `${closed} were closed`)
})

/** Asks both probes by turns until it is told to stop. @returns every status */
async function probe(health: string, stop: AbortSignal): Promise<number[]> {
  const statuses: number[] = []
  while (!stop.aborted) {
    for (const path of ['/livez', '/readyz']) {
      const { statusCode, body } = await request(`${health}${path}`)
      await body.dump()
      statuses.push(statusCode)
    }
    await wait(PROBE_EVERY, undefined, { signal: stop }).catch(() => undefined)
  }
  return statuses
}
