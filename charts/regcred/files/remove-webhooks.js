// Runs before a release is deleted: otherwise the API server would keep calling a Service that is being deleted.
import { readFile } from 'node:fs/promises'

const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port, CONFIGURATION: name } = process.env
const token = await readFile('/var/run/secrets/kubernetes.io/serviceaccount/token', 'utf8')
const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`
for (const kind of ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations']) {
  const url = `https://${authority}/apis/admissionregistration.k8s.io/v1/${kind}/${name}`
  const { status } = await fetch(url, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } })
  console.log(`${kind}/${name}: ${status}`)
  if (status !== 200 && status !== 404) process.exitCode = 1
}
