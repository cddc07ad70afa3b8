import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findTool, PINS, type Tool } from '../../test/e2e/build/tools.ts'
import { connect } from '../../test/e2e/control-plane/api.ts'
import { startComponent } from '../../test/e2e/control-plane/component.ts'
import type { ControlPlane } from '../../test/e2e/control-plane/control-plane.ts'
import { outputOf } from '../../test/e2e/control-plane/kubectl.ts'
import { REGISTRY } from '../../test/e2e/control-plane/objects.ts'
import { createPortFinder } from '../../test/e2e/control-plane/ports.ts'
import { countOf } from '../../test/e2e/regcred/observe.ts'
import { startRegcred } from '../../test/e2e/regcred/regcred.ts'
import { registerBothStages, writeServerCertificate } from '../webhook.ts'
import { SIDE_LABEL, type SideName } from './sides.ts'

/** A webhook that is measured. */
export interface Webhook {
  readonly pid: number
  /** What it has asked the API server so far while a review waited. */
  reads(): Promise<number>
  stop(): Promise<unknown>
}

const GO: Tool = {
  variable: 'REGCRED_BENCH_WEBHOOK',
  name: 'bench-webhook',
  module: join(import.meta.dirname, 'webhook'),
  package: '.',
  sources: [...PINS, '*.go'],
}
const BIN = join(import.meta.dirname, '../../bin/regcred.js')

/** The package, as the image has it: both stages in front of one side, the first alone in front of the other. */
export async function startRegcredSides(controlPlane: ControlPlane): Promise<Webhook> {
  const regcred = await startRegcred(controlPlane, {
    command: [process.execPath, BIN, 'serve'],
    config: { mode: 'warn', registries: { private: [REGISTRY] } },
    flags: ['--log-level=info'],
  })
  await select(controlPlane, 'mutate.regcred.dev', 'MutatingWebhookConfiguration', ['one', 'both'])
  await select(controlPlane, 'validate.regcred.dev', 'ValidatingWebhookConfiguration', ['both'])
  return { pid: regcred.pid, reads: () => countOf(regcred, 'regcred_live_reads_total'), stop: () => regcred.stop() }
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

/** Our own on controller-runtime, in front of the side `go`. Its cache alone is asked. */
export async function startGoWebhook(controlPlane: ControlPlane): Promise<Webhook> {
  const binary = await findTool(GO)
  const folder = join(controlPlane.folder, 'go-webhook')
  await mkdir(folder)
  const { authority } = await writeServerCertificate(folder)
  const port = await createPortFinder()()
  const args = [`--kubeconfig=${controlPlane.kubeconfig}`, `--port=${port}`, `--certificates=${folder}`, '--metrics=0']
  const component = startComponent(binary, args, join(folder, 'go-webhook.log'), { name: 'go-webhook' })
  const url = `https://127.0.0.1:${port}`
  const { ask, close } = connect(url, { ca: authority })
  await component.waitUntil('the Go webhook answers', async () =>
    (await ask('/mutate')) === undefined ? undefined : true,
  )
  await close()
  await registerBothStages(controlPlane, {
    name: 'go',
    authority,
    mutate: `${url}/mutate`,
    validate: `${url}/validate`,
    namespaceSelector: { matchLabels: { [SIDE_LABEL]: 'go' } },
    resources: ['pods'],
    operations: ['CREATE'],
  })
  return { pid: component.pid, reads: () => Promise.resolve(0), stop: () => component.stop(5000) }
}
