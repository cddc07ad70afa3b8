import { renewCredentials } from '../../advice/on-secrets.ts'
import { present } from '../../runtime/present.ts'
import { atMost, type Effect, type Finding } from '../finding.ts'
import type { ImageUse } from '../image-use.ts'
import type { Judgement } from '../judgement.ts'
import { placeOfSecrets } from './where.ts'

/**
 * CredentialsExpired: every usable entry that covers the image says when it expires, and that has passed.
 *
 * | image                 | effect                                                                |
 * | --------------------- | --------------------------------------------------------------------- |
 * | never pulled          | degrades: since 1.35 the kubelet may check credentials all the same   |
 * | private               | blocks; mayBlock if one may yet arrive                                |
 * | node                  | degrades: the kubelet goes on with what its credential providers have |
 * | anything else         | mayBlock                                                              |
 *
 * @see https://kep.k8s.io/2535
 */
export function findExpiredCredentials(judgement: Judgement): Finding[] {
  const { pod, images, references, keyring } = judgement
  const neverPulled = pod.facts.images
    .filter(({ pulled, name }) => !pulled && name !== undefined)
    .map(use => ({ use, ...keyring.cover(use) }))
  const tried = [...images, ...neverPulled]
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
        effect: effectOf(use, judgement),
        secret,
        container: use.container,
        image: use.image,
        origin,
        affectsPrivate: isPrivate,
        problem: `the credentials ${isKeyTold ? `for "${entry.key}" ` : ''}in Secret "${secret}" expired at ${since}${describeHarm(use)}`,
        advice: renewCredentials(secret, placeOfSecrets(pod.facts)),
      }
    }),
  )
}

function effectOf({ pulled, registryClass }: ImageUse, { gravest }: Judgement): Effect {
  if (!pulled || registryClass === 'node') return 'degrades'
  return registryClass === 'private' ? atMost(gravest, 'blocks') : 'mayBlock'
}

function describeHarm({ pulled, image }: ImageUse): string {
  if (pulled) return `, and "${image}" is pulled with them`
  return `, and though "${image}" is never pulled, since Kubernetes 1.35 the kubelet may check them all the same`
}
