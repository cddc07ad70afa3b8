import type { PodFacts } from '../policy/facts.ts'
import type { PodSubject } from '../review/review.ts'
import type { Context } from './context.ts'
import { type Confirmed, ViewLookup } from './namespace-lookup.ts'
import { referencesOf, writtenFor } from './references.ts'

/** Puts the facts about a Pod together, and what may be asked beyond them, from the view and from what has been confirmed. */
export function podFacts(
  subject: PodSubject,
  namespace: string,
  { view, rulebook, now }: Context,
  confirmed: Readonly<Confirmed>,
): { readonly facts: PodFacts; readonly lookup: ViewLookup } {
  const namespaceState = confirmed.namespaceState ?? view.namespace(namespace)
  const serviceAccount = confirmed.serviceAccount ?? view.serviceAccount(namespace, subject.serviceAccountName)
  const images = subject.images.map(({ container, image, pulled }) => {
    const { name, registryClass, ruleSecrets } = rulebook.readImage(image)
    return { container, image, pulled, name, registryClass, ruleSecrets }
  })
  const facts: PodFacts = {
    traits: subject,
    namespace,
    images,
    references: referencesOf(subject, serviceAccount),
    matchesUnknown: confirmed.pullSecrets?.state === 'unknown',
    namespaceState,
    serviceAccount,
    rulebook,
    now: now(),
  }
  const writeNames = () => writtenFor(subject, namespaceState, images, rulebook)
  return { facts, lookup: new ViewLookup(namespace, view, confirmed, writeNames) }
}
