import type { Told } from '../advice/advice.ts'
import { type Finding, kindOf } from '../policy/finding.ts'
import { count, nameFirst } from '../runtime/count.ts'

/** Findings of one object that have one cause; the first is told, and the others are mentioned. */
export type Cause<F extends Finding = Finding> = readonly [F, ...F[]]

/** Further missing Secrets that a line names before it only counts them. */
const MAX_NAMED_SECRETS = 3

/**
 * Puts together what has one cause, in the order in which it was found. Images have one cause if what is said of them is the same
 * but for their names, and missing Secrets without a near name are one together.
 *
 * | that an image is not covered                     | a useless reference explains it  | is told |
 * | ------------------------------------------------ | -------------------------------- | ------- |
 * | whatever is said of it                           | no                               | yes     |
 * | no pull secret that would help is named          | yes                              | no      |
 * | the one that is named is what the reference meant| yes                              | no      |
 * | another one is named                             | yes                              | yes     |
 */
export function causesOf<F extends Finding>(findings: readonly F[]): readonly Cause<F>[] {
  const isExplained = explainedBy(findings)
  const told = findings.filter(finding => !isExplained(finding))
  const causes = new Map<string, [F, ...F[]]>()
  for (const finding of told) {
    const key = causeOf(finding)
    const known = causes.get(key)
    if (known === undefined) causes.set(key, [finding])
    else known.push(finding)
  }
  return [...causes.values()]
}

/** A function that says whether a finding is explained by one of these, as the table above has it. */
export function explainedBy(findings: readonly Finding[]): (finding: Finding) => boolean {
  const explaining = findings.filter(({ code }) => kindOf(code).explainsNoCover)
  const meant = new Set(explaining.map(({ suggestion }) => suggestion?.text))
  return ({ code, suggestion }) => {
    if (explaining.length === 0 || !kindOf(code).isNoCover) return false
    return suggestion?.of !== 'secret' || meant.has(suggestion.text)
  }
}

/** What is said of a cause. */
export function tellCause([first, ...others]: Cause): Told {
  const { problem, advice } = first
  return { problem: `${problem}${mentionOthers(first, others)}`, advice }
}

/** What beside the first has the same cause: further missing Secrets, or images. */
function mentionOthers(first: Finding, others: readonly Finding[]): string {
  const missing = others.filter(({ code }) => kindOf(code).oneWarningFor === 'codeUnlessSuggested')
  if (missing.length > 0) {
    const named = missing.slice(0, MAX_NAMED_SECRETS).map(({ secret }) => `"${secret}"`)
    return ` (also missing: ${nameFirst(named, missing.length)})`
  }
  const images = new Set(others.map(({ image }) => image))
  images.delete(first.image)
  return images.size === 0 ? '' : ` (the same for ${count(images.size, 'more image')})`
}

/** What findings about different images, or missing Secrets, have in common. */
export function causeOf({ code, secret, image = '', suggestion, problem }: Finding): string {
  // The advice names where this object is changed.
  const message = `${problem} ${suggestion?.text ?? ''}`
  switch (kindOf(code).oneWarningFor) {
    case 'messageButImage':
      return `${code} ${message.replaceAll(`"${image}"`, '')}`
    case 'codeUnlessSuggested':
      return suggestion === undefined ? code : message
    case 'secret':
      return `${code} ${secret}`
    case 'image':
      return `${code} ${image}`
    default:
      return message
  }
}
