import { isDeepStrictEqual } from 'node:util'
import type { Tool } from '../advice/home.ts'
import { isPullSecretType } from '../kubelet/secret.ts'
import type { KindPath } from '../policy/settings.ts'
import { present } from '../runtime/present.ts'
import { isFromCluster, listIn, POD_LIST, readHome, toolOf } from './home.ts'
import { ownerOf } from './maker.ts'
import { findNotStrings, readNamespace } from './namespace.ts'
import { imagesOf, readPod } from './pod.ts'
import type { ImageField, NothingToReview, PodSubject, Subject } from './review.ts'
import { checkObject, checkPod, checkPodSpec, checkSecret, type MetadataFields, type RequestFields } from './schema.ts'
import { readIgnored, readSecretObject } from './secret.ts'
import { type FoundValue, findAt, isPodSpec, templatesOf } from './workload.ts'

const NOTHING: NothingToReview = { about: 'nothing' }

/** The name of the object for people, the namespace that it names, and the part of it that is reviewed. */
interface RequestSubject {
  readonly name: string
  readonly namespace: string
  readonly subject: Subject
}

/**
 * Finds what a request changes that concerns us. To the mutating webhook a Pod comes `mutating`, to the validating one
 * everything comes `stored`; a manifest is like a CREATE of what is `written`, unless it is a template that a controller owns.
 *
 * | stage    | kind            | request                                             | subject          |
 * | -------- | --------------- | --------------------------------------------------- | ---------------- |
 * | both     | any             | the object is being deleted, or is gone             | nothing          |
 * | mutate   | Pod             | CREATE                                              | pod, create      |
 * | validate | Pod             | CREATE                                              | pod, create      |
 * | validate | Pod             | UPDATE that changes an image                        | pod, update      |
 * | validate | Pod             | UPDATE of ephemeralcontainers                       | pod, ephemeral   |
 * | validate | with a template | CREATE or UPDATE that changes it                   | template, create |
 * | validate | Secret          | CREATE or UPDATE that changes a pull secret         | secret           |
 * | validate | Namespace       | CREATE or UPDATE that changes a label of ours       | namespace        |
 * | both     | any of these    | anything else                                       | nothing          |
 * | both     | any other       |                                                     | unreadable       |
 */
export function readSubject(
  request: RequestFields,
  form: PodSubject['form'],
  templates: readonly KindPath[],
): RequestSubject {
  const { group, kind } = request.kind
  const checked = checkObject(request.object ?? {})
  if ('fault' in checked) return { name: '', namespace: '', subject: { about: 'unreadable', fault: checked.fault } }
  const metadata = checked.value.metadata ?? {}
  const name = metadata.name || (metadata.generateName ? `${metadata.generateName}…` : '')
  const namespace = metadata.namespace ?? ''
  const isWrite = request.operation === 'CREATE' || request.operation === 'UPDATE'
  if (!isWrite || metadata.deletionTimestamp) return { name, namespace, subject: NOTHING }
  const isPod = group === '' && kind === 'Pod'
  const subject = isPod ? readPodRequest(request, form, metadata) : readOther(request, form, metadata, templates)
  return { name, namespace, subject }
}

function readOther(
  request: RequestFields,
  form: PodSubject['form'],
  metadata: MetadataFields,
  templates: readonly KindPath[],
): Subject {
  const { group, kind } = request.kind
  const kinds = templatesOf(group, kind, templates)
  const reviewed = kinds.length > 0 || (group === '' && (kind === 'Secret' || kind === 'Namespace'))
  if (!reviewed) return { about: 'unreadable', fault: `kind ${JSON.stringify(kind)} is not reviewed` }
  if (form === 'mutating' || request.subResource) return NOTHING
  if (kinds.length > 0) return readTemplates(request, form, metadata, kinds)
  const isFile = form === 'written' && !isFromCluster(metadata)
  return kind === 'Secret'
    ? readSecretRequest(request, isFile, toolOf(metadata))
    : readNamespaceRequest(request, metadata, isFile)
}

function readPodRequest(request: RequestFields, form: PodSubject['form'], metadata: MetadataFields): Subject {
  const ephemeral = request.subResource === 'ephemeralcontainers'
  const creates = request.operation === 'CREATE'
  if (form === 'mutating' && !creates) return NOTHING
  if (request.subResource && !ephemeral) return NOTHING
  const checked = checkPodSpec(request.object)
  if ('fault' in checked) return { about: 'unreadable', fault: checked.fault }
  const spec = checked.value.spec ?? {}
  const home = readHome(metadata, request.kind, POD_LIST, form)
  if (creates) return { ...readPod(metadata, spec, 'pod', form, 'create'), home }
  const old = checkPodSpec(request.oldObject ?? {}, '/oldObject')
  if ('fault' in old) return { about: 'unreadable', fault: old.fault }
  const before = new Set(imagesOf(old.value.spec ?? {}).map(placeOf))
  const pod = readPod(metadata, spec, 'pod', 'stored', ephemeral ? 'ephemeral' : 'update')
  const changed = pod.images.filter(now => !before.has(placeOf(now)))
  return changed.length === 0 ? NOTHING : { ...pod, home, images: changed }
}

function placeOf({ container, image }: ImageField): string {
  return JSON.stringify([container, image])
}

function readTemplates(
  request: RequestFields,
  form: PodSubject['form'],
  metadata: MetadataFields,
  kinds: readonly KindPath[],
): Subject {
  const owner = ownerOf(metadata)
  // Of a file nobody says who applied it. What was read from a cluster holds what its controllers made.
  if (form === 'written' && owner !== 'none') return NOTHING
  const found = findTemplates(request.object, kinds)
  if ('fault' in found) return { about: 'unreadable', fault: found.fault }
  if (found.found.length === 0) return NOTHING
  if (request.operation === 'UPDATE' && isSame(found, findTemplates(request.oldObject, kinds))) return NOTHING
  const pods: PodSubject[] = []
  for (const { path, value, pointer } of found.found) {
    const checked = checkPod(isPodSpec(value) ? { spec: value } : value, `/${path.join('/')}`)
    if ('fault' in checked) return { about: 'unreadable', fault: checked.fault }
    const { metadata: podMetadata, spec } = checked.value
    const home = readHome(metadata, request.kind, listIn(pointer, isPodSpec(value)), form)
    pods.push({ ...readPod(podMetadata ?? {}, spec ?? {}, 'template', 'written', 'create', owner), home })
  }
  return joinTemplates(pods)
}

/** A template, and by which path it was found. */
interface FoundTemplate extends FoundValue {
  readonly pointer: string
}

function findTemplates(
  object: unknown,
  kinds: readonly KindPath[],
): { readonly found: readonly FoundTemplate[] } | { readonly fault: string } {
  const all: FoundTemplate[] = []
  for (const { path } of kinds) {
    const result = findAt(object, path)
    if ('fault' in result) return result
    for (const found of result.found) all.push({ ...found, pointer: path })
  }
  return { found: all }
}

/**
 * Templates of one object whose Pods have the same pull secrets are judged as one Pod with the images of them all. Of others
 * nothing is said together: each of their Pods is reviewed when it is made.
 *
 * @param pods at least one
 */
function joinTemplates(pods: readonly PodSubject[]): Subject {
  const [one, ...others] = pods
  const first = present(one)
  const { images: _, home, ...rest } = first
  const isAlike = others.every(({ images: _, home: __, ...other }) => isSame(other, rest))
  if (!isAlike)
    return { about: 'unreadable', fault: 'its Pod templates have different pull secrets; their Pods are reviewed' }
  const isOneList = others.every(other => other.home.list === home.list)
  const list = isOneList ? home.list : 'imagePullSecrets of each Pod template'
  return { ...first, home: { ...home, list }, images: pods.flatMap(({ images }) => images) }
}

function readSecretRequest(request: RequestFields, isFile: boolean, tool: Tool | undefined): Subject {
  const checked = checkSecret(request.object)
  if ('fault' in checked) return { about: 'unreadable', fault: checked.fault }
  const { type, data, stringData } = checked.value
  if (!isPullSecretType(type)) return NOTHING
  const old = checkSecret(request.oldObject)
  if (
    request.operation === 'UPDATE' &&
    !('fault' in old) &&
    isDeepStrictEqual({ data, stringData }, { data: old.value.data, stringData: old.value.stringData })
  )
    return NOTHING
  const reading = readSecretObject(checked.value)
  const secret = { about: 'secret', isFile, tool: isFile ? undefined : tool } as const
  return reading === undefined ? NOTHING : { ...secret, reading, ignored: readIgnored(checked.value) }
}

function readNamespaceRequest(request: RequestFields, metadata: MetadataFields, isFile: boolean): Subject {
  const name = metadata.name ?? ''
  const old = checkObject(request.oldObject)
  const before = 'fault' in old ? undefined : readNamespace(name, old.value.metadata ?? {})
  const namespace = readNamespace(name, metadata)
  if (request.operation === 'UPDATE' && isDeepStrictEqual(namespace, before)) return NOTHING
  const notStrings = findNotStrings(metadata)
  return {
    about: 'namespace',
    isFile,
    namespace,
    notStrings,
    ...(request.operation === 'UPDATE' && before && { before }),
  }
}

/** What is nested too deeply to be compared counts as changed: a template may hold anything. */
function isSame(a: unknown, b: unknown): boolean {
  try {
    return isDeepStrictEqual(a, b)
  } catch {
    return false
  }
}
