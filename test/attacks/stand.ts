import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { issueCertificate } from '../../src/tls/issue.ts'
import { limitMemory } from '../load/limit.ts'
import { spawnGuarded, waitForExit } from '../processes/guard.ts'
import { poll } from '../processes/poll.ts'
import { addressesOf, peakOf, scrapeView } from '../processes/serving.ts'
import { ask } from './ask.ts'
import { enforcing, LOUD, pullSecret } from './objects.ts'
import { SHAPES } from './shapes.ts'

/** What is attacked: `regcred serve` under the memory limit of the chart, before an API server that holds what attackers made. */
export interface Stand {
  readonly url: string
  readonly metrics: string
  readonly health: string
  /** PEM of the authority of its certificate. */
  readonly caFile: string
  readonly process: ChildProcess
  /** Sends a shape by its number; the function that is returned does, once its body has been made. */
  prepare(index: number): Promise<() => Promise<Sent>>
  /** Makes the largest of all; the function that is returned sends them side by side for so many milliseconds. */
  prepareLargest(): Promise<(milliseconds: number) => Promise<unknown>>
  /** MiB at the highest: of what the kernel cannot take back, as often as it was looked at, and with pages of files. */
  peak(): Promise<{ readonly anonymous: number; readonly resident: number }>
  stop(): Promise<void>
}

/** Status 0 is no answer at all. */
interface Sent {
  readonly status: number
  readonly milliseconds: number
}

/** Milliseconds between two looks at the memory. */
const SAMPLE_INTERVAL_MS = 50

/** Priority of what runs on another machine in a cluster: from 0, the ordinary one, to 19. */
const API_SERVER_NICE = '10'

/** MiB that the chart gives the container. */
export const LIMIT_MIB = 512

/** What the image sets. */
const IMAGE_ENV = { NODE_ENV: 'production', MALLOC_ARENA_MAX: '2' }

const CONFIGURATION = `apiVersion: regcred.dev/v1alpha1
kind: AdmissionConfiguration
registries: {private: ["*.example.com"]}
`

/** The objects of all shapes, and the pull secret of whoever is not the attacker. */
function allObjects(): readonly object[] {
  const held = SHAPES.flatMap(shape => shape.held?.() ?? [])
  const namespaces = new Set(SHAPES.flatMap(({ namespace }) => namespace ?? []))
  const ordinary = pullSecret('default', 'pull', ['r.example.com'])
  return [...['default', LOUD, ...namespaces].flatMap(enforcing), ordinary, ...held]
}

export async function startStand(): Promise<Stand> {
  const folder = await mkdtemp(join(tmpdir(), 'regcred-attacks-'))
  const put = async (name: string, text: string) => {
    await writeFile(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  const objects = await put('objects.json', JSON.stringify(allObjects()))
  const apiServer = spawnGuarded(process.execPath, [join(import.meta.dirname, 'api-server.ts'), objects], {
    output: 'pipe',
    errors: 'inherit',
  })
  const kubeconfig = JSON.parse(await firstLine(apiServer))
  // Linux shares the cores between sessions. An API server has cores of its own in a cluster; here it comes after the others.
  await writeFile(`/proc/${apiServer.pid}/autogroup`, API_SERVER_NICE).catch(() => undefined)
  const { server, 'certificate-authority-data': authority } = kubeconfig.clusters[0].cluster
  const { ca, cert, key } = await issueCertificate(['127.0.0.1'])
  const files = {
    kubeconfig: await put('kubeconfig', JSON.stringify(kubeconfig)),
    config: await put('regcred.yaml', CONFIGURATION),
    'tls-cert-file': await put('tls.crt', cert),
    'tls-private-key-file': await put('tls.key', key),
  }
  const limit = await limitMemory(LIMIT_MIB)
  if (limit === undefined) throw new Error('no control group can be made here: run this as root on Linux')
  const flags = Object.entries(files).map(([flag, file]) => `--${flag}=${file}`)
  const cli = join(import.meta.dirname, '../../src/cli.ts')
  const listen = ['--bind-address=127.0.0.1', '--secure-port=0', '--metrics-port=0', '--health-port=0']
  const [program = '', ...args] = [...limit.command, process.execPath, cli, 'serve', ...flags, ...listen]
  const child = spawnGuarded(program, args, { errors: 'pipe', env: { ...process.env, ...IMAGE_ENV } })
  const { address, metrics, health } = await addressesOf(child)
  await poll('the cache is synced', async () => {
    const synced = await scrapeView(metrics, 'in_step')
    return (synced.length > 0 && synced.every(value => value === 1)) || undefined
  })
  const caFile = await put('ca.crt', ca)
  const apiServerCa = await put('api-server.crt', Buffer.from(authority, 'base64').toString())
  let anonymous = 0
  const sampler = setInterval(async () => {
    anonymous = Math.max(anonymous, await limit.anonymous())
  }, SAMPLE_INTERVAL_MS)
  const sender = fork(join(import.meta.dirname, 'sender.ts'), [address, caFile, server, apiServerCa])
  return {
    url: address,
    metrics,
    health,
    caFile,
    process: child,
    async prepare(index) {
      await ask(sender, String(index))
      return async () => (await ask(sender, 'send')) as Sent
    },
    async prepareLargest() {
      await ask(sender, 'largest')
      return async milliseconds => await ask(sender, `side by side ${milliseconds}`)
    },
    peak: async () => ({ anonymous: anonymous / 2 ** 20, resident: await peakOf(child) }),
    async stop() {
      clearInterval(sampler)
      for (const process of [child, sender, apiServer]) {
        process.kill('SIGKILL')
        await waitForExit(process)
      }
      await limit.remove()
      await rm(folder, { recursive: true })
    },
  }
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('no output')
  for await (const line of createInterface({ input: stdout })) return line
  throw new Error('it ended without a word')
}
