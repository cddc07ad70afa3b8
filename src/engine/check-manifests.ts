import type { KnownNamespace } from '../cluster/view.ts'
import { type ImageName, parseImageName } from '../kubelet/image-name.ts'
import type { Fault, Found } from '../manifests/found.ts'
import type { Assessment } from '../policy/assess.ts'
import { evaluate } from '../policy/evaluate.ts'
import type { PodCase } from '../policy/facts.ts'
import type { Finding } from '../policy/finding.ts'
import type { ImageUse } from '../policy/image-use.ts'
import { isUnread } from '../policy/known.ts'
import { modeOf } from '../policy/labels.ts'
import { NO_PLAN } from '../policy/plan.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import { isExempt } from '../policy/settings.ts'
import { findForgotten, type Sibling, Siblings } from '../policy/siblings.ts'
import type { TooMuch } from '../policy/too-much.ts'
import { namespaceOf } from '../review/namespace.ts'
import type { PodSubject } from '../review/review.ts'
import { Budget } from '../runtime/budget.ts'
import { addTold } from './add-told.ts'
import { assessPod, namespaceFacts, secretFacts } from './assess-subject.ts'
import { Input, type InputOptions, type InputSubject } from './check-input.ts'
import { type Checked, type CheckedObject, checkImage } from './checked.ts'
import type { Context } from './context.ts'
import { placed } from './placed.ts'

export interface CheckOptions extends InputOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Finds out what is known of these namespaces of the cluster to which the manifests are to go; nothing without it. */
  readonly lookUp?: (namespaces: readonly string[]) => Promise<readonly KnownNamespace[]>
  /** What the cluster to which the manifests are to go said of an object; nothing without it. */
  readonly toldOf?: (object: CheckedObject['manifest'], name: string) => Promise<readonly Finding[]>
  /** What one object may cost; a thousand times what a review may, unless it is said. */
  readonly budget?: () => Budget
}

/**
 * Checks manifests as a cluster of their own: all their Secrets, ServiceAccounts and Namespaces are the cluster, and every
 * Pod, Pod template, pull secret and Namespace is judged in it, in the order of the input.
 */
export async function checkManifests(
  found: AsyncIterable<Found> | Iterable<Found>,
  rulebook: Rulebook,
  options: CheckOptions,
): Promise<Checked> {
  const input = new Input(rulebook, options)
  await input.read(found)
  const { view, subjects } = input
  for (const known of (await options.lookUp?.(namespacesOf(subjects))) ?? []) view.holdKnown(known)
  const otherImages = imagesOf(subjects.map(({ subject }) => subject))
  const siblings = siblingsAmong(subjects)
  const inFile = { strict: options.strict }
  const context: Context = { view, live: view, rulebook, now: options.now, otherImages, inFile, nearNames: new Map() }
  const budgetFor = options.budget ?? Budget.forManifests()
  const objects: CheckedObject[] = []
  const errors = [...input.faults]
  const unknownNamespaces = new Set<string>()
  const unknownAccounts = new Set<string>()
  let unexplained = false
  for (const judged of subjects) {
    const { manifest, name, namespace, subject, places, ignores } = judged
    if (isOff(namespaceOf(subject, namespace), context)) continue
    const budget = budgetFor()
    const { pod, plan, findings, tooMuch } = await assessObject(subject, namespace, context, budget)
    unexplained ||= budget.explanations.isSpent
    if (tooMuch !== undefined) {
      errors.push(toFault(manifest, describeTooMuch(tooMuch)))
      continue
    }
    const sibling = toSibling(judged)
    const own = pod && sibling ? findForgotten(pod, sibling, siblings, findings) : findings
    const told = addTold(own, (await options.toldOf?.(manifest, name)) ?? [], judged, view)
    const images = pod === undefined ? [] : pod.facts.images.map(use => checkImage(use, pod))
    if (pod !== undefined && isGuessed(pod)) unknownNamespaces.add(namespace)
    if (pod !== undefined && 'serviceAccountName' in subject && isAccountWanted(pod))
      unknownAccounts.add(`${namespace}/${subject.serviceAccountName}`)
    objects.push({
      manifest,
      namespace,
      name,
      images,
      plan,
      findings: placed(told, places),
      ...(ignores && { ignores }),
    })
  }
  return {
    objects,
    errors,
    unknownNamespaces: [...unknownNamespaces],
    unknownAccounts: [...unknownAccounts],
    unexplained,
    input: { objects: input.objects, workloads: input.workloads, others: input.others },
  }
}

/** The namespaces that anything pulls in. */
function namespacesOf(subjects: readonly InputSubject[]): readonly string[] {
  return [...new Set(subjects.flatMap(({ subject, namespace }) => (isAboutPods(subject) ? namespace : [])))]
}

function siblingsAmong(subjects: readonly InputSubject[]): Siblings {
  const siblings = new Siblings()
  for (const one of subjects) {
    const sibling = toSibling(one)
    if (sibling) siblings.add(sibling, imagesOf([one.subject]))
  }
  return siblings
}

/** What an object that says to which application it belongs is to the others of it. */
function toSibling({ namespace, application, subject }: InputSubject): Sibling | undefined {
  if (application === undefined || !isAboutPods(subject)) return undefined
  return { application: `${namespace}/${application}`, references: subject.references }
}

function isAboutPods(subject: Judged): subject is PodSubject {
  return subject.about === 'pod' || subject.about === 'template'
}

/** What is judged. */
type Judged = InputSubject['subject']

function toFault({ apiVersion: _, kind: __, ...origin }: CheckedObject['manifest'], message: string): Fault {
  return { ...origin, message }
}

function describeTooMuch({ images, references, names }: TooMuch): string {
  return `${images} images with ${references + names} pull secrets are too many to check`
}

/** The images of objects, each once whatever its tag is: what a pull secret is there for may be found among them. */
function imagesOf(subjects: readonly Judged[]): readonly ImageName[] {
  const images = new Map<string, ImageName>()
  for (const subject of subjects) {
    for (const { image } of isAboutPods(subject) ? subject.images : []) {
      const name = parseImageName(image)
      if (name !== undefined) images.set(`${name.registry}/${name.path}`, name)
    }
  }
  return [...images.values()]
}

/** Whether there is a reference, or an image that nobody pulls without one, of which the input says nothing. */
function isGuessed({ facts: { references, images, matchesUnknown }, lookup }: PodCase): boolean {
  return (
    (matchesUnknown && images.some(wantsOne)) ||
    references.some(({ secret }) => lookup.secret(secret).state === 'unknown')
  )
}

function wantsOne({ registryClass, pulled }: ImageUse): boolean {
  return pulled && registryClass === 'private'
}

/** Whether an image needs what its ServiceAccount may bring or be, of which the input says nothing. */
function isAccountWanted({ facts: { referencesUnknown, serviceAccount, inFile, images }, listed }: PodCase): boolean {
  const isUnknown = serviceAccount.state === 'absent' && inFile?.strict === false
  const wantsIt = (use: ImageUse) =>
    use.needs === undefined ? referencesUnknown === true && wantsOne(use) : isUnknown && use.pulled
  return images.some(use => wantsIt(use) && !listed.covers(use))
}

/** Exempt namespaces and those in mode off are left out; any other mode changes nothing about what is wrong. */
function isOff(namespace: string, { view, rulebook: { settings } }: Context): boolean {
  return isExempt(settings, namespace, undefined) || modeOf(view.namespace(namespace), settings.mode).mode === 'off'
}

/** Of a Secret or a Namespace there are findings alone. */
type Assessed = Pick<Assessment, 'plan' | 'findings'> & { readonly pod?: PodCase; readonly tooMuch?: TooMuch }

async function assessObject(subject: Judged, namespace: string, context: Context, budget: Budget): Promise<Assessed> {
  const timeLeft = () => Number.MAX_SAFE_INTEGER
  switch (subject.about) {
    case 'namespace':
      return { plan: NO_PLAN, findings: evaluate(namespaceFacts(subject, context)) }
    case 'secret': {
      const state = context.view.secret(namespace, subject.reading.name)
      // Encrypted, or to be filled in by somebody else.
      if (isUnread(state)) return { plan: NO_PLAN, findings: [] }
      return { plan: NO_PLAN, findings: evaluate(await secretFacts(subject, namespace, context, timeLeft)) }
    }
    default: {
      const pod = await assessPod(subject, namespace, context, timeLeft, budget)
      const { plan, findings, tooMuch } = pod
      return { pod, plan, findings, ...(tooMuch && { tooMuch }) }
    }
  }
}
