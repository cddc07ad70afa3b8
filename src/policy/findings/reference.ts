import { DOCKER_CONFIG_JSON_TYPE, DOCKERCFG_TYPE, isPullSecretType, type SecretReading } from '../../kubelet/secret.ts'
import { keyringOf } from '../coverage.ts'
import type { Finding, FindingCode } from '../finding.ts'
import type { Judgement } from '../judgement.ts'
import type { Reference } from '../reference.ts'
import { explainLacks } from './lack.ts'

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
    return [
      {
        code: fault.code,
        secret,
        origin,
        ...(fault.code === 'SecretMalformed' ? breakKeyring : lack)(judgement),
        message: writeFault(secret, fault, judgement.pod.facts.traits.about === 'template' ? 'its Pods' : 'this Pod'),
      },
    ]
  })
}

/** What makes a Secret that exists give nothing, and what to do about it. */
interface UselessSecret {
  readonly code: FindingCode
  /** Reads on from the name of the Secret, e.g. `has type Opaque, so Kubernetes does not use it`. */
  readonly problem: string
  readonly advice: string
}

/** What makes a Secret that exists give nothing; undefined if nothing is known to. */
export function faultOf(secret: SecretReading): UselessSecret | undefined {
  switch (secret.kind) {
    case 'wrongType':
      return { code: 'SecretWrongType', ...explainType(secret.name, secret.type) }
    case 'malformed':
      return { code: 'SecretMalformed', problem: `is broken (${secret.reason})`, advice: recreate(secret.name) }
    case 'unread':
      return undefined
    default: {
      if (secret.entries.some(entry => entry.usable)) return undefined
      return {
        code: 'SecretWithoutCredentials',
        problem: `holds no usable credentials${explainLacks(secret)}`,
        advice: recreate(secret.name),
      }
    }
  }
}

/** @param pods that pull nothing if the Secret breaks their keyring, e.g. `this Pod` */
export function writeFault(secret: string, { code, problem, advice }: UselessSecret, pods: string): string {
  const harm = code === 'SecretMalformed' ? `, so Kubernetes pulls nothing for ${pods}` : ''
  return `Secret "${secret}" ${problem}${harm}; ${advice}`
}

/** The pipe fails before anything is replaced if the file is no docker config. */
const FROM_FILE = '--from-file=.dockerconfigjson=FILE --dry-run=client -o yaml'

function recreate(name: string): string {
  return `recreate it: kubectl create secret docker-registry ${name} ${FROM_FILE} | kubectl replace --force -f -`
}

function explainType(name: string, type: string | undefined): Pick<UselessSecret, 'problem' | 'advice'> {
  if (isPullSecretType(type)) {
    return { problem: `has nothing under "${KEYS[type]}", so Kubernetes does not use it`, advice: recreate(name) }
  }
  return {
    problem: `has ${type === undefined ? 'the wrong type' : `type ${type}`}, so Kubernetes does not use it`,
    // The type of a Secret cannot be changed.
    advice: recreate(name),
  }
}

/** Where the kubelet looks in a Secret of each type. */
const KEYS = { [DOCKER_CONFIG_JSON_TYPE]: '.dockerconfigjson', [DOCKERCFG_TYPE]: '.dockercfg' } as const

function findMissing({ secret, origin }: Reference, judgement: Judgement): Finding {
  const { facts, lookup } = judgement.pod
  const near = facts.rulebook.settings.suggestions === 'none' ? undefined : lookup.nearName(secret)?.name
  const suggestion = near !== undefined && wouldHelp(near, judgement) ? near : undefined
  const advice = suggestion === undefined ? 'create it there or correct the name' : `did you mean "${suggestion}"?`
  return {
    code: 'SecretNotFound',
    secret,
    origin,
    ...(suggestion === undefined ? {} : { suggestion: { of: 'secret', text: suggestion } }),
    ...lack(judgement),
    message: `Secret "${secret}" does not exist in namespace "${facts.namespace}"; ${advice}`,
  }
}

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
