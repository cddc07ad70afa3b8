import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Agent, request } from 'undici'
import { issueCertificate } from '../../src/tls/issue.ts'
import { FakeApiServer } from '../kube/fake-api-server.ts'

/** Larger bodies are read by the thread of the decoder. */
const LARGE = 512 * 1024

/**
 * Serves manifests with an installed package, and sends a review that is large enough for the thread.
 *
 * @returns the status of the answer; 0 if it did not serve
 */
export async function answerLarge(bin: string, folder: string, manifests: string): Promise<number> {
  const { ca, cert, key } = await issueCertificate(['127.0.0.1'])
  const [certFile, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')]
  await writeFile(certFile, cert)
  await writeFile(keyFile, key, { mode: 0o600 })
  const tls = ['--tls-cert-file', certFile, '--tls-private-key-file', keyFile]
  const server = start(bin, ['--manifests', manifests, ...tls])
  const dispatcher = new Agent({ connect: { ca } })
  try {
    for await (const line of createInterface({ input: server.stderr })) {
      const { address } = line.startsWith('{') ? JSON.parse(line) : {}
      if (address === undefined) continue
      const headers = { 'content-type': 'application/json' }
      const sent = { dispatcher, method: 'POST', headers, body: largeReview() } as const
      const { statusCode, body } = await request(`${address}/validate?timeout=10s`, sent)
      await body.dump()
      return statusCode
    }
    return 0
  } finally {
    await dispatcher.close()
    await end(server)
  }
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
export async function logIn(bin: string, folder: string, user: object): Promise<string> {
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
  const server = start(bin, ['--kubeconfig', kubeconfig, ...tls])
  try {
    const ended = once(server, 'exit').then(() => undefined)
    const exchange = await Promise.race([api.next(), ended])
    return exchange?.headers.authorization ?? ''
  } finally {
    await end(server)
    await api.stop()
  }
}

type Server = ReturnType<typeof start>

function start(bin: string, flags: readonly string[]) {
  const listen = ['--bind-address', '127.0.0.1', '--secure-port', '0', '--metrics-port', '0']
  return spawn(process.execPath, [bin, 'serve', ...listen, ...flags], { stdio: ['ignore', 'ignore', 'pipe'] })
}

async function end(server: Server): Promise<void> {
  if (server.exitCode !== null) return
  server.kill('SIGKILL')
  await once(server, 'exit')
}

function largeReview(): string {
  const metadata = { name: 'web', namespace: 'default', annotations: { padding: 'x'.repeat(LARGE) } }
  const object = { metadata, spec: { containers: [{ name: 'web', image: 'nginx' }] } }
  const kind = { group: '', version: 'v1', kind: 'Pod' }
  const asked = { uid: 'u-1', kind, name: 'web', namespace: 'default', operation: 'CREATE', object }
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: asked })
}
