import type { Test } from 'tap'
import { poll } from '../../processes/poll.ts'
import { type Kubectl, outputOf } from '../control-plane/kubectl.ts'
import { apply, namespace } from '../control-plane/objects.ts'
import { RELEASE } from './helm.ts'

/** kubectl's or helm's flag for the namespace of the release. */
export const HERE = `--namespace=${RELEASE}`
/** helm's flags for an install or an upgrade. */
export const INSTALL = ['--wait', '--timeout=120s', HERE]
/** The kinds of webhook configurations, as kubectl takes them. */
export const WEBHOOKS = 'mutatingwebhookconfiguration,validatingwebhookconfiguration'

/** Makes what a release is installed into: its namespace under restricted Pod Security, and another one, `team-a`. */
export async function makeNamespaces(kubectl: Kubectl): Promise<void> {
  const restricted = { 'pod-security.kubernetes.io/enforce': 'restricted' }
  outputOf(await apply(kubectl, namespace(RELEASE, { labels: restricted }), namespace('team-a')))
}

/** What of a release can be seen in a cluster. */
export function observeRelease(kubectl: Kubectl) {
  /** What `kubectl get` has to say, decoded. */
  const get = async (...args: readonly string[]) =>
    JSON.parse(outputOf(await kubectl(['get', ...args, '--output=json'])))
  /** The caBundles of all webhooks, each once. */
  const caBundles = async () => {
    const { items } = await get(WEBHOOKS)
    return [
      ...new Set<string | undefined>(
        items.flatMap((item: { webhooks: { clientConfig: { caBundle?: string } }[] }) =>
          item.webhooks.map(({ clientConfig }) => clientConfig.caBundle),
        ),
      ),
    ]
  }
  return {
    get,
    caBundles,
    /** What regcred itself has written so far. */
    async written() {
      return { data: (await get('secret', 'regcred-tls', HERE)).data, caBundles: await caBundles() }
    },
    /** Asserts that every replica is ready. */
    async isServed(t: Test) {
      const { spec, status } = await get('deployment', RELEASE, HERE)
      t.match(status, { replicas: spec.replicas, readyReplicas: spec.replicas, updatedReplicas: spec.replicas })
    },
    /** Waits until nothing of the release is left. */
    async isGone() {
      const kinds = outputOf(await kubectl(['api-resources', '--verbs=list', '--output=name']))
        .trim()
        .split('\n')
      const listed = kinds.filter(kind => !/^(events|componentstatuses)/.test(kind)).join()
      const label = `--selector=app.kubernetes.io/instance=${RELEASE}`
      const left = () => kubectl(['get', listed, '--all-namespaces', label, '--output=name'])
      await poll('nothing is left', async () => (outputOf(await left()) === '' ? true : undefined), { timeout: 60_000 })
    },
  }
}
