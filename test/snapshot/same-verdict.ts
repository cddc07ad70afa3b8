import type { KnownNamespace } from '../../src/cluster/view.ts'
import { checkManifests } from '../../src/engine/check-manifests.ts'
import type { CheckedObject } from '../../src/engine/checked.ts'
import type { Manifest } from '../../src/manifests/found.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings, type Settings } from '../../src/policy/settings.ts'
import { fromSnapshot } from '../../src/snapshot/from-snapshot.ts'
import { KnownObjects } from '../../src/snapshot/known-objects.ts'
import { checkSnapshot } from '../../src/snapshot/snapshot.ts'
import { toSnapshot } from '../../src/snapshot/to-snapshot.ts'

const NOW = Date.parse('2026-11-28T12:00:00Z')

export function manifest(kind: string, name: string, rest: object, namespace = 'team-a'): Manifest {
  const apiVersion = 'v1'
  const metadata = { name, ...(kind !== 'Namespace' && { namespace }) }
  return { file: 'a.json', apiVersion, kind, object: { apiVersion, kind, metadata, ...rest } }
}

/** What is known of a cluster with these objects, as whoever reads a snapshot of it finds it. */
export function throughSnapshot(objects: readonly Manifest[], format = jsonAndBack): readonly KnownNamespace[] {
  const known = new KnownObjects('default')
  for (const object of objects) known.take(object)
  const read = { known: known.all, notRead: [] }
  const checked = checkSnapshot(format(toSnapshot(read, 'https://cluster.example', NOW)))
  if ('fault' in checked) throw new Error(checked.fault)
  return fromSnapshot(checked.value)
}

function jsonAndBack(value: object): unknown {
  return JSON.parse(JSON.stringify(value))
}

/** What is said of Pods: findings, and what the kubelet would try. */
export async function verdicts(
  objects: readonly Manifest[],
  known: readonly KnownNamespace[] = [],
  registries: Partial<Settings['registries']> = {},
): Promise<readonly Pick<CheckedObject, 'name' | 'findings' | 'images'>[]> {
  const settings = { ...defaultSettings, registries: { ...defaultSettings.registries, ...registries } }
  const options = { namespace: 'team-a', strict: false, now: () => NOW, lookUp: async () => known }
  const checked = await checkManifests(objects, prepareRulebook(settings), options)
  return checked.objects
    .filter(({ manifest }) => manifest.kind === 'Pod')
    .map(({ name, findings, images }) => ({ name, findings, images }))
}
