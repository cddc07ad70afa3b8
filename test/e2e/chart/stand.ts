import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Test } from 'tap'
import { poll } from '../../processes/poll.ts'
import { startControlPlane } from '../control-plane/control-plane.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { startBalancer } from './balancer.ts'
import { createHelm, RELEASE } from './helm.ts'
import { assembleImage } from './image.ts'
import { Kubelet } from './kubelet.ts'
import { HERE, makeNamespaces, observeRelease, WEBHOOKS } from './release.ts'

/**
 * Starts for this test what a release is installed into: a control plane, a stand-in for its node, the namespace of the
 * release under restricted Pod Security, and another one, `team-a`.
 */
export async function withStand(t: Test) {
  const controlPlane = await startControlPlane()
  t.teardown(() => controlPlane.stop())
  const { kubectl } = controlPlane
  const steps = join(controlPlane.folder, 'image')
  await mkdir(steps)
  const kubelet = new Kubelet(controlPlane, await assembleImage(steps), RELEASE)
  t.teardown(() => kubelet.stop())
  const helm = createHelm(controlPlane.kubeconfig)
  await makeNamespaces(kubectl)
  kubelet.start()
  const release = observeRelease(kubectl)
  const { get } = release

  return {
    ...release,
    controlPlane,
    kubelet,
    helm,
    /** Lets the webhooks lead to this port of the Pods that are ready, by way of `https://localhost`. */
    async lead(targetPort = 10250) {
      const balancer = await startBalancer(() => kubelet.endpoints(), targetPort)
      t.teardown(() => balancer.close())
      for (const kind of WEBHOOKS.split(',')) {
        // regcred may write it at the same moment.
        await poll(`${kind} leads to the balancer`, async () => {
          const configuration = await get(kind, RELEASE)
          for (const { clientConfig } of configuration.webhooks) {
            clientConfig.url = `https://localhost:${balancer.port}${clientConfig.service.path}`
            delete clientConfig.service
          }
          const { code } = await kubectl(['replace', '-f', '-'], { input: JSON.stringify(configuration) })
          return code === 0 || undefined
        })
      }
    },
    /** Deletes the release, and looks for anything of it. */
    async uninstall(t: Test) {
      const deleted = await helm('uninstall', RELEASE, '--wait', '--timeout=90s', '--debug', HERE)
      outputOf(deleted)
      const kinds = deleted.stderr.match(/(?<="starting delete resource".* kind=)\w+/g) ?? []
      t.match(kinds[1], /WebhookConfiguration$/, 'the webhooks go first')
      await release.isGone()
      const ended = await kubelet.ended()
      t.ok(ended.length > 0)
      t.strictSame([...new Set(ended)], [0], 'every process has ended well')
    },
  }
}
