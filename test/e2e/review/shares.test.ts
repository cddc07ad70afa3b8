import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { request } from 'undici'
import { openAgent } from '../control-plane/agent.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, dockerConfig, namespace, type PodTweak, pod, REGISTRY } from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'

/** Wrong Pods of the one namespace for each rate of the other; `REGCRED_WRONG_PODS=200` is the long form. */
const WRONG_PODS = Number(process.env['REGCRED_WRONG_PODS'] ?? 40)
const WRONG_PODS_PER_SECOND = 10
/** Milliseconds in which the other spends what there was to begin with. */
const HEAD_START = 3000
/** Secrets of the other, of 500 kB each. */
const LARGE_SECRETS = 4

const { controlPlane } = await withCluster(t, { config: { registries: { private: [REGISTRY] } } })
const dispatcher = await openAgent(controlPlane.kubeconfig)

await prepare()
t.teardown(() => dispatcher.close())

/** Pods that cost as many reads as one can, or the largest. What they cost beside reads is bounded by their budget. */
const HOSTILE: readonly ((i: number) => PodTweak)[] = [
  i => ({ references: many(100, name => `gone-${i}-${name}`) }),
  i => ({ references: many(3, name => `gone-${i}-${name}`) }),
  i => ({ images: many(50, image => `${REGISTRY}/a${i}/${image}`) }),
  () => ({ references: many(LARGE_SECRETS, name => `large-${name}`) }),
]

const isRefused = ({ status, text }: Answer) => status === 403 && text.includes('validate.regcred.dev')

t.test(`without anybody else, ${WRONG_PODS} of ${WRONG_PODS} are refused`, async t => {
  t.equal((await sendWrong('alone')).filter(isRefused).length, WRONG_PODS)
})

for (const perSecond of [2, 15, 30]) {
  const name = `while one sends ${perSecond} Pods a second, ${WRONG_PODS} of ${WRONG_PODS} wrong ones of another are refused`
  t.test(name, async t => {
    const stopping = new AbortController()
    const hostile = repeat(perSecond, stopping.signal, i =>
      send('hostile', `pod-${i}`, HOSTILE[i % HOSTILE.length]?.(i) ?? {}),
    )
    await wait(HEAD_START)
    const answers = await sendWrong('beside')
    stopping.abort()
    const sent = await hostile
    t.strictSame(answers.filter(answer => !isRefused(answer)).slice(0, 3), [])
    t.equal(answers.filter(isRefused).length, WRONG_PODS)
    t.ok(sent.length > (perSecond * HEAD_START) / 2000, 'there was a load')
    t.comment(`the slowest took ${Math.round(Math.max(...answers.map(({ milliseconds }) => milliseconds)))} ms`)
  })
}

async function prepare(): Promise<void> {
  const enforced = { labels: { 'regcred.dev/mode': 'enforce' } }
  outputOf(await apply(controlPlane.kubectl, namespace('other', enforced), namespace('hostile', enforced)))
  for (let i = 0; i < LARGE_SECRETS; i += 1) {
    const auths = Object.fromEntries(many(9000, entry => [`[${i}-${entry}.example.com`, {}]))
    // An annotation would hold it once more, and there is no room for that.
    const input = JSON.stringify(dockerConfig('hostile', `large-${i}`, { auths }))
    outputOf(await controlPlane.kubectl(['create', '-f', '-'], { input }))
  }
}

async function sendWrong(name: string): Promise<Answer[]> {
  const make = (i: number) => send('other', `${name}-${i}`, { references: [`wrong-${name}-${i}`] })
  return await repeat(WRONG_PODS_PER_SECOND, new AbortController().signal, make, WRONG_PODS)
}

interface Answer {
  readonly status: number
  readonly text: string
  readonly milliseconds: number
}

/** Creates a Pod as a dry run, so that nothing is left of it. */
async function send(where: string, name: string, tweak: PodTweak): Promise<Answer> {
  const began = performance.now()
  const url = `${controlPlane.server}/api/v1/namespaces/${where}/pods?dryRun=All`
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify(pod(where, name, tweak))
  const answer = await request(url, { dispatcher, method: 'POST', headers, body })
  const text = await answer.body.text()
  return { status: answer.statusCode, text: text.slice(0, 500), milliseconds: performance.now() - began }
}

/** Does something so many times a second, without waiting for the answers, until it is told to stop. */
async function repeat<T>(
  perSecond: number,
  stop: AbortSignal,
  make: (i: number) => Promise<T>,
  times = Number.POSITIVE_INFINITY,
): Promise<T[]> {
  const made: Promise<T>[] = []
  while (!stop.aborted && made.length < times) {
    made.push(make(made.length))
    await wait(1000 / perSecond, undefined, { signal: stop }).catch(() => undefined)
  }
  return await Promise.all(made)
}

function many<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i))
}
