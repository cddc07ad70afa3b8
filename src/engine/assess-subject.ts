import { type Assessment, assess } from '../policy/assess.ts'
import type { NamespaceFacts, NamespaceLookup, SecretFacts } from '../policy/facts.ts'
import { explainTooMuch, type ObjectSize, type TooMuch } from '../policy/too-much.ts'
import { NOTHING_UNCONFIRMED } from '../policy/unconfirmed.ts'
import type { NamespaceSubject, PodSubject, SecretSubject } from '../review/review.ts'
import { Budget } from '../runtime/budget.ts'
import { ConfirmingReads, readOptions } from './confirming-reads.ts'
import type { Context, TimeLeft } from './context.ts'
import { type Confirmed, NOTHING_CONFIRMED } from './namespace-lookup.ts'
import { podFacts } from './pod-facts.ts'
import { namesHeldBy } from './references.ts'

/** Secrets of one object that may stay unknown. */
const MAX_UNKNOWN_SECRETS = 100

/** An assessment, and what was asked for and stayed unknown, e.g. `secret/acme`. */
export interface PodAssessment extends Assessment {
  readonly unknown: readonly string[]
  /** The budget of the review did not suffice. */
  readonly tooMuch?: TooMuch
}

/**
 * Assesses a Pod: by what the cache has, and where something looks wrong by what is read live, until nothing that matters
 * is unconfirmed or time is up. The last assessment counts.
 *
 * | what is unconfirmed, in this order                      | is read                                        |
 * | ------------------------------------------------------- | ---------------------------------------------- |
 * | the Namespace or the ServiceAccount is not in the cache | both, at once: they may have come with the Pod |
 * | the ServiceAccount's references, still to be copied     | the ServiceAccount                             |
 * | Secrets                                                 | three by name, else all of the namespace       |
 * | images that match nothing, not looked for a second ago  | all pull secrets of the namespace              |
 *
 * What could not be read is unknown.
 *
 * @param shared whether an answer that others had a moment ago will do: nobody is told what a controller's Pods lack
 */
export async function assessPod(
  subject: PodSubject,
  namespace: string,
  context: Context,
  timeLeft: TimeLeft,
  budget: Budget = new Budget(),
  shared = false,
): Promise<PodAssessment> {
  const confirmed: Confirmed = { ...NOTHING_CONFIRMED, secrets: new Map() }
  let assessed = assessOnce(subject, namespace, context, confirmed, budget)
  const letsThrough = isRefusable(subject, shared, context) && !retries(shared, context)
  const live = new ConfirmingReads(context.live, namespace, subject.serviceAccountName, () =>
    readOptions(timeLeft, shared, letsThrough && refuses(assessed), isLast(assessed)),
  )
  const { namespaceState, serviceAccount } = assessed.facts
  if (namespaceState.state !== 'value' || serviceAccount.state !== 'value') {
    const read = await Promise.all([
      namespaceState.state === 'value' ? undefined : live.namespace(),
      serviceAccount.state === 'value' ? undefined : live.serviceAccount(),
    ])
    confirmed.namespaceState = read[0]
    confirmed.serviceAccount = read[1]
    assessed = assessOnce(subject, namespace, context, confirmed, budget)
  }
  while (assessed.unconfirmed !== NOTHING_UNCONFIRMED && !budget.isSpent) {
    const { secrets, lacking, serviceAccount: accountMatters } = assessed.unconfirmed
    const names = [...secrets].filter(name => !confirmed.secrets.has(name))
    if (accountMatters && confirmed.serviceAccount === undefined) {
      confirmed.serviceAccount = await live.serviceAccount()
    } else if (names.length > 0) {
      for (const [name, state] of await live.secrets(names)) confirmed.secrets.set(name, state)
    } else {
      const found = confirmed.pullSecrets === undefined ? await live.pullSecrets(lacking) : undefined
      if (found === undefined) break
      confirmed.pullSecrets = found
    }
    assessed = assessOnce(subject, namespace, context, confirmed, budget)
  }
  if (confirmed.pullSecrets?.state === 'value') context.live.noteMisses(namespace, assessed.unconfirmed.lacking)
  // Whoever made the object can make it smaller.
  const unknown = [...confirmed.secrets.values()].filter(({ state }) => state === 'unknown')
  if (unknown.length > MAX_UNKNOWN_SECRETS && assessed.isOpen)
    return { ...assessed, tooMuch: { by: 'object', ...sizeOf(subject, assessed.lookup) } }
  return assessed
}

/** Whether `enforce` may refuse it, if it is told to nobody (`silent`) or somebody. */
export function isRefusable(subject: PodSubject, silent: boolean, { rulebook }: Context): boolean {
  return subject.change !== 'ephemeral' && (!silent || rulebook.settings.enforce.controllers)
}

/** Whether who asked is told to try again where too little is known: a person, and no controller (`silent`). */
export function retries(silent: boolean, { rulebook }: Context): boolean {
  return !silent && rulebook.settings.enforce.unknown === 'refuse'
}

/** Whether it is judged where it would be refused. */
function refuses({ mode, facts }: PodAssessment): boolean {
  return mode === 'enforce' && facts.traits.form !== 'mutating'
}

/** Whether Secrets by name are all that is to be read: of a Pod that is about to be stored nothing else mostly is. */
function isLast({ facts, unconfirmed: { lacking, serviceAccount } }: PodAssessment): boolean {
  const isComplete = facts.namespaceState.state === 'value' && facts.serviceAccount.state === 'value'
  return isComplete && lacking.length === 0 && !serviceAccount
}

function assessOnce(
  subject: PodSubject,
  namespace: string,
  context: Context,
  confirmed: Readonly<Confirmed>,
  budget: Budget,
): PodAssessment {
  const { facts, lookup } = podFacts(subject, namespace, context, confirmed, budget)
  const assessment = assess(facts, lookup, budget)
  if (budget.isSpent) {
    return { ...assessment, unknown: ['tooMuch'], tooMuch: explainTooMuch(sizeOf(subject, lookup)) }
  }
  const holds = namesHeldBy(subject)
  const reads = context.rulebook.settings.view.secrets === 'contents'
  const unknown = lookup.unknownSecrets(reads).map(name => (holds(name) ? `secret/${name}` : 'secret'))
  if (facts.matchesUnknown) unknown.unshift('secrets')
  if (facts.serviceAccount.state === 'unknown') unknown.unshift('serviceaccount')
  if (facts.namespaceState.state === 'unknown') unknown.unshift('namespace')
  return { ...assessment, unknown }
}

function sizeOf({ images, references, untrimmed }: PodSubject, lookup: NamespaceLookup): ObjectSize {
  const size = untrimmed ?? { images: images.length, references: references.length }
  return { ...size, names: lookup.writtenNames().length }
}

/** The facts about a Secret that is being written. */
export async function secretFacts(
  { reading, ignored, isFile, tool }: SecretSubject,
  namespace: string,
  { view, live, rulebook, now }: Context,
  timeLeft: TimeLeft,
  budget: Budget = new Budget(),
): Promise<SecretFacts> {
  const cached = view.namespace(namespace)
  const namespaceState =
    cached.state === 'value' ? cached : await live.readNamespace(namespace, readOptions(timeLeft, false, false))
  const place = { namespace, isFile, ...(tool !== undefined && { tool }) }
  return { about: 'secret', place, reading, ignored, namespaceState, rulebook, now: now(), budget }
}

/** The facts about a Namespace that is being written. */
export function namespaceFacts(
  { namespace, notStrings, isFile }: NamespaceSubject,
  { rulebook }: Context,
): NamespaceFacts {
  return { about: 'namespace', namespace, notStrings, isFile, rulebook }
}
