import type { Known, ServiceAccount } from '../known.ts'

/**
 * An entry of `registries.node`: a pattern, or one that holds only for Pods whose ServiceAccount has all of these annotations, as a
 * credential provider of the kubelet may require them.
 *
 * @see https://kep.k8s.io/4412
 */
export type NodeEntry = string | AnnotatedEntry

interface AnnotatedEntry {
  readonly pattern: string
  readonly serviceAccountAnnotations: readonly string[]
}

/** Characters of the key of an annotation: a domain, a slash and a name. */
export const MAX_ANNOTATION_LENGTH = 317
const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
/** What Kubernetes takes for such a key, as the text of a regular expression. */
export const ANNOTATION_KEY = `^(${LABEL}(\\.${LABEL})*/)?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$`
const IS_ANNOTATION_KEY = new RegExp(ANNOTATION_KEY)

export function isAnnotationKey(text: string): boolean {
  return text.length <= MAX_ANNOTATION_LENGTH && IS_ANNOTATION_KEY.test(text)
}

/** Annotations that the ServiceAccount of a Pod has to have for the nodes to log in: all of one of these lists. */
export type AccountNeeds = readonly (readonly string[])[]

export function patternOf(entry: NodeEntry): string {
  return typeof entry === 'string' ? entry : entry.pattern
}

export function annotationsOf(entry: NodeEntry): readonly string[] {
  return typeof entry === 'string' ? [] : entry.serviceAccountAnnotations
}

/** Lists of annotations that are told. */
const MAX_TOLD_LISTS = 3

/** For people: `the annotation a`, `the annotations a, b or c`. */
export function describeNeeds(needs: AccountNeeds): string {
  const lists = needs
    .slice(0, MAX_TOLD_LISTS)
    .map(keys => keys.join(', '))
    .join(' or ')
  return `the annotation${needs.flat().length === 1 ? '' : 's'} ${lists}`
}

/**
 * Whether the nodes log in for a Pod with this ServiceAccount; undefined where that cannot be known.
 *
 * | the ServiceAccount is              | its annotations    | served by the nodes |
 * | ---------------------------------- | ------------------ | ------------------- |
 * | known                              | all of one list    | yes                 |
 * | known                              | too many to keep   | unknown             |
 * | known                              | anything else      | no                  |
 * | absent for good (`check --strict`) | —                  | no                  |
 * | absent, for now, or unknown        | —                  | unknown             |
 */
export function isServed(
  needs: AccountNeeds,
  account: Known<ServiceAccount>,
  isAbsentForGood: boolean,
): boolean | undefined {
  if (account.state !== 'value') return account.state === 'absent' && isAbsentForGood ? false : undefined
  const { annotations } = account.value
  if (annotations === undefined) return undefined
  return needs.some(keys => keys.every(key => annotations.includes(key)))
}
