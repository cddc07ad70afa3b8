import type { Finding } from '../finding.ts'
import type { Judgement } from '../judgement.ts'

/** CredentialsExpired: every usable entry that covers the image says when it expires, and that has passed. */
export function findExpiredCredentials({ images, references }: Judgement): Finding[] {
  return images.flatMap(({ use, coverage, credentials }): Finding[] => {
    const tried = credentials.find(({ entry }) => entry.usable)
    if (coverage !== 'expired' || tried?.entry.expires === undefined) return []
    const { secret, entry } = tried
    const isPrivate = use.registryClass === 'private'
    const since = new Date(tried.entry.expires).toISOString()
    return [
      {
        code: 'CredentialsExpired',
        effect: isPrivate ? 'blocks' : 'mayBlock',
        secret: secret.name,
        container: use.container,
        image: use.image,
        origin: references.find(reference => reference.secret === secret.name)?.origin ?? 'configuration',
        affectsPrivate: isPrivate,
        message: `pull secret "${secret.name}" expired at ${since} for entry "${entry.key}"; renew it to pull "${use.image}"`,
      },
    ]
  })
}
