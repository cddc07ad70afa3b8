import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { issueCertificate } from '../../src/tls/issue.ts'
import { spawnGuarded } from '../processes/guard.ts'
import { addressesOf, peakOf, scrapeView } from '../processes/serving.ts'
import { startApiServer } from './api-server.ts'
import { type Crowd, crowded, different, large, ordinary } from './crowd.ts'
import { limitMemory } from './limit.ts'

const USAGE = `Usage: npm run test:load [-- --short]

Starts \`regcred serve\` against an API server that holds very many or very large pull secrets, and measures the memory that it
takes, at its highest: after the list, after every one of the large ones was written again, and after a burst of Pods for which
all of a namespace is read live. Where a control group can be made (as root, on Linux) it runs in one of 256 MiB, past which the
kernel would kill it; elsewhere in the heap that Node gives itself in such a one. Linux only.
`

/** As many Pods at once as the door lets in. */
const REVIEWS = 256

/** MiB: what its container may have. */
const LIMIT = 256
/** What Node gives itself in a container of that size: half of it for old objects, and small halves for young ones. */
const AS_IN_A_CONTAINER = ['--max-old-space-size=128', '--max-semi-space-size=1']
const CLI = join(import.meta.dirname, '../../dist/cli.js')
const LONGEST = 300_000

interface Measured {
  readonly name: string
  readonly secondsUntilReady: number
  /** MiB. */
  readonly peakListed: number
  readonly peakFollowed: number
  readonly peak: number
  readonly pages: string
  readonly objects: number
  readonly limit: string
}

async function measure(crowd: Crowd, secrets: 'contents' | 'names', events: number): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'regcred-load-'))
  const server = await startApiServer(crowd)
  const { ca, cert, key } = await issueCertificate(['127.0.0.1'])
  const files = {
    kubeconfig: 'kubeconfig',
    config: 'regcred.yaml',
    'tls-cert-file': 'tls.crt',
    'tls-private-key-file': 'tls.key',
  }
  const config = `apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\nview: {secrets: ${secrets}}\n`
  const contents = [JSON.stringify(server.kubeconfig), config, cert, key]
  await Promise.all(Object.values(files).map((file, i) => writeFile(join(folder, file), contents[i] ?? '')))
  const flags = Object.entries(files).map(([flag, file]) => `--${flag}=${join(folder, file)}`)
  const listen = ['--bind-address=127.0.0.1', '--secure-port=0', '--metrics-port=0']
  const limit = await limitMemory(LIMIT)
  const node = [process.execPath, ...(limit === undefined ? AS_IN_A_CONTAINER : [])]
  const [program = '', ...args] = [...(limit?.command ?? []), ...node, CLI, 'serve', ...flags, ...listen]
  const child = spawnGuarded(program, args, { errors: 'pipe' })
  try {
    const began = performance.now()
    const { address, metrics } = await addressesOf(child)
    await until(child, async () => (await scrapeView(metrics, 'in_step')).every(value => value === 1))
    const secondsUntilReady = (performance.now() - began) / 1000
    const peakListed = await peakOf(child)
    await server.modify(events)
    // The last of the events has been taken when the one after it has.
    await wait(events === 0 ? 0 : 1000)
    const peakFollowed = await peakOf(child)
    await review(address, ca, REVIEWS)
    const objects = (await scrapeView(metrics, 'objects')).reduce((sum, value) => sum + value, 0)
    const { sent, cut } = server.pages
    const name = `${crowd.name}${secrets === 'names' ? ', names' : ''}`
    return {
      name,
      secondsUntilReady,
      peakListed,
      peakFollowed,
      peak: await peakOf(child),
      pages: `${sent} (${cut} cut)`,
      objects,
      limit: limit === undefined ? 'by Node' : 'by the kernel',
    }
  } finally {
    child.kill('SIGKILL')
    await limit?.remove()
    await server.stop()
    await rm(folder, { recursive: true })
  }
}

/**
 * Has so many Pods reviewed at once, of as many images that nothing covers, so that all pull secrets of their namespace are
 * read live.
 */
async function review(address: string, ca: string, count: number): Promise<void> {
  const dispatcher = new Agent({ connect: { ca, timeout: 60_000 }, connections: 16 })
  const metadata = { name: 'web', namespace: 'team-a' }
  const send = async (number: number) => {
    const spec = { containers: [{ name: 'web', image: `elsewhere-${number}.example.com/web` }] }
    const kind = { group: '', version: 'v1', kind: 'Pod' }
    const asked = { uid: `${number}`, kind, ...metadata, operation: 'CREATE', object: { metadata, spec } }
    const body = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: asked })
    const headers = { 'content-type': 'application/json' }
    const answer = await request(`${address}/mutate?timeout=10s`, { dispatcher, method: 'POST', headers, body })
    await answer.body.dump()
  }
  await Promise.all(Array.from({ length: count }, (_, number) => send(number)))
  await dispatcher.close()
}

async function until(child: ChildProcess, isSo: () => Promise<boolean>): Promise<void> {
  const ended = once(child, 'exit').then(() => true)
  const end = performance.now() + LONGEST
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error('it takes too long')
    if (await Promise.race([ended, wait(100, false)]))
      throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`)
  }
}

if (process.argv.includes('--help')) process.stdout.write(USAGE)
else {
  const short = process.argv.includes('--short')
  const shorten = (crowd: Crowd) =>
    short ? { ...crowd, name: `${crowd.name}, shortened`, count: crowd.count / 10 } : crowd
  const runs = [
    await measure(shorten(ordinary), 'contents', 0),
    await measure(shorten(different), 'contents', 0),
    await measure(shorten(ordinary), 'names', 0),
    await measure(shorten(large), 'contents', short ? 50 : 500),
    await measure(shorten(crowded), 'contents', short ? 50 : 500),
  ]
  console.table(
    runs.map(({ name, secondsUntilReady, peakListed, peakFollowed, peak, pages, objects, limit }) => ({
      'the API server holds': name,
      'seconds until in step': secondsUntilReady.toFixed(1),
      'peak MiB after the list': peakListed.toFixed(0),
      'after the events': peakFollowed.toFixed(0),
      'after the reviews': peak.toFixed(0),
      pages,
      objects,
      [`limited to ${LIMIT} MiB`]: limit,
    })),
  )
  const over = runs.filter(({ peak }) => peak > LIMIT)
  for (const { name } of over) console.error(`more than ${LIMIT} MiB: ${name}`)
  process.exitCode = over.length > 0 ? 1 : 0
}
