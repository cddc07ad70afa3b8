import { coveringSecrets, expiredSecrets, type PullCase } from './pull-case.ts'

/** Something that was looked at, and whether it is as it should be. */
export interface Evidence {
  readonly isGood: boolean
  readonly text: string
}

/** References that are told of: nobody reads more. */
const MAX_REFERENCES = 5

/** Looks at what the Pod lists, and at what would help. */
export function listEvidence(pull: PullCase): readonly Evidence[] {
  if (!pull.areSecretsKnown) return []
  const { references, object, waiting } = pull
  const covering = new Set(coveringSecrets(pull))
  const expired = expiredSecrets(pull)
  const faults = new Map(object.findings.map(finding => [finding.secret, finding]))
  const told = references.slice(0, MAX_REFERENCES).map((secret, i): Evidence => {
    const place = `imagePullSecrets[${i}]`
    if (expired.has(secret))
      return { isGood: false, text: `${place} "${secret}" has a login for this image that has expired` }
    if (covering.has(secret)) return { isGood: true, text: `${place} "${secret}" has a login for this image` }
    const fault = faults.get(secret)
    const text = fault === undefined ? `${place} "${secret}" has no login for this image` : `${place}: ${fault.problem}`
    return { isGood: false, text }
  })
  const more = references.length - told.length
  const rest = more > 0 ? [{ isGood: false, text: `${more} more pull secrets are listed` }] : []
  const none = references.length === 0 ? [{ isGood: false, text: 'the Pod lists no pull secret' }] : []
  const offered = object.findings.find(
    ({ suggestion, image }) => suggestion?.of === 'secret' && (image ?? waiting.image) === waiting.image,
  )?.suggestion?.text
  const near =
    offered === undefined ? [] : [{ isGood: true, text: `Secret "${offered}" is there, and is for this registry` }]
  return [...none, ...told, ...rest, ...near]
}
