import type { PodFacts } from '../policy/facts.ts'
import type { ImageUse } from '../policy/image-use.ts'
import type { Known, ServiceAccount } from '../policy/known.ts'
import { stepsOfNames } from '../policy/reference.ts'
import { isServed } from '../policy/registries/node-entry.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import type { ImageField, PodSubject } from '../review/review.ts'
import type { Budget } from '../runtime/budget.ts'
import type { Context } from './context.ts'
import { type Confirmed, ViewLookup } from './namespace-lookup.ts'
import { referencesOf, writtenFor } from './references.ts'

/** What it costs to read an image, to judge it, and to say so. */
const IMAGE_STEPS = 100

/** Puts the facts about a Pod together, and what may be asked beyond them, from the view and from what has been confirmed. */
export function podFacts(
  subject: PodSubject,
  namespace: string,
  context: Context,
  confirmed: Readonly<Confirmed>,
  budget: Budget,
): { readonly facts: PodFacts; readonly lookup: ViewLookup } {
  const { view, rulebook, now, nearNames, inFile, otherImages = [] } = context
  const namespaceState = confirmed.namespaceState ?? view.namespace(namespace)
  const serviceAccount = confirmed.serviceAccount ?? view.serviceAccount(namespace, subject.serviceAccountName)
  // What is too much is not looked at to its end.
  const images = budget.spend(IMAGE_STEPS * subject.images.length)
    ? subject.images.map(use => readUse(use, rulebook, serviceAccount, inFile?.strict === true))
    : []
  const references = budget.spend(stepsOfNames(subject.references)) ? referencesOf(subject, serviceAccount) : []
  // What is stored has been given what its ServiceAccount lists.
  const mayBeGivenSome = subject.form !== 'stored' && subject.references.length === 0
  const facts: PodFacts = {
    traits: subject,
    home: subject.home,
    namespace,
    images,
    references,
    otherImages,
    matchesUnknown: confirmed.pullSecrets?.state === 'unknown',
    namespaceState,
    serviceAccount,
    rulebook,
    // What is plainly wrong with a file is so whatever the webhook would do about it.
    missingSecrets: context.missingSecrets ?? (inFile ? 'proven' : rulebook.settings.enforce.missingSecrets),
    now: now(),
    inFile,
    referencesUnknown: mayBeGivenSome && inFile?.strict === false && serviceAccount.state === 'absent',
  }
  const writeNames = () => writtenFor(subject, namespaceState, images, rulebook)
  return { facts, lookup: new ViewLookup(namespace, view, confirmed, budget, writeNames, nearNames) }
}

function readUse(
  { container, image, pulled }: ImageField,
  rulebook: Rulebook,
  account: Known<ServiceAccount>,
  isAbsentForGood: boolean,
): ImageUse {
  const { name, registryClass, ruleSecrets, needs } = rulebook.readImage(image)
  const use = { container, image, pulled, name, registryClass, ruleSecrets }
  if (needs === undefined) return use
  const served = isServed(needs, account, isAbsentForGood)
  return { ...use, needs, ...(served === false && { registryClass: 'private' }) }
}
