import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/*
 * A stand-in for a cluster with one Pod that waits for its image, for `regcred why`: a process of its own, so that it answers while
 * bench/startup.ts waits for a command. Writes its kubeconfig to the file that it is given, says so, and ends with its standard input.
 */

const IMAGE = 'registry.example.com/acme/web:1'
const namespace = 'default'
const config = { auths: { 'registry.example.com': { username: 'joe', password: 'no-password' } } }
const secret = {
  metadata: { name: 'regcred', namespace, uid: 's' },
  type: 'kubernetes.io/dockerconfigjson',
  data: { '.dockerconfigjson': btoa(JSON.stringify(config)) },
}
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace, uid: 'p' },
  spec: {
    serviceAccountName: 'default',
    imagePullSecrets: [{ name: 'regcerd' }],
    containers: [{ name: 'web', image: IMAGE }],
  },
  status: {
    containerStatuses: [
      { name: 'web', image: IMAGE, state: { waiting: { reason: 'ImagePullBackOff', message: 'pull access denied' } } },
    ],
  },
}
const serviceAccount = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace, uid: 'a' } }

/** What is at a path: an object, a list of those there are, or an empty one. */
function answerTo(path: string): object {
  if (path.endsWith('/pods/web')) return pod
  if (path.endsWith('/serviceaccounts/default')) return serviceAccount
  if (path.endsWith('/secrets/regcred')) return secret
  const items = path.endsWith('/secrets') ? [secret] : []
  return { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '1' }, items }
}

const server = createServer(({ url = '' }, response) => {
  const { pathname } = new URL(url, 'http://localhost')
  const isMissing = pathname.endsWith('/secrets/regcerd')
  const missing = { kind: 'Status', status: 'Failure', reason: 'NotFound', code: 404 }
  response.writeHead(isMissing ? 404 : 200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(isMissing ? missing : answerTo(pathname)))
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  const kubeconfig = {
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token: 'no-token' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace } }],
    'current-context': 'x',
  }
  writeFileSync(String(process.argv[2]), JSON.stringify(kubeconfig))
  process.stdout.write('ready\n')
})
process.stdin.resume().once('end', () => process.exit())
