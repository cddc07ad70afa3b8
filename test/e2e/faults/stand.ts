import { Agent, request } from 'undici'
import { type Authority, createAuthority } from '../../tls/pki.ts'
import { type ControlPlane, startControlPlane } from '../control-plane/control-plane.ts'
import { type Regcred, startRegcred } from '../regcred/regcred.ts'
import { registerWebhooks } from '../regcred/webhooks.ts'
import { type Relay, startRelay } from './relay.ts'

/** Two replicas behind a balancer, as a Service is one, in front of a control plane that must not do without them. */
export interface Stand {
  readonly controlPlane: ControlPlane
  readonly authority: Authority
  /** Between the replicas and the API server. */
  readonly apiRelay: Relay
  /** The replicas that run, the oldest first. */
  readonly replicas: Regcred[]
  /** Starts another replica, and waits until it is ready. */
  addReplica(command?: readonly [string, ...string[]]): Promise<Regcred>
  /** Ends the oldest replica as a roll-out does: it gets new connections until it fails its readiness. */
  removeReplica(): Promise<void>
  stop(): Promise<void>
}

/** How often a replica is asked whether it is ready, in milliseconds. */
const PROBE_INTERVAL = 200
/** Seconds for which a replica goes on answering after it has failed its readiness. */
const DRAIN = 2

/**
 * Starts it; every creation of a Pod fails that is not answered in time.
 *
 * @param command of its first replicas, if that is not the sources
 */
export async function startStand(command?: readonly [string, ...string[]]): Promise<Stand> {
  const controlPlane = await startControlPlane()
  const authority = await createAuthority('regcred stand')
  const replicas: Regcred[] = []
  const ready = new Set<number>()
  const dispatcher = new Agent({ connect: { ca: authority.certificate }, allowH2: false })
  const asked = new Set<string>()
  // One that is slow to answer stays, as it does with the time-outs of a probe that a kubelet sends.
  const probe = async () => {
    const idle = replicas.filter(({ url }) => !asked.has(url))
    await Promise.all(
      idle.map(async ({ url }) => {
        asked.add(url)
        const status = await statusOf(url, dispatcher)
        asked.delete(url)
        if (status === 200) ready.add(portOf(url))
        else if (status !== undefined) ready.delete(portOf(url))
      }),
    )
  }
  const probing = setInterval(() => void probe(), PROBE_INTERVAL)
  let turn = 0
  const balancer = await startRelay(() => [...ready][turn++ % ready.size])
  const apiRelay = await startRelay(() => portOf(controlPlane.server))
  let started = 0
  const stand: Stand = {
    controlPlane,
    authority,
    apiRelay,
    replicas,
    async addReplica(command) {
      started += 1
      const replica = await startRegcred(controlPlane, {
        name: `regcred-${started}`,
        authority,
        server: `https://127.0.0.1:${apiRelay.port}`,
        registration: false,
        flags: [`--shutdown-delay-duration=${DRAIN}s`, '--log-level=info'],
        ...(command && { command }),
      })
      replicas.push(replica)
      await probe()
      return replica
    },
    async removeReplica() {
      const [oldest] = replicas
      await oldest?.stop()
      replicas.shift()
      if (oldest !== undefined) ready.delete(portOf(oldest.url))
    },
    async stop() {
      clearInterval(probing)
      await Promise.all(replicas.map(replica => replica.stop()))
      balancer.close()
      apiRelay.close()
      await dispatcher.close()
      await controlPlane.stop()
    },
  }
  await stand.addReplica(command)
  await stand.addReplica(command)
  await registerWebhooks(controlPlane.kubectl, {
    url: `https://127.0.0.1:${balancer.port}`,
    authority: authority.certificate,
    failurePolicy: 'Fail',
    timeoutSeconds: 10,
  })
  return stand
}

/** The status with which a replica answers its probe, 0 if it is gone; undefined if it says nothing yet. */
async function statusOf(url: string, dispatcher: Agent): Promise<number | undefined> {
  try {
    const { statusCode, body } = await request(`${url}/readyz`, { dispatcher })
    await body.dump()
    return statusCode
  } catch (error) {
    return Reflect.get(Object(error), 'code') === 'ECONNREFUSED' ? 0 : undefined
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port)
}
