import type { Home, Owner, Tool } from '../advice/home.ts'
import type { Keeper } from '../advice/on-secrets.ts'
import type { PodSubject } from './review.ts'
import type { MetadataFields } from './schema.ts'
import { templatesOf } from './workload.ts'

/** The list of a Pod, by its field. */
export const POD_LIST = 'spec.imagePullSecrets'

/** What says that a tool applies an object: a label, an annotation, or who owns some of its fields. */
interface Mark {
  readonly tool: Tool
  readonly labels: readonly string[]
  readonly annotations: readonly string[]
  readonly managers: readonly string[]
}

/** The first that fits counts: Argo CD and Flux install charts of Helm, and leave its labels on what they apply. */
const MARKS: readonly Mark[] = [
  {
    tool: 'Argo CD',
    labels: ['argocd.argoproj.io/instance'],
    annotations: ['argocd.argoproj.io/tracking-id'],
    managers: ['argocd-controller', 'argocd-application-controller'],
  },
  {
    tool: 'Flux',
    labels: ['kustomize.toolkit.fluxcd.io/name', 'helm.toolkit.fluxcd.io/name'],
    annotations: [],
    managers: ['kustomize-controller', 'helm-controller'],
  },
  { tool: 'Helm', labels: [], annotations: ['meta.helm.sh/release-name'], managers: ['helm'] },
]
const MANAGED_BY = 'app.kubernetes.io/managed-by'
/** What a ReplicaSet's name has behind that of its Deployment. */
const TEMPLATE_HASH = 'pod-template-hash'

/** What is read of labels and annotations. */
export const HOME_KEYS = [
  ...MARKS.flatMap(({ labels, annotations }) => [...labels, ...annotations]),
  ...[MANAGED_BY, TEMPLATE_HASH],
]

/** Field owners that are looked at: an object has a handful. */
const MAX_MANAGERS = 100

/**
 * Which tool applies an object, by what is on it; undefined where none says so. Anybody may write it there, so it is no more than a
 * hint to who reads it.
 */
export function toolOf({ labels, annotations, managedFields }: MetadataFields): Tool | undefined {
  const has = (texts: MetadataFields['labels'], key: string) => texts?.[key] !== undefined && Object.hasOwn(texts, key)
  const managers = new Set((managedFields ?? []).slice(0, MAX_MANAGERS).map(({ manager }) => manager))
  const mark = MARKS.find(
    known =>
      known.labels.some(key => has(labels, key)) ||
      known.annotations.some(key => has(annotations, key)) ||
      known.managers.some(name => managers.has(name)),
  )
  return mark?.tool ?? (labels?.[MANAGED_BY] === 'Helm' ? 'Helm' : undefined)
}

/** What External Secrets puts on a Secret that it does not own, and who it writes fields as. */
const EXTERNAL_SECRETS = {
  label: 'reconcile.external-secrets.io/managed',
  manager: 'externalsecrets.external-secrets.io',
}

/**
 * What keeps a Secret of a cluster as it is: what it names as its controller (an ExternalSecret, a SealedSecret), External Secrets where it
 * writes into one that it does not own, or else the tool that applies it. No more than a hint, as {@link toolOf}.
 */
export function keeperOf(metadata: MetadataFields): Keeper {
  const { kind, name } = controllerOf(metadata) ?? {}
  if (kind !== undefined) return { writer: `${kind} "${name}"` }
  const { labels, managedFields } = metadata
  const isManaged =
    labels?.[EXTERNAL_SECRETS.label] === 'true' ||
    (managedFields ?? [])
      .slice(0, MAX_MANAGERS)
      .some(({ manager }) => String(manager).startsWith(EXTERNAL_SECRETS.manager))
  if (isManaged) return { writer: 'External Secrets' }
  const tool = toolOf(metadata)
  return tool === undefined ? {} : { tool }
}

/** Whether an object has been in a cluster: only an API server gives it a uid. */
export function isFromCluster(metadata: MetadataFields | null | undefined): boolean {
  const uid = metadata?.uid
  return typeof uid === 'string' && uid !== ''
}

/**
 * Where an object is changed.
 *
 * @param list where its pull secrets stand
 * @param form `written` where it is read from a file
 */
export function readHome(
  metadata: MetadataFields,
  { group, kind }: { readonly group: string; readonly kind: string },
  list: string,
  form: PodSubject['form'],
): Home {
  if (form === 'written' && !isFromCluster(metadata)) return { isFile: true, list }
  const tool = toolOf(metadata)
  const owner = readOwner(metadata)
  const isFixed = (group === '' && kind === 'Pod') || (group === 'batch' && kind === 'Job')
  return {
    isFile: false,
    list,
    ...(tool !== undefined && { tool }),
    ...(owner !== undefined && { owner }),
    // A name that was made up for it is not in its file.
    ...(isFixed && { again: metadata.generateName ? 'create' : 'replace' }),
  }
}

const KIND = /^[A-Z][A-Za-z0-9]{0,62}$/
const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/

/** What an object names as its controller; what can be no name is left out. */
function controllerOf({ ownerReferences }: MetadataFields) {
  const controller = ownerReferences?.find(reference => reference.controller === true)
  const { apiVersion, kind, name } = controller ?? {}
  if (!kind || !KIND.test(kind) || typeof name !== 'string' || !NAME.test(name)) return undefined
  const group = apiVersion?.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  return { group, kind, name }
}

/** The controller of an object; of a ReplicaSet that a Deployment made, that. */
function readOwner(metadata: MetadataFields): Owner | undefined {
  const controller = controllerOf(metadata)
  if (controller === undefined) return undefined
  const { group, kind, name } = controller
  const { labels } = metadata
  const hash = labels?.[TEMPLATE_HASH]
  const isOfDeployment = group === 'apps' && kind === 'ReplicaSet' && typeof hash === 'string' && hash !== ''
  if (isOfDeployment && name.endsWith(`-${hash}`)) {
    return ownerWith(group, 'Deployment', name.slice(0, -hash.length - 1))
  }
  return ownerWith(group, kind, name)
}

function ownerWith(group: string, kind: string, name: string): Owner {
  const [template] = templatesOf(group, kind)
  return { kind, name, list: template && listIn(template.path) }
}

/** The list of pull secrets of a Pod template that stands at a JSON pointer. */
export function listIn(pointer: string, isPodSpec = false): string {
  const path = pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  return [...path, ...(isPodSpec ? [] : ['spec']), 'imagePullSecrets'].join('.')
}
