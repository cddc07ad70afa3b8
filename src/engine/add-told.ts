import type { View } from '../cluster/view.ts'
import type { Finding } from '../policy/finding.ts'
import type { InputSubject } from './check-input.ts'

/**
 * Adds what a cluster said of an object to what was found out about it here.
 *
 * | what the cluster says                                       | is added                              |
 * | ----------------------------------------------------------- | ------------------------------------- |
 * | is about a Secret that is known here                        | no: it is judged here                 |
 * | is about an image, and the object lists a Secret known here | no: the cluster does not know of that |
 * | has been found here as well                                 | no                                    |
 * | anything else                                               | yes                                   |
 */
export function addTold(
  findings: readonly Finding[],
  told: readonly Finding[],
  { subject, namespace }: Pick<InputSubject, 'subject' | 'namespace'>,
  view: Pick<View, 'secret'>,
): readonly Finding[] {
  if (told.length === 0) return findings
  const { references = [], images = [] } = 'references' in subject ? subject : {}
  const isKnown = (secret: string) => view.secret(namespace, secret).state === 'value'
  const known = new Set(findings.map(keyOf))
  const added = told.filter(finding => {
    const { secret } = finding
    if (known.has(keyOf(finding))) return false
    return secret === undefined ? !references.some(isKnown) : !isKnown(secret)
  })
  // The cluster does not say which container it is.
  const withContainer = added.map(finding => {
    const container = images.find(({ image }) => image === finding.image)?.container
    return container === undefined ? finding : { ...finding, container }
  })
  return [...findings, ...withContainer]
}

function keyOf({ code, secret = '', image = '' }: Finding): string {
  return JSON.stringify(secret === '' ? [code, image] : [code, secret])
}
