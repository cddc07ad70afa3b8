import type { ImageUse } from '../policy/image-use.ts'
import type { Known, Namespace, ServiceAccount } from '../policy/known.ts'
import { namesIn } from '../policy/labels.ts'
import type { Origin, Reference, WrittenName } from '../policy/reference.ts'
import type { PodSubject } from '../review/review.ts'
import type { Context } from './context.ts'

/**
 * Finds out who brought each reference, each name at its first place. Empty names are left out, as the kubelet skips them.
 *
 * | the Pod                                    | its own names         | other names                               |
 * | ------------------------------------------ | --------------------- | ----------------------------------------- |
 * | as its author wrote it, with a list        | all                   |                                           |
 * | as its author wrote it, without one        |                       | the ServiceAccount's, still to be copied  |
 * | whose field owners are recorded            | those its author owns | the ServiceAccount's, else injected       |
 * | that starts with the ServiceAccount's list | the rest              | the ServiceAccount's                      |
 * | any other                                  | all                   |                                           |
 */
export function referencesOf(subject: PodSubject, serviceAccount: Known<ServiceAccount>): Reference[] {
  const accounts = serviceAccount.state === 'value' ? serviceAccount.value.references : []
  const copies = subject.form === 'written' && subject.references.length === 0
  const names = copies ? accounts : subject.references
  if (names.length === 0) return []
  const originOf = copies ? () => 'serviceAccount' as const : originsIn(subject, accounts)
  const seen = new Set<string>()
  const references: Reference[] = []
  names.forEach((secret, i) => {
    if (secret === '' || seen.has(secret)) return
    seen.add(secret)
    references.push({ secret, origin: originOf(secret, i) })
  })
  return references
}

function originsIn(
  { references, written, form, pullSecrets }: PodSubject,
  accounts: readonly string[],
): (secret: string, i: number) => Origin {
  if (form === 'written') return () => 'object'
  if (written === undefined) {
    const copied = accounts.every((name, i) => references[i] === name) ? accounts.length : 0
    return (_, i) => (i < copied ? 'serviceAccount' : 'object')
  }
  const asked = pullSecrets === undefined ? written : new Set([...written, ...namesIn(pullSecrets)])
  const copied = accounts.length === 0 ? NOBODYS : new Set(accounts)
  return secret => {
    if (asked.has(secret)) return 'object'
    return copied.has(secret) ? 'serviceAccount' : 'configuration'
  }
}

const NOBODYS: ReadonlySet<string> = new Set()

/** Tells whether a Pod, or the object with its template, itself holds the name of a Secret: in its list, or its annotation. */
export function namesHeldBy({ references, pullSecrets }: PodSubject): (secret: string) => boolean {
  let held: ReadonlySet<string> | undefined
  return secret => {
    held ??= new Set([...references, ...namesIn(pullSecrets)])
    return held.has(secret)
  }
}

/** Written-down names in the order in which they are taken, each at its first source. */
export function writtenFor(
  subject: PodSubject,
  namespace: Known<Namespace>,
  images: readonly ImageUse[],
  rulebook: Context['rulebook'],
): WrittenName[] {
  const first = new Map<string, WrittenName>()
  const take = (source: WrittenName['source'], names: readonly string[]) => {
    for (const secret of names) if (!first.has(secret)) first.set(secret, { secret, source })
  }
  take('configuration', rulebook.settings.inject.secrets)
  for (const { ruleSecrets, pulled } of images) if (pulled) take('rule', ruleSecrets)
  if (namespace.state === 'value') take('namespace', namesIn(namespace.value.pullSecrets))
  take('pod', namesIn(subject.pullSecrets))
  return [...first.values()]
}
