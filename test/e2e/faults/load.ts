import { setTimeout as wait } from 'node:timers/promises'
import type { Test } from 'tap'
import { request } from 'undici'
import { openAgent } from '../control-plane/agent.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, namespace, type PodTweak, pod, pullSecret, REGISTRY } from '../control-plane/objects.ts'

/** What became of the Pods that were made meanwhile. */
export interface Tally {
  /** Those that a live API server answered. */
  readonly answered: number
  /** Of these, those that failed because of us, but for want of time. */
  readonly failed: number
  /** Of these, those that we had no time for, and said so. */
  readonly overloaded: number
  /** Of these, those of which something was said that is not so. */
  readonly wrong: number
  /** Of these, those of which nothing was known: nothing said, nothing injected. */
  readonly unknown: number
  /** Of the unknown, those that were not given what they need: no live read is needed for it, so somebody was not asked. */
  readonly uninjected: number
  /** Milliseconds until the last answer, of the slowest of them. */
  readonly longest: number
  /** Milliseconds from the first that was refused, when it was made, to the last, when it was answered; 0 if there was none. */
  readonly refusing: number
  /** One of what failed or was wrong, for whoever looks into it. */
  readonly sample: string | undefined
}

export interface Load {
  /** Ends it, once everything under way is answered. */
  stop(): Promise<Tally>
}

/** Asserts that nothing was refused or lost. A warning may be missed where a live read takes more than half a second; few are. */
export function assertUnharmed(t: Pick<Test, 'match' | 'ok'>, { sample, ...tally }: Tally): void {
  t.match(tally, { failed: 0, overloaded: 0, wrong: 0, uninjected: 0 }, { sample, tally })
  t.ok(tally.answered > 0 && tally.unknown <= tally.answered / 10, 'there was a load, and most is known', { tally })
}

const NAMESPACE = 'load'
const MISSING =
  'Secret "gone" does not exist in namespace "load"; correct the name, or create it: kubectl create secret docker-registry gone --namespace load --from-file=.dockerconfigjson=FILE'

/** Pods, and what is true of them whatever happens: the Secrets of this namespace never change. */
const CASES: readonly { readonly tweak: PodTweak; readonly references: string; readonly warning?: string }[] = [
  { tweak: { references: ['acme'] }, references: 'acme' },
  { tweak: {}, references: 'acme' },
  { tweak: { references: ['gone'], images: ['nginx'] }, references: 'gone', warning: MISSING },
]

/**
 * Makes Pods, so many a second, until it is stopped. They carry their own namespace and Secret, which is made first.
 *
 * @param spec what else is in the spec of each Pod
 */
export async function startLoad(
  controlPlane: ControlPlane,
  perSecond: number,
  spec: Readonly<Record<string, unknown>> = {},
): Promise<Load> {
  outputOf(await apply(controlPlane.kubectl, namespace(NAMESPACE), pullSecret(NAMESPACE, 'acme', REGISTRY)))
  const dispatcher = await openAgent(controlPlane.kubeconfig)
  const url = `${controlPlane.server}/api/v1/namespaces/${NAMESPACE}/pods`
  const tally = {
    answered: 0,
    failed: 0,
    overloaded: 0,
    wrong: 0,
    unknown: 0,
    uninjected: 0,
    longest: 0,
    refusing: 0,
    sample: undefined as string | undefined,
  }
  let firstRefused: number | undefined
  const make = async (i: number) => {
    const { tweak, references, warning } = CASES[i % CASES.length] ?? { tweak: {}, references: '' }
    const started = performance.now()
    const body = JSON.stringify(pod(NAMESPACE, `pod-${i}-${process.hrtime.bigint()}`, { ...tweak, spec }))
    const headers = { 'content-type': 'application/json' }
    const answer = await request(url, { dispatcher, method: 'POST', headers, body }).catch(() => undefined)
    const text = await answer?.body.text().catch(() => undefined)
    // Without an API server that answers there is nothing to hold against us.
    if (answer === undefined || text === undefined) return
    if (answer.statusCode !== 201 && !text.includes('regcred.dev')) return
    tally.answered += 1
    tally.longest = Math.max(tally.longest, performance.now() - started)
    const said = [answer.headers.warning ?? []].flat().join()
    if (answer.statusCode !== 201) {
      if (text.includes('503') || text.includes('no time to answer')) tally.overloaded += 1
      else tally.failed += 1
      firstRefused ??= started
      tally.refusing = performance.now() - firstRefused
      tally.sample ??= text.slice(0, 500)
      return
    }
    const list: { name: string }[] = JSON.parse(text).spec.imagePullSecrets ?? []
    const stored = list.map(({ name }) => name).join()
    const isTrue = said === '' || (warning !== undefined && said.includes(warning.replaceAll('"', '\\"')))
    if (!isTrue || (stored !== references && stored !== (tweak.references ?? []).join())) {
      tally.wrong += 1
      tally.sample ??= `${said} ${stored}`
    } else if (stored !== references || (warning !== undefined && said === '')) {
      tally.unknown += 1
      if (stored !== references) tally.uninjected += 1
    }
  }
  const stopping = new AbortController()
  const running = (async () => {
    const underWay = new Set<Promise<void>>()
    for (let i = 0; !stopping.signal.aborted; i += 1) {
      const one = make(i).finally(() => underWay.delete(one))
      underWay.add(one)
      await wait(1000 / perSecond, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
    await Promise.all(underWay)
  })()
  return {
    async stop() {
      stopping.abort()
      await running
      await dispatcher.close()
      return tally
    },
  }
}
