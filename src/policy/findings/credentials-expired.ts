import { present } from '../../runtime/present.ts'
import { atMost, type Finding } from '../finding.ts'
import type { Judgement } from '../judgement.ts'

/** CredentialsExpired: every usable entry that covers the image says when it expires, and that has passed. */
export function findExpiredCredentials({ pod, images, references, gravest }: Judgement): Finding[] {
  const tried = images
    .filter(({ coverage }) => coverage === 'expired')
    .map(({ use, credentials }) => ({ use, ...present(credentials.find(({ entry }) => entry.usable)) }))
  const isKeyTold = pod.facts.rulebook.settings.suggestions !== 'none'
  const bySecret = Map.groupBy(tried, ({ secret }) => secret.name)
  return references.flatMap(({ secret, origin }) =>
    (bySecret.get(secret) ?? []).map(({ use, entry }): Finding => {
      const isPrivate = use.registryClass === 'private'
      const since = new Date(present(entry.expires)).toISOString().replace(/\.\d+/, '')
      return {
        code: 'CredentialsExpired',
        effect: isPrivate ? atMost(gravest, 'blocks') : 'mayBlock',
        secret,
        container: use.container,
        image: use.image,
        origin,
        affectsPrivate: isPrivate,
        message: `the credentials ${isKeyTold ? `for "${entry.key}" ` : ''}in Secret "${secret}" expired at ${since}; renew them to pull "${use.image}"`,
      }
    }),
  )
}
