import type { WholeCluster } from '../ask/cluster.ts'
import type { Resource } from '../ask/resources.ts'
import { parseConfiguration } from '../config/parse.ts'
import { getText } from '../kube/untyped.ts'
import type { Settings } from '../policy/settings.ts'
import { type Installation, volumeOf } from './installation.ts'
import { unlessForbidden } from './unless-forbidden.ts'

const CONFIG_MAP: Resource = { kind: 'ConfigMap', name: 'configmaps', group: '' }

/** The settings of a release; or why they are not known. */
export type ReadConfiguration = { readonly settings: Settings } | { readonly unknown: string }

/** @throws {AskError} where the cluster does not answer */
export async function readConfiguration(cluster: WholeCluster, installation: Installation): Promise<ReadConfiguration> {
  const name = getText(volumeOf(installation, 'config'), 'configMap', 'name')
  if (name === '') return { unknown: 'the ConfigMap of the configuration is not known' }
  const reading = await unlessForbidden(cluster.within(installation.namespace).find(CONFIG_MAP, name))
  if ('forbidden' in reading) return { unknown: reading.forbidden }
  if (reading.value === undefined) return { unknown: `ConfigMap "${name}" does not exist` }
  const parsed = parseConfiguration(getText(reading.value, 'data', 'config.yaml'), name)
  if (parsed.ok) return { settings: parsed.settings }
  return { unknown: `the configuration in ConfigMap "${name}" has errors, and replicas do not start with it` }
}
