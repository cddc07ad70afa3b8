import { get, getItems, getString } from '../kube/untyped.ts'
import { isPullSecretType } from '../kubelet/secret.ts'
import type { KindPath } from '../policy/settings.ts'
import { groupOf } from '../review/manifest.ts'
import { findAt } from '../review/workload.ts'
import type { Manifest } from './found.ts'

/** A Secret that something in the cluster, or kustomize, will make. */
export interface MadeSecret {
  readonly name: string
  /** Undefined where the object names none. */
  readonly namespace?: string
  /** Whether it may be made in any namespace. */
  readonly everywhere: boolean
  /** Whether it says that it makes a pull secret; most make something else. */
  readonly isPullSecret: boolean
}

/** Where a kind that makes Secrets says their name, type and namespace; a path that ends in `[]` stands for each item of a list. */
interface Maker {
  readonly group: string
  readonly kind: string
  /** In each of these there may be a Secret; the object itself if it is empty. */
  readonly each?: string
  /** The first that is there; then the name of the object itself. */
  readonly name: readonly string[]
  readonly type?: string
  readonly namespace?: string
  readonly everywhere?: boolean
}

const MAKERS: readonly Maker[] = [
  { group: 'bitnami.com', kind: 'SealedSecret', name: ['spec.template.metadata.name'], type: 'spec.template.type' },
  {
    group: 'external-secrets.io',
    kind: 'ExternalSecret',
    name: ['spec.target.name'],
    type: 'spec.target.template.type',
  },
  {
    ...{ group: 'external-secrets.io', kind: 'ClusterExternalSecret', everywhere: true },
    name: ['spec.externalSecretSpec.target.name', 'spec.externalSecretName'],
    type: 'spec.externalSecretSpec.target.template.type',
  },
  { group: 'kubernetes-client.io', kind: 'ExternalSecret', name: [], type: 'spec.template.type' },
  {
    group: 'secrets.hashicorp.com',
    kind: 'VaultStaticSecret',
    name: ['spec.destination.name'],
    type: 'spec.destination.type',
  },
  {
    group: 'secrets.hashicorp.com',
    kind: 'VaultDynamicSecret',
    name: ['spec.destination.name'],
    type: 'spec.destination.type',
  },
  { group: 'onepassword.com', kind: 'OnePasswordItem', name: [], type: 'type' },
  {
    ...{ group: 'secrets.infisical.com', kind: 'InfisicalSecret', each: 'spec.managedSecretReference' },
    ...{ name: ['secretName'], type: 'secretType', namespace: 'secretNamespace' },
  },
  {
    ...{ group: 'secrets.infisical.com', kind: 'InfisicalSecret', each: 'spec.managedKubeSecretReferences[]' },
    ...{ name: ['secretName'], type: 'secretType', namespace: 'secretNamespace' },
  },
  { group: 'k8s.bitwarden.com', kind: 'BitwardenSecret', name: ['spec.secretName'] },
  { group: 'isindir.github.com', kind: 'SopsSecret', each: 'spec.secretTemplates[]', name: ['name'], type: 'type' },
  {
    group: 'kustomize.config.k8s.io',
    kind: 'Kustomization',
    each: 'secretGenerator[]',
    everywhere: true,
    name: ['name'],
    type: 'type',
  },
]

/** The kinds that make Secrets, by group. */
const BY_KIND = Map.groupBy(MAKERS, ({ group, kind }) => `${group}/${kind}`)

/**
 * The Secrets that an object will have made, once it is in the cluster.
 *
 * @param producers further kinds that make Secrets, by configuration
 */
export function secretsMadeBy(
  { apiVersion, kind, object }: Pick<Manifest, 'apiVersion' | 'kind' | 'object'>,
  producers: readonly KindPath[] = [],
): MadeSecret[] {
  const group = groupOf(apiVersion)
  const makers = BY_KIND.get(`${group}/${kind}`) ?? []
  const made = makers.flatMap(maker => partsOf(object, maker.each).flatMap(part => readMade(part, object, maker) ?? []))
  const further = producers.filter(producer => isOfKind({ apiVersion, kind }, producer))
  return [...made, ...further.flatMap(({ path }) => namesAt(object, path).map(name => makeOf(name, object)))]
}

export function isOfKind(
  { apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>,
  known: Pick<KindPath, 'group' | 'kind'>,
): boolean {
  return known.kind === kind && known.group === groupOf(apiVersion)
}

function namesAt(object: unknown, path: string): readonly string[] {
  const result = findAt(object, path)
  return 'fault' in result ? [] : result.found.flatMap(({ value }) => (typeof value === 'string' && value ? value : []))
}

/** Of what only configuration knows, it is not known what kind of Secret it makes. */
function makeOf(name: string, object: unknown): MadeSecret {
  const namespace = getString(object, 'metadata', 'namespace')
  return { name, ...(namespace && { namespace }), everywhere: false, isPullSecret: false }
}

function readMade(part: unknown, object: unknown, maker: Maker): MadeSecret | undefined {
  const own = maker.each === undefined ? getString(object, 'metadata', 'name') : undefined
  const name = maker.name.map(path => textAt(part, path)).find(Boolean) ?? own
  if (name === undefined || name === '') return undefined
  const namespace = textAt(part, maker.namespace) ?? getString(object, 'metadata', 'namespace')
  const isPullSecret =
    isPullSecretType(textAt(part, maker.type)) ||
    get(object, 'spec', 'encryptedData', '.dockerconfigjson') !== undefined
  return { name, ...(namespace && { namespace }), everywhere: maker.everywhere === true, isPullSecret }
}

/** The parts of an object in which Secrets are named. */
function partsOf(object: unknown, path: string | undefined): readonly unknown[] {
  if (path === undefined) return [object]
  if (path.endsWith('[]')) return getItems(object, ...path.slice(0, -'[]'.length).split('.'))
  return [get(object, ...path.split('.'))]
}

function textAt(value: unknown, path: string | undefined): string | undefined {
  return path === undefined ? undefined : getString(value, ...path.split('.'))
}
