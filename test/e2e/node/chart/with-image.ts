import { createHelm } from '../../chart/helm.ts'
import { makeNamespaces, observeRelease } from '../../chart/release.ts'
import type { Owner } from '../../fixture.ts'
import { withNode } from '../node.ts'
import { IMAGE_VARIABLE } from './regcred-image.ts'

/** Of Pods whose admission is all that counts: no scheduler looks at them. */
export const GATED = { schedulingGates: [{ name: 'example.com/never' }] }
/** For commands that wait. */
export const LONG = { timeout: 200_000 }

/**
 * Starts a cluster with a node for this test that has regcred's image, and the namespaces that a release is installed into.
 * Everything is as users have it: the chart, its image, its Service, its probes, its ServiceAccount's token, its certificate.
 */
export async function withImage(t: Owner) {
  const archive = process.env[IMAGE_VARIABLE]
  if (archive === undefined) throw new Error(`${IMAGE_VARIABLE} has to name the image; npm run test:node builds it`)
  const { controlPlane, node } = await withNode(t)
  const { kubectl, kubeconfig, folder } = controlPlane
  await node.containerd.importImage(archive)
  await makeNamespaces(kubectl)
  return { controlPlane, kubectl, node, helm: createHelm(kubeconfig, folder), ...observeRelease(kubectl) }
}

/** What {@link withImage} has started. */
export type ClusterWithImage = Awaited<ReturnType<typeof withImage>>
