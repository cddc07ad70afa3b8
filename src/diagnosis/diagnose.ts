import type { AdviceKind, Told } from '../advice/advice.ts'
import { changeElsewhere, renewCredentials, takeDockerConfig } from '../advice/on-secrets.ts'
import { causesOf, tellCause } from '../decision/causes.ts'
import type { CheckedFinding } from '../engine/checked.ts'
import { kindOf } from '../policy/finding.ts'
import { present } from '../runtime/present.ts'
import { type Evidence, listEvidence } from './evidence.ts'
import { type Cause, explainOther, OTHER } from './other-causes.ts'
import { coveringSecrets, expiredSecrets, findingsOf, type PullCase, registryOf } from './pull-case.ts'

/** Why an image is not pulled. */
export interface Diagnosis extends Cause {
  readonly evidence: readonly Evidence[]
}

/**
 * Finds the cause for which an image is not pulled.
 *
 * | the node said                            | the pull secrets                     | the cause                               |
 * | ---------------------------------------- | ------------------------------------ | --------------------------------------- |
 * | no login, no right, no image, or unknown | may not be read                      | what the node said                      |
 * |                                          | one breaks the keyring of the Pod    | that                                    |
 * |                                          | one covers it, and was written since | none any more: the node tries again     |
 * |                                          | one covers it                        | what is in it, which nobody here knows  |
 * |                                          | all that cover it have expired       | that                                    |
 * |                                          | the registry is public, or a node's  | the name, or the login of the node      |
 * |                                          | the Pod lacks what its account has   | the Pod is older than the list          |
 * |                                          | one is wrong, or there is none       | that                                    |
 * | anything else                            | whatever they are                    | what the node said                      |
 */
export function diagnose(pull: PullCase): Diagnosis {
  return { evidence: listEvidence(pull), ...findCause(pull) }
}

function findCause(pull: PullCase): Cause {
  const { error, registryClass } = pull
  const { kind } = error
  if (kind === 'invalidName') {
    const [finding] = findingsOf(pull)
    return finding === undefined ? OTHER.invalidName : writeCause(finding)
  }
  if (kind !== 'unauthorized' && kind !== 'denied' && kind !== 'notFound' && kind !== 'other')
    return explainOther(kind, pull)
  if (!pull.areSecretsKnown) return explainUnread(pull)
  const broken = findingsOf(pull).find(({ code }) => kindOf(code).insteadOfNoCover === 'everyImage')
  if (broken !== undefined) return writeSecretCause(broken, pull)
  const covering = coveringSecrets(pull)
  if (covering.length > 0) return kind === 'other' ? explainUnknown(pull) : explainCovered(pull, covering)
  if (registryClass === 'node' && kind !== 'other') return explainNode(pull)
  if (registryClass === 'public' && kind !== 'other') return explainPublic(pull)
  return explainLate(pull) ?? explainFinding(pull) ?? (kind === 'other' ? explainUnknown(pull) : explainPrivate(pull))
}

/** Time after which a node has asked again: its pauses grow up to five minutes. */
const MAX_PAUSE_MS = 6 * 60_000

function explainCovered(pull: PullCase, covering: readonly string[]): Cause {
  const { error, at, now, secret } = pull
  const [expired] = findingsOf(pull).filter(({ code }) => code === 'CredentialsExpired')
  if (expired !== undefined) return writeSecretCause(expired, pull)
  const past = expiredSecrets(pull)
  const good = covering.filter(name => !past.has(name))
  const fresh = good.find(name => {
    const { writtenAt } = secret(name)
    return at !== undefined && writtenAt > at && now - writtenAt < MAX_PAUSE_MS
  })
  if (fresh !== undefined) {
    return {
      cause: `Secret "${fresh}" was written after the node had asked, and has a login for this image now.`,
      next: ['Wait: the node tries again by itself, at the latest after five minutes.'],
    }
  }
  const what = `${tellPast(past)}Secret${good.length === 1 ? '' : 's'} ${quote(good)} ${good.length === 1 ? 'has' : 'have'}`
  const tells = `This tells: docker login ${registryOf(pull)}.`
  if (error.kind === 'notFound') {
    return {
      cause: `${what} a login for this registry, and the registry shows no such image: the image or its tag does not exist, or this user may not see it. Regcred cannot know which.`,
      next: [`Check the name and the tag. ${tells}`],
    }
  }
  return {
    cause: `${what} a login for this image, and the registry turned it down: the password is probably wrong, expired or revoked, or this user may not pull this image. Regcred cannot know which.`,
    next: [tells, ...renew(present(good[0]), pull)],
  }
}

/** The kubelet goes on to the next login where one is turned down. */
function tellPast(past: ReadonlySet<string>): string {
  if (past.size === 0) return ''
  return `The login in ${quote([...past])} has expired; the kubelet tries it all the same, and then the others. `
}

function quote(names: readonly string[]): string {
  return names.map(name => `"${name}"`).join(', ')
}

/** A new password for one registry of a Secret, which may have others; what something else writes, is changed there. */
function renew(name: string, { namespace, secret }: PullCase): readonly string[] {
  const { keeper } = secret(name)
  const place = { isFile: false, namespace }
  const elsewhere = changeElsewhere(keeper)
  if (elsewhere !== undefined) return [`${capitalize(elsewhere)}.`]
  const steps = [takeDockerConfig(name, place, '.dockerconfigjson'), renewCredentials(name, place)]
  return steps.filter(step => step !== undefined).map(({ text }) => capitalize(text))
}

/** Kinds that make a Pod again when it is deleted, and take no harm from that. */
const MAKES_AGAIN = new Set(['ReplicaSet', 'StatefulSet', 'DaemonSet', 'ReplicationController'])

/** The ServiceAccount lists what would help, and the Pod does not: what it has was copied when it was made. */
function explainLate(pull: PullCase): Cause | undefined {
  const { account, references, namespace, object, owner } = pull
  if (references.length > 0) return undefined
  const offered = findingsOf(pull).find(({ suggestion }) => suggestion?.of === 'secret')?.suggestion?.text
  if (offered === undefined || !account.references.includes(offered)) return undefined
  const remake =
    owner === undefined
      ? `Make it again: kubectl replace --force --namespace ${namespace} -f FILE`
      : MAKES_AGAIN.has(owner)
        ? `What made it makes it again: kubectl delete pod ${object.name} --namespace ${namespace}`
        : owner === 'Node'
          ? 'Change its manifest, which is a file on the node.'
          : `Have its ${owner} make another.`
  return {
    cause: `ServiceAccount "${account.name}" lists "${offered}" now, but this Pod was made before it did.`,
    next: [remake],
  }
}

function explainUnread({ namespace, error }: PullCase): Cause {
  return {
    cause: `The node said ${error.said}, and you may not list Secrets in namespace "${namespace}": regcred cannot tell which pull secret is wrong, or missing.`,
    next: [`Ask somebody who may: kubectl auth can-i list secrets --namespace ${namespace}`],
  }
}

function explainFinding(pull: PullCase): Cause | undefined {
  const [cause] = causesOf(findingsOf(pull))
  return cause === undefined ? undefined : writeSecretCause({ ...cause[0], ...tellCause(cause) }, pull)
}

function explainUnknown({ namespace, object }: PullCase): Cause {
  return {
    cause: 'The node did not say anything that regcred knows, and nothing is wrong with the pull secrets.',
    next: [`Read all that it said, below Events: kubectl describe pod ${object.name} --namespace ${namespace}`],
  }
}

function explainNode(pull: PullCase): Cause {
  return {
    cause: `The nodes log in to ${registryOf(pull)} themselves, by registries.node of the configuration, and it turned that down: the role or the account of the node may not pull this image, or there is no such image.`,
    next: ['Check the name and the tag, and the credential provider of the kubelet.'],
  }
}

function explainPublic(pull: PullCase): Cause {
  return {
    cause: `${registryOf(pull)} has no such image for everybody: its name or tag is wrong, or it is private.`,
    next: ['Check the name and the tag.'],
  }
}

function explainPrivate(pull: PullCase): Cause {
  return {
    cause: `${registryOf(pull)} shows this image to nobody without a login: its name or tag is wrong, or it is private. No pull secret of the Pod is known to have one.`,
    next: [
      `Check the name and the tag, or make a pull secret for it and list that: kubectl create secret docker-registry NAME --namespace ${pull.namespace} --from-file=.dockerconfigjson=FILE`,
    ],
  }
}

/** Advice of these kinds writes a Secret. */
const WRITES_SECRET: ReadonlySet<AdviceKind> = new Set([
  'recreateSecret',
  'recreateFromLogin',
  'renewCredentials',
  'correctRegistry',
  'spellOutRegistry',
  'completeEntry',
])

/** What is wrong with a Secret that something writes is corrected there, or it writes it again as it was. */
function writeSecretCause(finding: CheckedFinding, pull: PullCase): Cause {
  const { secret, advice } = finding
  const cause = writeCause(finding)
  if (secret === undefined || !WRITES_SECRET.has(advice.kind)) return cause
  const elsewhere = changeElsewhere(pull.secret(secret).keeper)
  if (elsewhere !== undefined) return { ...cause, next: [`${capitalize(elsewhere)}.`] }
  return advice.kind === 'renewCredentials' ? { ...cause, next: renew(secret, pull) } : cause
}

function writeCause({ problem, advice }: Told): Cause {
  return { cause: `${capitalize(problem)}.`, next: [capitalize(advice.text)] }
}

/** What stands behind a semicolon elsewhere is a sentence of its own here. */
function capitalize(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}
