import type { Finding } from '../finding.ts'
import type { Judgement } from '../judgement.ts'

/** CredentialsExpired: every usable entry that covers the image says when it expires, and that has passed. */
export function findExpiredCredentials({ images, references }: Judgement): Finding[] {
  return references.flatMap(({ secret, origin }) =>
    images.flatMap(({ use, coverage, credentials }): Finding[] => {
      const tried = credentials.find(({ entry }) => entry.usable)
      if (coverage !== 'expired' || tried?.secret.name !== secret) return []
      const { key, expires } = tried.entry
      const isPrivate = use.registryClass === 'private'
      const since = new Date(Number(expires)).toISOString()
      return [
        {
          code: 'CredentialsExpired',
          effect: isPrivate ? 'blocks' : 'mayBlock',
          secret,
          container: use.container,
          image: use.image,
          origin,
          affectsPrivate: isPrivate,
          message: `pull secret "${secret}" expired at ${since} for entry "${key}"; renew it to pull "${use.image}"`,
        },
      ]
    }),
  )
}
