import type { Told } from '../advice/advice.ts'
import { renewCredentials } from '../advice/on-secrets.ts'
import { causesOf, tellCause } from '../decision/causes.ts'
import { present } from '../runtime/present.ts'
import { type Evidence, listEvidence } from './evidence.ts'
import { coveringSecrets, findingsOf, type PullCase, registryOf } from './pull-case.ts'

/** Why an image is not pulled. */
export interface Diagnosis {
  readonly evidence: readonly Evidence[]
  /** One cause, in a sentence. */
  readonly cause: string
  /** What mends it, with a command where there is one. */
  readonly next: string
}

/**
 * Finds the cause for which an image is not pulled.
 *
 * | the node said                            | the pull secrets                     | the cause                               |
 * | ---------------------------------------- | ------------------------------------ | --------------------------------------- |
 * | no login, no right, no image, or unknown | the Pod lacks what its account has   | the Pod is older than the list          |
 * |                                          | one is wrong, or there is none       | that                                    |
 * |                                          | one covers it, and was written since | none any more: the node tries again     |
 * |                                          | one covers it                        | what is in it, which nobody here knows  |
 * |                                          | may not be read                      | what the node said                      |
 * | anything else                            | whatever they are                    | what the node said                      |
 */
export function diagnose(pull: PullCase): Diagnosis {
  return { evidence: listEvidence(pull), ...findCause(pull) }
}

type Cause = Pick<Diagnosis, 'cause' | 'next'>

function findCause(pull: PullCase): Cause {
  const { kind } = pull.error
  if (kind === 'invalidName') {
    const [finding] = findingsOf(pull)
    return finding === undefined
      ? { cause: OTHER.invalidName.cause, next: OTHER.invalidName.next }
      : writeCause(finding)
  }
  if (kind !== 'unauthorized' && kind !== 'denied' && kind !== 'notFound' && kind !== 'other') return OTHER[kind]
  if (!pull.areSecretsKnown) return explainUnread(pull)
  const covering = coveringSecrets(pull)
  if (covering.length > 0) return explainCovered(pull, covering)
  return explainLate(pull) ?? explainFinding(pull) ?? explainNothing(pull)
}

/** What does not depend on pull secrets. */
const OTHER = {
  invalidName: { cause: 'The image name is not valid.', next: 'Correct it where the Pod comes from.' },
  rateLimited: {
    cause: 'The registry has had too many pulls: those without a login are counted by address, those with one by user.',
    next: 'Any login at this registry helps: list a pull secret for it, or wait.',
  },
  serverError: { cause: 'The registry has a fault of its own.', next: 'Wait: the node tries again by itself.' },
  unreachable: {
    cause: 'The node cannot reach the registry; pull secrets have nothing to do with it.',
    next: 'Check the host name in the image, and DNS, proxy and firewall of the node.',
  },
  certificate: {
    cause: 'The node does not trust the certificate of the registry; pull secrets have nothing to do with it.',
    next: 'Give the authority that signed it to the container runtime of the node.',
  },
  plainHttp: {
    cause: 'The registry answers without TLS, and the node insists on it; pull secrets have nothing to do with it.',
    next: 'Check the port in the image, or tell the container runtime of the node about this registry.',
  },
  platform: {
    cause: 'The image is not made for machines like this node; pull secrets have nothing to do with it.',
    next: 'Use an image for it, or a nodeSelector for kubernetes.io/arch.',
  },
  noSpace: { cause: 'The node has no room for the image.', next: 'Make room on the node, or move the Pod.' },
  neverPull: {
    cause: 'imagePullPolicy is Never, and the node does not have the image, or has it for Pods with its pull secret.',
    next: 'Set imagePullPolicy to IfNotPresent, or give the Pod the pull secret with which the image was pulled.',
  },
  unverified: {
    cause: 'The node does not accept the signature of the image; pull secrets have nothing to do with it.',
    next: 'Use an image that is signed as the node wants it.',
  },
} as const satisfies Record<string, Cause>

function explainCovered(pull: PullCase, covering: readonly string[]): Cause {
  const { namespace, error, at, writtenAt } = pull
  const [expired] = findingsOf(pull).filter(({ code }) => code === 'CredentialsExpired')
  if (expired !== undefined) return writeCause(expired)
  const since = at === undefined ? [] : covering.filter(secret => writtenAt(secret) > at)
  const [fresh] = since
  if (fresh !== undefined) {
    return {
      cause: `Secret "${fresh}" was written after the node had asked, and has a login for this image now.`,
      next: 'Wait: the node tries again by itself, at the latest after five minutes.',
    }
  }
  const names = covering.map(secret => `"${secret}"`).join(', ')
  const what = covering.length === 1 ? `Secret ${names} has` : `Secrets ${names} have`
  const renew = renewCredentials(present(covering[0]), { isFile: false, namespace })
  const tells = `This tells: docker login ${registryOf(pull)}.`
  if (error.kind === 'notFound') {
    return {
      cause: `${what} a login for this registry, and the registry shows no such image: the image or its tag does not exist, or this user may not see it. Regcred cannot know which.`,
      next: `Check the name and the tag. ${tells}`,
    }
  }
  return {
    cause: `${what} a login for this image, and the registry turned it down: the password is probably wrong, expired or revoked, or this user may not pull this image. Regcred cannot know which.`,
    next: `${tells} Then ${renew.text}`,
  }
}

/** The ServiceAccount lists what would help, and the Pod does not: what it has was copied when it was made. */
function explainLate(pull: PullCase): Cause | undefined {
  const { account, references, namespace, object, isOwned } = pull
  if (references.length > 0) return undefined
  const offered = findingsOf(pull).find(({ suggestion }) => suggestion?.of === 'secret')?.suggestion?.text
  if (offered === undefined || !account.references.includes(offered)) return undefined
  const remake = isOwned
    ? `What made it makes it again: kubectl delete pod ${object.name} --namespace ${namespace}`
    : `Make it again: kubectl replace --force --namespace ${namespace} -f FILE`
  return {
    cause: `ServiceAccount "${account.name}" lists "${offered}" now, but this Pod was made before it did.`,
    next: remake,
  }
}

function explainUnread({ namespace, error }: PullCase): Cause {
  return {
    cause: `The node said ${error.said}, and you may not list Secrets in namespace "${namespace}": regcred cannot tell which pull secret is wrong, or missing.`,
    next: `Ask somebody who may: kubectl auth can-i list secrets --namespace ${namespace}`,
  }
}

function explainFinding(pull: PullCase): Cause | undefined {
  const [cause] = causesOf(findingsOf(pull))
  if (cause === undefined) return undefined
  return writeCause(tellCause(cause))
}

function explainNothing(pull: PullCase): Cause {
  const { namespace, error, object } = pull
  if (error.kind === 'other') {
    return {
      cause: 'The node did not say anything that regcred knows, and nothing is wrong with the pull secrets.',
      next: `Read all that it said, below Events: kubectl describe pod ${object.name} --namespace ${namespace}`,
    }
  }
  return {
    cause: `${registryOf(pull)} shows this image to nobody without a login: it is private, or its name or tag is wrong. No pull secret of the Pod is known to have one.`,
    next: `Check the name and the tag, or make a pull secret for it and list that: kubectl create secret docker-registry NAME --namespace ${namespace} --from-file=.dockerconfigjson=FILE`,
  }
}

function writeCause({ problem, advice }: Told): Cause {
  return { cause: `${capitalize(problem)}.`, next: capitalize(advice.text) }
}

/** What stands behind a semicolon elsewhere is a sentence of its own here. */
function capitalize(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}
