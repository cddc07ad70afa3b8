// Creates a Pod in a dry run: if regcred is called, the Pod comes back with the pull secret that it was told to inject.
import { readFile } from 'node:fs/promises'

const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port, NAMESPACE: namespace } = process.env
const token = await readFile('/var/run/secrets/kubernetes.io/serviceaccount/token', 'utf8')
const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`
const pod = {
  metadata: { name: 'regcred-helm-test', annotations: { 'regcred.dev/pull-secrets': 'regcred-helm-test' } },
  spec: {
    containers: [
      {
        name: 'test',
        image: 'registry.invalid/regcred/helm-test:1',
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  },
}
const response = await fetch(`https://${authority}/api/v1/namespaces/${namespace}/pods?dryRun=All`, {
  method: 'POST',
  headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  body: JSON.stringify(pod),
})
const { spec, message } = await response.json()
const injected = spec?.imagePullSecrets?.some(({ name }) => name === 'regcred-helm-test') ?? false
const said = message ?? `imagePullSecrets: ${JSON.stringify(spec?.imagePullSecrets ?? [])}`
console.log(`${response.status} ${said}`)
console.log(injected ? 'the API server calls regcred' : 'regcred did not inject: not called, or injection is off')
process.exitCode = injected ? 0 : 1
