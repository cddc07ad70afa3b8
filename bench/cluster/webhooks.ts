import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildOnce, COMPILE, HERE, hashFiles, locateCache } from '../../test/e2e/build/assets.ts'
import { connect } from '../../test/e2e/control-plane/api.ts'
import { startComponent } from '../../test/e2e/control-plane/component.ts'
import type { ControlPlane } from '../../test/e2e/control-plane/control-plane.ts'
import { base64 } from '../../test/e2e/control-plane/kubeconfig.ts'
import { outputOf } from '../../test/e2e/control-plane/kubectl.ts'
import { REGISTRY } from '../../test/e2e/control-plane/objects.ts'
import { createPortFinder } from '../../test/e2e/control-plane/ports.ts'
import { type Regcred, startRegcred } from '../../test/e2e/regcred/regcred.ts'
import { createAuthority } from '../../test/tls/pki.ts'
import { SIDE_LABEL, type SideName } from './sides.ts'

/** A webhook that is measured. */
export interface Webhook {
  readonly pid: number
  /** What it has asked the API server so far while a review waited. */
  reads(): Promise<number>
  stop(): Promise<unknown>
}

const GO = join(import.meta.dirname, 'webhook')
const BIN = join(import.meta.dirname, '../../bin/regcred.js')
const CONFIGURATIONS = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'] as const
const PODS = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }]

/** The package, as the image has it: both stages in front of one side, the first alone in front of the other. */
export async function startRegcredSides(controlPlane: ControlPlane): Promise<Webhook> {
  const regcred = await startRegcred(controlPlane, {
    command: [process.execPath, BIN, 'serve'],
    config: { mode: 'warn', registries: { private: [REGISTRY] } },
    flags: ['--log-level=info'],
  })
  await select(controlPlane, 'mutate.regcred.dev', CONFIGURATIONS[0], ['one', 'both'])
  await select(controlPlane, 'validate.regcred.dev', CONFIGURATIONS[1], ['both'])
  return { pid: regcred.pid, reads: () => liveReads(regcred), stop: () => regcred.stop() }
}

/** Narrows the webhooks of a configuration to the namespaces of these sides. */
async function select(
  { kubectl }: ControlPlane,
  name: string,
  kind: string,
  sides: readonly SideName[],
): Promise<void> {
  const stored = JSON.parse(outputOf(await kubectl(['get', kind, name, '--output=json'])))
  const namespaceSelector = { matchExpressions: [{ key: SIDE_LABEL, operator: 'In', values: sides }] }
  const webhooks = stored.webhooks.map((webhook: object) => ({ ...webhook, namespaceSelector }))
  outputOf(await kubectl(['replace', '-f', '-'], { input: JSON.stringify({ ...stored, webhooks }) }))
}

async function liveReads({ metricsUrl }: Regcred): Promise<number> {
  const text = await (await fetch(`${metricsUrl}/metrics`)).text()
  return [...text.matchAll(/^regcred_live_reads_total\{.*\} (\d+)$/gm)].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  )
}

/** Our own on controller-runtime, in front of the side `go`. Its cache alone is asked. */
export async function startGoWebhook(controlPlane: ControlPlane): Promise<Webhook> {
  const { folder, kubeconfig, kubectl } = controlPlane
  const pins = ['go.mod', 'go.sum', 'main.go'].map(file => join(GO, file))
  const name = `bench-webhook-${await hashFiles(pins)}`
  const recipe = { name, module: GO, package: '.', flags: COMPILE, instead: 'leave out --go' }
  const binary = await buildOnce(recipe, await locateCache(process.env), HERE)
  const authority = await createAuthority('bench webhook')
  const { certificate, key } = await authority.issueServer([])
  const certificates = join(folder, 'go-webhook')
  await mkdir(certificates)
  await writeFile(join(certificates, 'tls.crt'), certificate)
  await writeFile(join(certificates, 'tls.key'), key, { mode: 0o600 })
  const port = await createPortFinder()()
  const args = [`--kubeconfig=${kubeconfig}`, `--port=${port}`, `--certificates=${certificates}`, '--metrics=0']
  const component = startComponent(binary, args, join(folder, 'go-webhook.log'), { name: 'go-webhook' })
  const url = `https://127.0.0.1:${port}`
  const { ask, close } = connect(url, { ca: authority.certificate })
  await component.waitUntil('the Go webhook answers', async () =>
    (await ask('/mutate')) === undefined ? undefined : true,
  )
  await close()
  const items = CONFIGURATIONS.map((kind, stage) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: 'go' },
    webhooks: [
      {
        name: 'go.example.com',
        clientConfig: { url: `${url}${['/mutate', '/validate'][stage]}`, caBundle: base64(authority.certificate) },
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Fail',
        timeoutSeconds: 10,
        namespaceSelector: { matchLabels: { [SIDE_LABEL]: 'go' } },
        rules: PODS,
      },
    ],
  }))
  outputOf(await kubectl(['create', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) }))
  return { pid: component.pid, reads: () => Promise.resolve(0), stop: () => component.stop(5000) }
}
