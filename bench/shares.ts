import { mkdir, readFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startComponent } from '../test/e2e/control-plane/component.ts'
import { type ControlPlane, startControlPlane } from '../test/e2e/control-plane/control-plane.ts'
import { REGISTRY } from '../test/e2e/control-plane/objects.ts'
import { startRegcred } from '../test/e2e/regcred/regcred.ts'
import { createWrongPods, isRefused, type PodAnswer, startAttacker } from '../test/e2e/shares/pods.ts'
import { addTenants, type Tenants } from '../test/e2e/shares/tenants.ts'
import { markdownRow } from './figures/markdown.ts'
import { quantile } from './figures/quantile.ts'
import { registerBothStages, writeServerCertificate } from './webhook.ts'

/** Milliseconds in which the attacker spends what there was to begin with. */
const HEAD_START_MS = 3000

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    pods: { type: 'string', default: '50' },
    rates: { type: 'string', default: '0,2,15,30' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (flags.help) {
  console.log(`npm run bench:shares -- [--rounds 4] [--pods 50] [--rates 0,2,15,30]

Starts a control plane with regcred in front of some namespaces and an echo that allows all in front of others, both failing
closed. While a tenant sends so many of the worst requests a second (up to 200 kB through the API server, larger ones straight
at the webhook), another namespace creates wrong Pods, ten a second: in turn, a round each, where regcred reviews both and
where the echo does. Prints the 99th percentile of the time of each, their ratio, and how many of the wrong Pods regcred
refused. Beside each round stands how busy the machine was. Exits 1 where one was not refused.`)
  process.exit(0)
}

/** Who reviews the Pods of two namespaces: those of the attacker, and the others. */
interface Side {
  readonly name: 'regcred' | 'echo'
  readonly url: string
  readonly tenants: Tenants
}

const ECHO = 'echo-'

const controlPlane = await startControlPlane()
try {
  const echo: Side = { name: 'echo', url: await startEcho(controlPlane), tenants: await addTenants(controlPlane, ECHO) }
  const { hostile, other } = echo.tenants
  const regcred = await startRegcred(controlPlane, {
    // What is in the image.
    command: [process.execPath, join(import.meta.dirname, '../bin/regcred.js'), 'serve'],
    config: { registries: { private: [REGISTRY] } },
    registration: { exceptNamespaces: [hostile.namespace, other.namespace] },
  })
  await runAll(controlPlane, [{ name: 'regcred', url: regcred.url, tenants: await addTenants(controlPlane) }, echo])
  await regcred.stop()
} finally {
  await controlPlane.stop()
}

async function runAll(controlPlane: ControlPlane, sides: readonly Side[]): Promise<void> {
  console.log('| hostile a second | refused | regcred p50, p99 ms | echo p50, p99 ms | p99 ratio | load |')
  console.log('| --- | --- | --- | --- | --- | --- |')
  for (const perSecond of flags.rates.split(',').map(Number)) {
    const answers: Record<Side['name'], PodAnswer[]> = { regcred: [], echo: [] }
    const loads: number[] = []
    for (let round = 0; round < Number(flags.rounds); round += 1) {
      for (const side of sides) {
        answers[side.name].push(...(await runRound(controlPlane, side, perSecond)))
        loads.push(loadavg()[0] ?? Number.NaN)
      }
    }
    const refused = answers.regcred.filter(isRefused).length
    if (refused < answers.regcred.length) process.exitCode = 1
    const [own, echos] = [timesOf(answers.regcred), timesOf(answers.echo)]
    const cells = [
      perSecond,
      `${refused} of ${answers.regcred.length}`,
      shown(own),
      shown(echos),
      (quantile(own, 0.99) / quantile(echos, 0.99)).toFixed(2),
      `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`,
    ]
    console.log(markdownRow(cells))
    const others = answers.regcred.filter(answer => !isRefused(answer))
    for (const { status, text, milliseconds } of others.slice(0, 2))
      console.error(`not refused after ${milliseconds.toFixed(0)} ms: ${status} ${text.slice(0, 200)}`)
  }
}

async function runRound(
  controlPlane: ControlPlane,
  { url, tenants: { hostile, other } }: Side,
  perSecond: number,
): Promise<PodAnswer[]> {
  const attacker = perSecond > 0 ? startAttacker(controlPlane, hostile, url, perSecond) : undefined
  try {
    await wait(HEAD_START_MS)
    return await createWrongPods(controlPlane, other, Number(flags.pods))
  } finally {
    await attacker?.stop()
  }
}

function timesOf(answers: readonly PodAnswer[]): number[] {
  return answers.map(({ milliseconds }) => milliseconds)
}

/** The median and the 99th percentile. */
function shown(milliseconds: readonly number[]): string {
  return [0.5, 0.99].map(at => quantile(milliseconds, at).toFixed(0)).join(', ')
}

/** Starts the echo in front of the namespaces `echo-…`, as both stages of regcred. @returns its URL */
async function startEcho(controlPlane: ControlPlane): Promise<string> {
  const folder = join(controlPlane.folder, 'echo')
  await mkdir(folder)
  const { authority, certFile, keyFile } = await writeServerCertificate(folder)
  const args = [join(import.meta.dirname, 'echo.ts'), certFile, keyFile]
  const component = startComponent(process.execPath, args, join(folder, 'echo.log'), { name: 'echo' })
  const url = await component.waitUntil('the echo says where it listens', async () => {
    const address: unknown = /"address":"([^"]+)"/.exec(await readFile(component.log, 'utf8'))?.[1]
    return typeof address === 'string' ? address : undefined
  })
  const values = [`${ECHO}hostile`, `${ECHO}other`]
  await registerBothStages(controlPlane, {
    name: 'echo',
    authority,
    mutate: `${url}/validate`,
    validate: `${url}/validate`,
    namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values }] },
    resources: ['pods', 'secrets'],
    operations: ['CREATE', 'UPDATE'],
  })
  return url
}
