import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { Agent, request } from 'undici'
import { issueCertificate } from '../../src/tls/issue.ts'
import { FakeApiServer } from '../kube/fake-api-server.ts'

/** Larger bodies are read by the thread of the decoder. */
const LARGE = 512 * 1024

/** What came of serving. */
interface Served {
  /** The status of the answer to a small review; 0 if it did not serve. */
  readonly status: number
  /** Of the answer to one that is large enough for the thread. */
  readonly large: number
  /** What it answered to a review that was under way when it was asked to end, and its exit status: `200, then 0`. */
  readonly ended: string
}

/**
 * Serves manifests, and sends reviews.
 *
 * @param command what runs the program
 */
export async function tryServing(command: Command, folder: string, manifests: string): Promise<Served> {
  const { ca, cert, key } = await issueCertificate(['127.0.0.1'])
  const [certFile, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')]
  await writeFile(certFile, cert)
  await writeFile(keyFile, key, { mode: 0o600 })
  const tls = ['--tls-cert-file', certFile, '--tls-private-key-file', keyFile]
  const server = start(command, ['--manifests', manifests, ...tls])
  const dispatcher = new Agent({ connect: { ca } })
  try {
    for await (const line of createInterface({ input: server.stderr })) {
      const { address } = line.startsWith('{') ? JSON.parse(line) : {}
      if (address === undefined) continue
      server.stderr.resume()
      const send = async (body: string | AsyncIterable<string>) => {
        const headers = { 'content-type': 'application/json' }
        const sent = {
          dispatcher,
          method: 'POST',
          headers,
          body: typeof body === 'string' ? body : Readable.from(body),
        }
        const answer = await request(`${address}/validate?timeout=10s`, { ...sent, method: 'POST' })
        await answer.body.dump()
        return answer.statusCode
      }
      const status = await send(review(1))
      const large = await send(review(LARGE))
      return { status, large, ended: await endWhileSending(server, send) }
    }
    return { status: 0, large: 0, ended: '' }
  } finally {
    await dispatcher.close()
    await end(server)
  }
}

/** Asks the server to end when half of a review has been sent, and sends the rest. */
async function endWhileSending(
  server: Server,
  send: (body: AsyncIterable<string>) => Promise<number>,
): Promise<string> {
  const exited = once(server, 'exit')
  const whole = review(LARGE)
  const half = whole.length / 2
  const status = await send(
    (async function* () {
      yield whole.slice(0, half)
      server.kill('SIGTERM')
      yield whole.slice(half)
    })(),
  )
  const [code] = await exited
  return `${status}, then ${code}`
}

const CREDENTIAL = JSON.stringify({ status: { token: 'of-the-plugin' } })
/** A user who logs in by an exec plugin. */
export const PLUGIN_USER = { exec: { command: process.execPath, args: ['-e', `console.log('${CREDENTIAL}')`] } }
/** Of an identity provider, and good for long. */
export const ID_TOKEN = `e30.${btoa(JSON.stringify({ exp: 4_102_444_800 })).replaceAll('=', '')}.sig`
/** A user who logs in by an identity provider. */
export const OIDC_USER = { 'auth-provider': { name: 'oidc', config: { 'id-token': ID_TOKEN } } }

/**
 * Serves a cluster whose kubeconfig names who else is to be asked for credentials.
 *
 * @returns what the API server is sent as Authorization
 */
export async function logIn(command: Command, folder: string, user: object): Promise<string> {
  const api = await FakeApiServer.start()
  const kubeconfig = join(folder, 'kubeconfig')
  const cluster = { server: `http://127.0.0.1:${api.port}`, 'insecure-skip-tls-verify': true }
  const content = {
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  }
  await writeFile(kubeconfig, JSON.stringify(content))
  const tls = ['--tls-cert-file', join(folder, 'tls.crt'), '--tls-private-key-file', join(folder, 'tls.key')]
  const server = start(command, ['--kubeconfig', kubeconfig, ...tls])
  try {
    const ended = once(server, 'exit').then(() => undefined)
    const exchange = await Promise.race([api.next(), ended])
    return exchange?.headers.authorization ?? ''
  } finally {
    await end(server)
    await api.stop()
  }
}

type Command = readonly [program: string, ...first: string[]]
type Server = ReturnType<typeof start>

function start([program, ...first]: Command, flags: readonly string[]) {
  const listen = ['--bind-address', '127.0.0.1', '--secure-port', '0', '--metrics-port', '0']
  return spawn(program, [...first, 'serve', ...listen, ...flags], { stdio: ['ignore', 'ignore', 'pipe'] })
}

async function end(server: Server): Promise<void> {
  if (server.exitCode !== null) return
  server.kill('SIGKILL')
  await once(server, 'exit')
}

/** A review of a Pod, with this many bytes of padding. */
function review(padding: number): string {
  const metadata = { name: 'web', namespace: 'default', annotations: { padding: 'x'.repeat(padding) } }
  const object = { metadata, spec: { containers: [{ name: 'web', image: 'nginx' }] } }
  const kind = { group: '', version: 'v1', kind: 'Pod' }
  const asked = { uid: 'u-1', kind, name: 'web', namespace: 'default', operation: 'CREATE', object }
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: asked })
}
