import { type ImageName, parseImageName } from '../kubelet/image-name.ts'
import type { Manifest } from '../manifests/read.ts'
import { ManifestView } from '../manifests/view.ts'
import type { Assessment } from '../policy/assess.ts'
import { evaluate } from '../policy/evaluate.ts'
import type { PodCase } from '../policy/facts.ts'
import type { Finding } from '../policy/finding.ts'
import type { ImageUse } from '../policy/image-use.ts'
import { modeOf } from '../policy/labels.ts'
import { NO_PLAN, type Plan } from '../policy/plan.ts'
import type { RegistryClass } from '../policy/registry-class.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import { isExempt } from '../policy/settings.ts'
import type { TooMuch } from '../policy/too-much.ts'
import { readManifestSubject } from '../review/manifest.ts'
import { namespaceOf } from '../review/namespace.ts'
import type { Subject } from '../review/review.ts'
import { Budget } from '../runtime/budget.ts'
import { assessPod, namespaceFacts, secretFacts } from './assess-subject.ts'
import type { Context } from './context.ts'

/** An image, and every entry of the references that matches it, in the order in which the kubelet would try them. */
interface CheckedImage {
  readonly container: string
  readonly image: string
  readonly registryClass: RegistryClass
  readonly credentials: readonly { readonly secret: string; readonly entry: string; readonly usable: boolean }[]
}

/** What there is to say of one object of the input. */
export interface CheckedObject {
  readonly manifest: Manifest
  /** Empty for an object that is in no namespace. */
  readonly namespace: string
  readonly name: string
  readonly images: readonly CheckedImage[]
  readonly plan: Plan
  readonly findings: readonly Finding[]
}

/** An object that is not what its kind says: nothing can be said of it. */
interface UnreadableObject {
  readonly manifest: Manifest
  readonly fault: string
}

export interface Checked {
  readonly objects: readonly CheckedObject[]
  readonly unreadable: readonly UnreadableObject[]
  /** Namespaces with references of which the input holds no Secret at all. */
  readonly withoutSecrets: readonly string[]
  /** There was too much to compare: near names and near misses are left out from some object on. */
  readonly unexplained: boolean
}

export interface CheckOptions {
  /** The namespace of an object that names none. */
  readonly namespace: string
  /** Whether Secrets are absent in a namespace that holds none, rather than unknown. */
  readonly strict: boolean
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** What one object may cost; a thousand times what a review may, unless it is said. */
  readonly budget?: () => Budget
}

/** Where to look for an object, e.g. `web.yaml:12`. */
export function placeOf({ file, line }: Manifest): string {
  return line === undefined ? file : `${file}:${line}`
}

/**
 * Checks manifests as a cluster of their own: all their Secrets, ServiceAccounts and Namespaces are the cluster, and every
 * Pod, Pod template, pull secret and Namespace is judged in it, in the order of the input.
 */
export async function checkManifests(
  manifests: readonly Manifest[],
  rulebook: Rulebook,
  options: CheckOptions,
): Promise<Checked> {
  const { secrets } = rulebook.settings.view
  const view = new ManifestView(manifests, { namespace: options.namespace, sparse: !options.strict, secrets })
  const { templates } = rulebook.settings
  const subjects = manifests.map(manifest => ({
    manifest,
    ...readManifestSubject(manifest, options.namespace, templates),
  }))
  const otherImages = imagesOf(subjects.map(({ subject }) => subject))
  const context: Context = { view, live: view, rulebook, now: options.now, otherImages, nearNames: new Map() }
  const budgetFor = options.budget ?? Budget.forManifests()
  const objects: CheckedObject[] = []
  const unreadable: UnreadableObject[] = []
  const withoutSecrets = new Set<string>()
  let unexplained = false
  for (const { manifest, name, namespace, subject } of subjects) {
    if (subject.about === 'nothing' || isOff(namespaceOf(subject, namespace), context)) continue
    if (subject.about === 'secret' && secrets === 'names') continue
    if (subject.about === 'unreadable') {
      unreadable.push({ manifest, fault: subject.fault })
      continue
    }
    const budget = budgetFor()
    const { pod, plan, findings, tooMuch } = await assessObject(subject, namespace, context, budget)
    unexplained ||= budget.explanations.isSpent
    if (tooMuch !== undefined) {
      const { images, references, names } = tooMuch
      unreadable.push({
        manifest,
        fault: `${images} images with ${references + names} pull secrets are too many to check`,
      })
      continue
    }
    const images = pod === undefined ? [] : pod.facts.images.map(use => checkImage(use, pod))
    if (pod !== undefined && isGuessed(pod)) withoutSecrets.add(namespace)
    objects.push({ manifest, namespace, name, images, plan, findings })
  }
  return { objects, unreadable, withoutSecrets: [...withoutSecrets], unexplained }
}

/** The images of all objects, each once: what a pull secret is there for may be found among them. */
function imagesOf(subjects: readonly Subject[]): readonly ImageName[] {
  const images = new Set<string>()
  for (const subject of subjects)
    if (subject.about === 'pod' || subject.about === 'template')
      for (const { image } of subject.images) images.add(image)
  return [...images].flatMap(image => parseImageName(image) ?? [])
}

/** Whether there is a reference, or an image that nobody pulls without one, of which the input says nothing. */
function isGuessed({ facts: { references, images, matchesUnknown }, lookup }: PodCase): boolean {
  const wantsOne = images.some(({ registryClass, pulled }) => pulled && registryClass === 'private')
  return (matchesUnknown && wantsOne) || references.some(({ secret }) => lookup.secret(secret).state === 'unknown')
}

/** Exempt namespaces and those in mode off are left out; any other mode changes nothing about what is wrong. */
function isOff(namespace: string, { view, rulebook: { settings } }: Context): boolean {
  return isExempt(settings, namespace, undefined) || modeOf(view.namespace(namespace), settings.mode).mode === 'off'
}

/** Of a Secret or a Namespace there are findings alone. */
type Assessed = Pick<Assessment, 'plan' | 'findings'> & { readonly pod?: PodCase; readonly tooMuch?: TooMuch }

async function assessObject(
  subject: Exclude<Subject, { readonly about: 'nothing' | 'unreadable' }>,
  namespace: string,
  context: Context,
  budget: Budget,
): Promise<Assessed> {
  const timeLeft = () => Number.MAX_SAFE_INTEGER
  switch (subject.about) {
    case 'namespace':
      return { plan: NO_PLAN, findings: evaluate(namespaceFacts(subject, context)) }
    case 'secret':
      return { plan: NO_PLAN, findings: evaluate(await secretFacts(subject, namespace, context, timeLeft)) }
    default: {
      const pod = await assessPod(subject, namespace, context, timeLeft, budget)
      const { plan, findings, tooMuch } = pod
      return { pod, plan, findings, ...(tooMuch && { tooMuch }) }
    }
  }
}

function checkImage(use: ImageUse, { listed }: PodCase): CheckedImage {
  const { credentials } = listed.cover(use)
  return {
    container: use.container,
    image: use.image,
    registryClass: use.registryClass,
    credentials: credentials.map(({ secret, entry }) => ({
      secret: secret.name,
      entry: entry.key,
      usable: entry.usable,
    })),
  }
}
