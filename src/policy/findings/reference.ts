import type { Advice, Told } from '../../advice/advice.ts'
import { suggestName } from '../../advice/on-objects.ts'
import { createSecret, recreateSecret, type SecretPlace } from '../../advice/on-secrets.ts'
import { DOCKER_CONFIG_JSON_TYPE, DOCKERCFG_TYPE, isPullSecretType, type SecretReading } from '../../kubelet/secret.ts'
import { memoizeWeak } from '../../runtime/memoize.ts'
import { keyringOf } from '../coverage.ts'
import type { Finding, FindingCode } from '../finding.ts'
import type { Judgement } from '../judgement.ts'
import type { Reference, WrittenName } from '../reference.ts'
import { explainLacks } from './lack.ts'
import { placeOfSecrets, whereWritten } from './where.ts'

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
  const { facts } = judgement.pod
  return judgement.references.flatMap(reference => {
    const state = judgement.pod.lookup.secret(reference.secret)
    if (state.state === 'unknown') return []
    if (state.state === 'absent') return [findMissing(reference, judgement)]
    const fault = faultOf(state.value)
    if (fault === undefined) return []
    const { secret, origin } = reference
    return [
      {
        code: fault.code,
        secret,
        origin,
        ...(fault.code === 'SecretMalformed' ? breakKeyring : lack)(judgement),
        ...tellFault(secret, fault, facts.traits.about === 'template' ? 'its Pods' : 'this Pod', placeOfSecrets(facts)),
      },
    ]
  })
}

/** What makes a Secret that exists give nothing. */
interface UselessSecret {
  readonly code: FindingCode
  /** Reads on from the name of the Secret, e.g. `has type Opaque, so Kubernetes does not use it`. */
  readonly problem: string
}

/** What makes a Secret that exists give nothing; undefined if nothing is known to. */
export function faultOf(secret: SecretReading): UselessSecret | undefined {
  switch (secret.kind) {
    case 'wrongType':
      return { code: 'SecretWrongType', problem: describeType(secret.type) }
    case 'malformed':
      return { code: 'SecretMalformed', problem: `is broken (${secret.reason})` }
    case 'unread':
      return undefined
    default: {
      if (secret.entries.some(entry => entry.usable)) return undefined
      return {
        code: 'SecretWithoutCredentials',
        problem: `holds no usable credentials${explainLacks(secret)}`,
      }
    }
  }
}

/** @param pods that pull nothing if the Secret breaks their keyring, e.g. `this Pod` */
export function tellFault(secret: string, { code, problem }: UselessSecret, pods: string, place: SecretPlace): Told {
  const harm = code === 'SecretMalformed' ? `, so Kubernetes pulls nothing for ${pods}` : ''
  return { problem: `Secret "${secret}" ${problem}${harm}`, advice: adviseOnFault(secret, code, place) }
}

/** Where a docker config is that lacks credentials, another would lack them too. */
export function adviseOnFault(secret: string, code: FindingCode, place: SecretPlace): Advice {
  return recreateSecret(secret, place, code === 'SecretWithoutCredentials' ? 'LOGIN' : 'FILE')
}

function describeType(type: string | undefined): string {
  const what = isPullSecretType(type)
    ? `nothing under "${KEYS[type]}"`
    : type === undefined
      ? 'the wrong type'
      : `type ${type}`
  return `has ${what}, so Kubernetes does not use it`
}

/** Where the kubelet looks in a Secret of each type. */
const KEYS = { [DOCKER_CONFIG_JSON_TYPE]: '.dockerconfigjson', [DOCKERCFG_TYPE]: '.dockercfg' } as const

function findMissing(reference: Reference, judgement: Judgement): Finding {
  const { secret, origin } = reference
  const { facts, lookup } = judgement.pod
  const near = facts.rulebook.settings.suggestions === 'none' ? undefined : lookup.nearName(secret)?.name
  const suggestion = near !== undefined && wouldHelp(near, judgement) ? near : undefined
  const where = whereWritten(reference, facts, writtenIn(judgement), suggestion)
  return {
    code: 'SecretNotFound',
    secret,
    origin,
    ...(suggestion === undefined ? {} : { suggestion: { of: 'secret', text: suggestion } }),
    ...lack(judgement),
    problem: `Secret "${secret}" does not exist in namespace "${facts.namespace}"`,
    advice: suggestion === undefined ? createSecret(secret, facts.namespace, where) : suggestName(suggestion, where),
  }
}

/** The configured names, by name: one of a thousand that are missing asks for them once. */
const writtenIn = memoizeWeak(
  ({ pod }: Judgement): ReadonlyMap<string, WrittenName> =>
    new Map(pod.lookup.writtenNames().map(written => [written.secret, written])),
)

/**
 * Whether a near name is worth being suggested: nobody has listed it yet but regcred itself, and it would cover an image, as
 * far as is known.
 */
function wouldHelp(near: string, { pod, references }: Judgement): boolean {
  const { explanations } = pod.budget
  if (references.some(({ secret, origin }) => secret === near && origin !== 'configuration')) return false
  const keyring = keyringOf([near], { ...pod, budget: explanations })
  const covers = pod.facts.images.some(use => keyring.cover(use).coverage !== 'uncovered')
  return covers && !explanations.isSpent
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
