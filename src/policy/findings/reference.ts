import type { SecretReading } from '../../registry/secret.ts'
import { type Reference, secretState } from '../facts.ts'
import { atMost, type Effect, type Finding, type FindingCode } from '../finding.ts'
import type { Judgement } from '../judgement.ts'

/**
 * What is wrong with each reference of a Pod, taken alone.
 *
 * | the Secret is                       | finding                  | effect                              |
 * | ----------------------------------- | ------------------------ | ----------------------------------- |
 * | unknown                             | none                     |                                     |
 * | absent                              | SecretNotFound           | by coverage; on a template mayBlock |
 * | skipped by the kubelet              | SecretWrongType          | by coverage                         |
 * | one that breaks the Pod's keyring   | SecretMalformed          | blocks, if anything is pulled       |
 * | a pull secret without usable entry  | SecretWithoutCredentials | by coverage                         |
 * | a pull secret with a usable entry   | none                     |                                     |
 */
export function findUselessReferences(judgement: Judgement): Finding[] {
  return judgement.references.flatMap(reference => {
    const state = secretState(judgement.facts, reference.secret)
    if (state.state === 'unknown') return []
    if (state.state === 'absent') return [notFound(reference, judgement)]
    const fault = faultOf(state.value)
    if (fault === undefined) return []
    const effect = fault.code === 'SecretMalformed' ? breaksKeyring(judgement) : judgement.byCoverage
    return [about(reference, judgement, { ...fault, effect })]
  })
}

/** What makes a Secret that exists give nothing, and what to do about it. */
export function faultOf(secret: SecretReading): { code: FindingCode; message: string } | undefined {
  const create = `kubectl create secret docker-registry ${secret.name}`
  switch (secret.kind) {
    case 'wrongType': {
      const type = secret.type === undefined ? '' : ` (it is of type ${secret.type})`
      const message = `Secret "${secret.name}" is no pull secret${type}, so the kubelet skips it; recreate it: ${create}`
      return { code: 'SecretWrongType', message }
    }
    case 'malformed': {
      const message = `pull secret "${secret.name}" cannot be parsed (${secret.reason}), so no image is pulled; recreate it: ${create}`
      return { code: 'SecretMalformed', message }
    }
    default: {
      if (secret.entries.some(entry => entry.usable)) return undefined
      const why = secret.store === undefined ? '' : `: it only names the credential store "${secret.store}"`
      const message = `pull secret "${secret.name}" holds no credentials${why}; recreate it: ${create}`
      return { code: 'SecretWithoutCredentials', message }
    }
  }
}

function notFound(reference: Reference, judgement: Judgement): Finding {
  const { about: subject, namespace, near } = judgement.facts
  const suggestion = near.get(reference.secret)
  const advice = suggestion === undefined ? 'create it there or correct the reference' : `did you mean "${suggestion}"?`
  return about(reference, judgement, {
    code: 'SecretNotFound',
    effect: subject === 'template' ? atMost('mayBlock', judgement.byCoverage) : judgement.byCoverage,
    ...(suggestion === undefined ? {} : { suggestion }),
    message: `pull secret "${reference.secret}" is not in namespace "${namespace}"; ${advice}`,
  })
}

/** One Secret that does not parse fails the keyring of all images, public ones too. */
function breaksKeyring({ images }: Judgement): Effect {
  return images.length > 0 ? 'blocks' : 'degrades'
}

function about(
  { secret, origin }: Reference,
  { privateUncovered }: Judgement,
  finding: Pick<Finding, 'code' | 'effect' | 'message'> & { readonly suggestion?: string },
): Finding {
  return { ...finding, secret, origin, affectsPrivate: privateUncovered }
}
