import { whereIn } from '../../advice/home.ts'
import { listSecret } from '../../advice/on-objects.ts'
import { renewCredentials } from '../../advice/on-secrets.ts'
import { present } from '../../runtime/present.ts'
import { atMost, type Effect, type Finding } from '../finding.ts'
import type { ImageUse } from '../image-use.ts'
import type { Judgement } from '../judgement.ts'
import { displacedFinder, MAX_EXPLAINED_IMAGES, OWN_LIST } from './displaced.ts'
import { placeOfSecrets } from './where.ts'

/**
 * CredentialsExpired: every usable entry that covers the image says when it expires, and that has passed. A pull secret of the
 * ServiceAccount that the Pod's own list displaced, and that would do, is named; else they are to be renewed.
 *
 * | image                 | effect                                                                |
 * | --------------------- | --------------------------------------------------------------------- |
 * | never pulled          | degrades: since 1.35 the kubelet may check credentials all the same   |
 * | private               | blocks; mayBlock if one may yet arrive                                |
 * | node                  | degrades: the kubelet goes on with what its credential providers have (a mirror may be refused: docs/mirrors.md) |
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
  const mayTell = pod.facts.rulebook.settings.suggestions !== 'none'
  const { home, namespace } = pod.facts
  const findDisplaced = displacedFinder(judgement)
  const helped = new Map(
    tried
      .slice(0, mayTell ? MAX_EXPLAINED_IMAGES : 0)
      .map(({ use }) => [use, use.pulled ? findDisplaced(use)?.secret : undefined] as const),
  )
  const bySecret = Map.groupBy(tried, ({ secret }) => secret.name)
  return references.flatMap(({ secret, origin }) =>
    (bySecret.get(secret) ?? []).map(({ use, entry }): Finding => {
      const isPrivate = use.registryClass === 'private'
      const instead = helped.get(use)
      const since = new Date(present(entry.expires)).toISOString().replace(/\.\d+/, '')
      return {
        code: 'CredentialsExpired',
        effect: effectOf(use, judgement),
        secret,
        container: use.container,
        image: use.image,
        origin,
        affectsPrivate: isPrivate,
        problem: `the credentials ${mayTell ? `for "${entry.key}" ` : ''}in Secret "${secret}" expired at ${since}${describeHarm(use)}${describeHelp(instead)}`,
        advice:
          instead === undefined
            ? renewCredentials(secret, placeOfSecrets(pod.facts))
            : listSecret(instead, whereIn(home, namespace)),
        ...(instead !== undefined && { suggestion: { of: 'secret', text: instead } }),
      }
    }),
  )
}

function effectOf({ pulled, registryClass }: ImageUse, { gravest }: Judgement): Effect {
  if (!pulled || registryClass === 'node') return 'degrades'
  return registryClass === 'private' ? atMost(gravest, 'blocks') : 'mayBlock'
}

function describeHarm({ pulled, image, registryClass }: ImageUse): string {
  if (pulled && registryClass === 'node')
    return `, and the kubelet tries them for "${image}" before what the nodes have`
  if (pulled) return `, and "${image}" is pulled with them`
  return `, and though "${image}" is never pulled, since Kubernetes 1.35 the kubelet may check them all the same`
}

function describeHelp(displaced: string | undefined): string {
  return displaced === undefined ? '' : `, while "${displaced}" of its ServiceAccount would work, ${OWN_LIST}`
}
