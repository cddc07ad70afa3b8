import type { Cluster } from '../../src/app.ts'
import type { LiveReads, View } from '../../src/cluster/view.ts'
import type { Manifest } from '../../src/manifests/found.ts'
import { ManifestView } from '../../src/manifests/view.ts'
import type { Known } from '../../src/policy/known.ts'

const PULL_SECRET_TYPES: readonly unknown[] = ['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg']
const UNKNOWN = { state: 'unknown' } as const

/**
 * Manifests as regcred would see them through an API server: of Secrets only pull secrets are followed, and of any other a
 * live read tells that it exists and no more.
 *
 * @param unknown what can be found out neither way: `namespace`, `serviceaccount`, `secrets`, `secret/acme`
 */
export function clusterOf(manifests: readonly Manifest[], unknown: readonly string[]): Cluster {
  const isFollowed = ({ kind, object }: Manifest) => kind !== 'Secret' || PULL_SECRET_TYPES.includes(object['type'])
  const followed = new ManifestView(manifests.filter(isFollowed))
  const all = new ManifestView(manifests)
  const known = <T>(what: string, answer: Known<T>): Known<T> => (unknown.includes(what) ? UNKNOWN : answer)
  const view: View = {
    secret: (namespace, name) => known(`secret/${name}`, followed.secret(namespace, name)),
    secretNames: namespace => followed.secretNames(namespace),
    credentials: (namespace, image) => followed.credentials(namespace, image),
    serviceAccount: (namespace, name) => known('serviceaccount', followed.serviceAccount(namespace, name)),
    namespace: name => known('namespace', followed.namespace(name)),
    isSettled: () => true,
  }
  const readSecret = (namespace: string, name: string) => known(`secret/${name}`, all.secret(namespace, name))
  const live: LiveReads = {
    readSecret: async (namespace, name) => readSecret(namespace, name),
    readSecrets: async namespace => {
      const pullSecrets = unknown.includes('secrets') ? UNKNOWN : await followed.lookForMatch(namespace, ['any'])
      return { state: 'value', value: { get: name => readSecret(namespace, name), pullSecrets } }
    },
    lookForMatch: async (namespace, images) => {
      if (images.length > 0 && unknown.includes('secrets')) return UNKNOWN
      return await followed.lookForMatch(namespace, images)
    },
    noteMisses: () => undefined,
    readServiceAccount: async (namespace, name) => view.serviceAccount(namespace, name),
    readNamespace: async name => view.namespace(name),
  }
  return { view, live, resources: () => [] }
}
