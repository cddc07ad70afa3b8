import { DOCKER_CONFIG_JSON_TYPE, DOCKERCFG_TYPE, type SecretReading } from '../../kubelet/secret.ts'
import type { Finding, FindingCode } from '../finding.ts'
import type { Judgement } from '../judgement.ts'
import type { Reference } from '../reference.ts'

/**
 * What is wrong with each reference of a Pod, taken alone.
 *
 * | the Secret is                       | finding                  | effect                        |
 * | ----------------------------------- | ------------------------ | ----------------------------- |
 * | unknown                             | none                     |                               |
 * | absent                              | SecretNotFound           | by coverage                   |
 * | skipped by the kubelet              | SecretWrongType          | by coverage                   |
 * | one that breaks the Pod's keyring   | SecretMalformed          | blocks, if anything is pulled |
 * | a pull secret without usable entry  | SecretWithoutCredentials | by coverage                   |
 * | a pull secret with a usable entry   | none                     |                               |
 * | of the right type, its data unread  | none                     |                               |
 */
export function findUselessReferences(judgement: Judgement): Finding[] {
  return judgement.references.flatMap(reference => {
    const state = judgement.pod.lookup.secret(reference.secret)
    if (state.state === 'unknown') return []
    if (state.state === 'absent') return [findMissing(reference, judgement)]
    const fault = faultOf(state.value)
    if (fault === undefined) return []
    const { secret, origin } = reference
    return [{ ...fault, secret, origin, ...(fault.code === 'SecretMalformed' ? breakKeyring : lack)(judgement) }]
  })
}

/** What makes a Secret that exists give nothing, and what to do about it. */
export function faultOf(secret: SecretReading): { code: FindingCode; message: string } | undefined {
  switch (secret.kind) {
    case 'wrongType': {
      const message = `Secret "${secret.name}" is no pull secret${explainType(secret.type)}, so the kubelet skips it; ${recreate(secret)}`
      return { code: 'SecretWrongType', message }
    }
    case 'malformed': {
      const message = `pull secret "${secret.name}" cannot be parsed (${secret.reason}), so no image is pulled; ${recreate(secret)}`
      return { code: 'SecretMalformed', message }
    }
    case 'unread':
      return undefined
    default: {
      if (secret.entries.some(entry => entry.usable)) return undefined
      const why = secret.store === undefined ? '' : `: it only names the credential store "${secret.store}"`
      const message = `pull secret "${secret.name}" holds no credentials${why}; ${recreate(secret)}`
      return { code: 'SecretWithoutCredentials', message }
    }
  }
}

function recreate({ name }: SecretReading): string {
  return `recreate it: kubectl create secret docker-registry ${name}`
}

function explainType(type: string | undefined): string {
  if (type === undefined) return ''
  if (type === DOCKER_CONFIG_JSON_TYPE || type === DOCKERCFG_TYPE) return ` (it holds nothing under "${KEYS[type]}")`
  return ` (it is of type ${type})`
}

/** Where the kubelet looks in a Secret of each type. */
const KEYS = { [DOCKER_CONFIG_JSON_TYPE]: '.dockerconfigjson', [DOCKERCFG_TYPE]: '.dockercfg' } as const

function findMissing({ secret, origin }: Reference, judgement: Judgement): Finding {
  const { facts, lookup } = judgement.pod
  const suggestion = facts.rulebook.settings.suggestions ? lookup.nearName(secret) : undefined
  const advice = suggestion === undefined ? 'create it there or correct the reference' : `did you mean "${suggestion}"?`
  return {
    code: 'SecretNotFound',
    secret,
    origin,
    ...(suggestion === undefined ? {} : { suggestion }),
    ...lack(judgement),
    message: `pull secret "${secret}" is not in namespace "${facts.namespace}"; ${advice}`,
  }
}

type Harm = Pick<Finding, 'effect' | 'affectsPrivate'>

/** What it does to a Pod that one of its references gives nothing. */
function lack({ byCoverage, privateUncovered }: Judgement): Harm {
  return { effect: byCoverage, affectsPrivate: privateUncovered }
}

/** One Secret that does not parse fails the keyring for all images, those that others cover and public ones too. */
function breakKeyring({ images }: Judgement): Harm {
  return {
    effect: images.length > 0 ? 'blocks' : 'degrades',
    affectsPrivate: images.some(({ use }) => use.registryClass === 'private'),
  }
}
