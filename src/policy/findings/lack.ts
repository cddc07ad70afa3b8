import type { Entry } from '../../kubelet/entry.ts'
import type { PullSecret } from '../../kubelet/secret.ts'

const ONLY_A_TOKEN = 'only an identity token, which the kubelet does not use'

/**
 * Why an entry is not usable; it reads on from what names the entry.
 *
 * | user name | password | a token | the config names a store | says                                        |
 * | --------- | -------- | ------- | ------------------------ | ------------------------------------------- |
 * | yes       | no       | yes     | either                   | no password, and an identity token instead  |
 * | yes       | no       | no      | either                   | no password                                 |
 * | no        | either   | yes     | either                   | no user name, and an identity token instead |
 * | no        | either   | no      | yes                      | no user name, and names the store           |
 * | no        | either   | no      | no                       | no user name                                |
 */
export function explainLack({ onlyUser, token }: Entry, store: string | undefined): string {
  const missing = onlyUser ? 'has no password' : 'has no user name'
  if (token) return `${missing}, ${ONLY_A_TOKEN}`
  if (onlyUser || store === undefined) return missing
  return `${missing}, and the kubelet does not ask the credential store "${store}"`
}

/** Why no entry of a pull secret is usable, each reason once; it reads on from that. Empty where there is no entry. */
export function explainLacks({ entries, store }: PullSecret): string {
  const reasons = new Set<string>()
  if (store !== undefined) reasons.add(`only the name of the credential store "${store}"`)
  for (const { onlyUser, token } of entries) {
    if (token) reasons.add(ONLY_A_TOKEN)
    else if (onlyUser) reasons.add('as there is no password')
    else if (store === undefined) reasons.add('as there is no user name')
  }
  return [...reasons].map(reason => `, ${reason}`).join('')
}
