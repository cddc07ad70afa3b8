import { basename } from 'node:path'
import { get, getItems, getString } from '../kube/untyped.ts'
import { readContainerdConfig, readHosts, readRegistry } from './containerd.ts'
import { readCredentialProviders } from './credential-providers.ts'
import { readDockerConfig } from './docker-config.ts'
import { readMirrorSet } from './openshift.ts'
import type { LineOf, Statement } from './statement.ts'

/** What a document says; undefined where it is nothing that speaks of registries. */
export function statementsOf(file: string, value: unknown, lineOf: LineOf): readonly Statement[] | undefined {
  if (file.endsWith('.toml')) {
    return basename(file) === 'hosts.toml' ? readHosts(file, value) : readContainerdConfig(file, value)
  }
  const kind = getString(value, 'kind')
  if (kind === 'CredentialProviderConfig') return readCredentialProviders(file, value, lineOf)
  if (kind?.endsWith('List')) return statementsOfList(file, value, lineOf)
  if (kind !== undefined) return readMirrorSet(file, value, lineOf)
  if (get(value, 'auths') !== undefined) return readDockerConfig(file, value)
  const isOfK3s = get(value, 'mirrors') !== undefined || get(value, 'configs') !== undefined
  return isOfK3s ? readRegistry(file, value, lineOf) : undefined
}

/** kubectl and oc write several objects as one list. */
function statementsOfList(file: string, value: unknown, lineOf: LineOf): readonly Statement[] | undefined {
  const all = getItems(value, 'items').map((item, index) =>
    readMirrorSet(file, item, path => lineOf(['items', index, ...path])),
  )
  return all.every(statements => statements === undefined) ? undefined : all.flatMap(statements => statements ?? [])
}
