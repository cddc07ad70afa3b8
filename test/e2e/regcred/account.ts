import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findObject, objectsOf, RELEASE } from '../chart/helm.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { writeKubeconfig } from '../control-plane/kubeconfig.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, type Manifest, namespace } from '../control-plane/objects.ts'

/** The user that the API server knows the chart's ServiceAccount as. */
export const ACCOUNT = `system:serviceaccount:${RELEASE}:${RELEASE}`

const KINDS = ['ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']

/**
 * Makes the ServiceAccount of the chart with its roles and bindings, and no others.
 *
 * @param server another address of the API server, if wanted
 * @returns the path of a kubeconfig with a token of it
 */
export async function addAccount({ kubectl, folder, ...cluster }: ControlPlane, server = cluster.server) {
  const release = await readRelease()
  outputOf(await apply(kubectl, namespace(RELEASE), ...KINDS.map(kind => findObject(release, kind, RELEASE))))
  return writeAccount({ kubectl, folder, server })
}

/** Writes a kubeconfig with a token of the ServiceAccount as it is, and returns its path. */
export async function writeAccount({
  kubectl,
  folder,
  server,
}: Pick<ControlPlane, 'kubectl' | 'folder' | 'server'>): Promise<string> {
  // Longer than anybody keeps a cluster for developers.
  const args = ['create', 'token', RELEASE, `--namespace=${RELEASE}`, '--duration=720h']
  const token = outputOf(await kubectl(args)).trim()
  const path = join(folder, `account-${new URL(server).port}.kubeconfig`)
  const authority = await readFile(join(folder, 'ca.crt'), 'utf8')
  await writeKubeconfig(path, { server, authority, credential: { token } })
  return path
}

/** The objects of the chart's defaults, from the file that chart/render.test.ts compares with what helm renders. */
export async function readRelease(): Promise<Manifest[]> {
  return objectsOf(await readFile(new URL('../chart/rendered.yaml', import.meta.url), 'utf8'))
}
