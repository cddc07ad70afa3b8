import { INJECT_LABEL, PULL_SECRETS_ANNOTATION } from '../policy/labels.ts'
import { ownerOf } from './maker.ts'
import type { ImageField, PodSubject } from './review.ts'
import type { MetadataFields, PodSpecFields } from './schema.ts'

export const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror'

/**
 * Reads the fields of a Pod, or of a Pod template, that decide about its pull secrets.
 *
 * @param owner of the object that is written: of the Deployment, not of its template
 */
export function readPod(
  metadata: MetadataFields,
  spec: PodSpecFields,
  about: PodSubject['about'],
  form: PodSubject['form'],
  change: PodSubject['change'],
  owner: PodSubject['owner'] = ownerOf(metadata),
): Omit<PodSubject, 'home'> {
  const annotations = metadata.annotations ?? {}
  const pullSecrets = annotations[PULL_SECRETS_ANNOTATION]
  const list = spec.imagePullSecrets
  return {
    about,
    form,
    change,
    owner,
    mirror: Object.hasOwn(annotations, MIRROR_ANNOTATION),
    optedOut: annotations[INJECT_LABEL] === 'disabled',
    pullSecrets: typeof pullSecrets === 'string' ? pullSecrets : undefined,
    // The API server takes the deprecated name for the new one; in a manifest or a custom resource it may stand alone.
    serviceAccountName: spec.serviceAccountName || spec.serviceAccount || 'default',
    hasList: list !== undefined && list !== null,
    references: (list ?? []).map(({ name }) => name ?? ''),
    written: about === 'pod' ? writtenNames(metadata) : undefined,
    images: imagesOf(spec),
  }
}

/**
 * Every image that the kubelet has to have for a Pod: of containers of all three kinds, and of image volumes. An empty
 * one is left out; the API server refuses it, or something fills it in later.
 */
export function imagesOf(spec: PodSpecFields): ImageField[] {
  const images: ImageField[] = []
  const add = (container: Text, image: Text, pullPolicy: Text) => {
    if (image) images.push({ container: container ?? '', image, pulled: pullPolicy !== 'Never' })
  }
  for (const containers of [spec.initContainers, spec.containers, spec.ephemeralContainers]) {
    for (const { name, image, imagePullPolicy } of containers ?? []) add(name, image, imagePullPolicy)
  }
  for (const { name, image } of spec.volumes ?? []) add(name, image?.reference, image?.pullPolicy)
  return images
}

type Text = string | null | undefined

/**
 * The names in `imagePullSecrets` that the author of a Pod wrote.
 *
 * The API server records field owners before any admission plugin has its turn, so neither what the ServiceAccount
 * brought nor what webhooks injected is among them (seen on kube-apiserver 1.37). Undefined where nothing is recorded.
 */
function writtenNames({ managedFields }: MetadataFields): ReadonlySet<string> | undefined {
  if (!managedFields || managedFields.length === 0) return undefined
  const names = new Set<string>()
  for (const { fieldsV1 } of managedFields) {
    for (const key of Object.keys(child(child(fieldsV1, 'f:spec'), 'f:imagePullSecrets') ?? {})) {
      const name = /^k:\{"name":"([a-z0-9.-]+)"\}$/.exec(key)?.[1]
      if (name !== undefined) names.add(name)
    }
  }
  return names
}

function child(value: Fields, key: string): Fields {
  if (!value || !Object.hasOwn(value, key)) return undefined
  const found = value[key]
  return isFields(found) ? found : undefined
}

type Fields = Readonly<Record<string, unknown>> | null | undefined

function isFields(value: unknown): value is Fields {
  return typeof value === 'object'
}
