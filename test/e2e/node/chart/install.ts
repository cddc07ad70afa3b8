import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { CHART, RELEASE } from '../../chart/helm.ts'
import { HERE, INSTALL, WEBHOOKS } from '../../chart/release.ts'
import { outputOf } from '../../control-plane/kubectl.ts'
import { assertUnharmed, startLoad, type Tally } from '../../faults/load.ts'
import { type ClusterWithImage, GATED, LONG } from './with-image.ts'

const PAGE = readFileSync(fileURLToPath(new URL('../../../../docs/install.md', import.meta.url)), 'utf8')
const PUBLISHED = 'oci://ghcr.io/regcred/charts/regcred'
/** Pods a second that are made meanwhile. */
const RATE = 20
const FAIL = '--set=webhooks.failurePolicy=Fail'

/** The commands of a page below this line, as they are written. */
function commandsBelow(line: string): string {
  const [, commands] = PAGE.slice(PAGE.indexOf(line)).match(/^```sh\n([\s\S]*?)^```$/m) ?? []
  if (commands === undefined || !PAGE.includes(line)) throw new Error(`docs/install.md has no commands below ${line}`)
  return commands
}

/** What becomes of Pods of other namespaces while a release that is to refuse what it does not see is installed where there is none. */
export function testInstall(t: Test, { controlPlane, kubectl, helm, get, isServed, isGone }: ClusterWithImage): void {
  /** Types commands where `values.yaml` is; the published chart is the one of this checkout. */
  async function type(t: Test, commands: string): Promise<void> {
    const { assets, kubeconfig: KUBECONFIG } = controlPlane
    const cwd = t.testdir({
      'values.yaml': 'webhooks: {failurePolicy: Fail}\n',
      bin: {
        kubectl: t.fixture('symlink', assets.kubectl),
        helm: t.fixture('symlink', process.env['REGCRED_HELM'] ?? ''),
      },
    })
    const env = { PATH: `${cwd}/bin:${process.env['PATH']}`, HOME: cwd, KUBECONFIG }
    const typed = commands.replaceAll(PUBLISHED, CHART)
    await promisify(execFile)('bash', ['-eo', 'pipefail', '-c', typed], { cwd, env, timeout: LONG.timeout })
  }

  /** Makes Pods while a release comes, and says what became of them. */
  async function during(install: () => Promise<unknown>): Promise<Tally> {
    const load = await startLoad(controlPlane, RATE, GATED)
    try {
      await install()
    } catch (error) {
      await load.stop()
      throw error
    }
    return load.stop()
  }

  async function policies(): Promise<Record<string, string>> {
    const { items } = await get(WEBHOOKS)
    type Webhook = { name: string; failurePolicy: string }
    const webhooks: Webhook[] = items.flatMap(({ webhooks }: { webhooks: Webhook[] }) => webhooks)
    return Object.fromEntries(webhooks.map(({ name, failurePolicy }) => [name, failurePolicy]))
  }

  /** Asserts that it is ready, refuses what it does not see, and lets everything through that is right. */
  async function isInForce(t: Test): Promise<void> {
    await isServed(t)
    t.match(await policies(), { 'mutate.regcred.dev': 'Fail', 'validate.regcred.dev': 'Fail' })
    assertUnharmed(t, await during(() => wait(3000)))
  }

  /** Removes a release with its namespace, and does not wait for replicas that go on answering for a while. */
  async function remove(uninstall: () => Promise<unknown>): Promise<void> {
    await uninstall()
    outputOf(await kubectl(['delete', 'pods', '--all', '--grace-period=0', '--force', HERE]))
    outputOf(await kubectl(['delete', 'namespace', RELEASE], LONG))
    await isGone()
  }

  /** Asserts that the commands below this line of the page install it, and that no Pod is refused meanwhile. */
  async function isSmooth(t: Test, line: string): Promise<void> {
    const { sample, failed, overloaded, wrong, refusing } = await during(() => type(t, commandsBelow(line)))
    t.strictSame({ failed, overloaded, wrong }, { failed: 0, overloaded: 0, wrong: 0 }, { sample, refusing })
    await isInForce(t)
  }

  t.test('in one step: Pods are refused until a replica is ready', async t => {
    const { failed, refusing, sample } = await during(() => helm('install', RELEASE, CHART, ...INSTALL, FAIL))
    t.comment(`${failed} refused, for ${(refusing / 1000).toFixed(1)} s`)
    t.ok(failed > 0)
    t.match(sample, 'failed calling webhook')
    await isInForce(t)
    await remove(() => helm('uninstall', RELEASE, HERE))
  })

  t.test('in two steps with kubectl, as the page has them: none is refused', async t => {
    await isSmooth(t, '\nWith kubectl:\n')
    const rendered = outputOf(await helm('template', RELEASE, CHART, HERE))
    await remove(() => kubectl(['delete', '-f', '-'], { input: rendered, ...LONG }))
  })

  t.test('in two steps with helm, as the page has them: none is refused', async t => {
    await isSmooth(t, '\n## Install with `failurePolicy: Fail`\n')
  })
}
