import type { Advice } from '../advice/advice.ts'
import { whereIn } from '../advice/home.ts'
import { correctImage, listSecret, suggestName, whereInAccount } from '../advice/on-objects.ts'
import {
  changeElsewhere,
  completeEntryOf,
  correctRegistry,
  createFromLogin,
  createSecret,
  recreateSecret,
  type SecretPlace,
  takeDockerConfig,
} from '../advice/on-secrets.ts'
import { isObjectName } from '../kube/object-name.ts'
import { explainInvalidImage, type ImageName } from '../kubelet/image-name.ts'
import type { Credential } from '../kubelet/keyring.ts'
import { nearMiss } from '../kubelet/near-miss.ts'
import type { PullSecret } from '../kubelet/secret.ts'
import { hasExpired } from '../policy/coverage.ts'
import type { ImageUse } from '../policy/image-use.ts'
import { namesOf } from '../policy/reference.ts'
import { UNCOUNTED } from '../runtime/budget.ts'
import type { PullCase } from './pull-case.ts'

/** What to do next: what is wrong, where that is not said yet, and one step or two. */
export interface Next {
  readonly problem?: string
  readonly steps: readonly Advice[]
}

/**
 * What to do about an image that cannot be pulled: the first that fits.
 *
 * | what there is                                              | advice                              |
 * | ---------------------------------------------------------- | ----------------------------------- |
 * | a name that is not valid                                   | the name that was meant             |
 * | a listed Secret that is broken                             | make it again                       |
 * | a listed name that is nearly that of a Secret that works   | that name                           |
 * | another pull secret of the namespace that works            | list it                             |
 * | a matching entry that has expired, or lacks a password     | renew it, or give it one            |
 * | a listed name that does not exist                          | create it                           |
 * | a listed Secret that is not a pull secret                  | make it again                       |
 * | an entry that was plainly meant for it                     | the key that would match            |
 * | none of these                                              | make one, and list it               |
 */
export function advisePull(use: ImageUse, pull: PullCase): Next {
  const { facts, broken } = pull
  const { home } = facts
  const { name } = use
  if (name === undefined) return { steps: [correctImage(explainInvalidImage(use.image).instead, home)] }
  if (broken !== undefined) return { steps: [recreateSecret(broken, placeOf(broken, pull))] }
  return (
    adviseOnName(use, pull) ??
    adviseOnOther(use, pull) ??
    adviseOnListed(use, name, pull) ??
    adviseOnNear(name, pull) ??
    makeOne(name, pull)
  )
}

function adviseOnName(use: ImageUse, pull: PullCase): Next | undefined {
  const { facts, lookup } = pull
  const working = new Set(findWorking(use, pull))
  for (const { secret, origin } of facts.references) {
    const near = lookup.secret(secret).state === 'absent' ? lookup.nearName(secret)?.name : undefined
    if (near === undefined || !working.has(near)) continue
    const { home, namespace, serviceAccount } = facts
    const isOfAccount = origin === 'serviceAccount' && serviceAccount.state === 'value'
    const where = isOfAccount
      ? whereInAccount(serviceAccount.value, { secret: near, insteadOf: secret }, home, namespace)
      : whereIn(home, namespace)
    return { steps: [suggestName(near, where)] }
  }
  return undefined
}

function adviseOnOther(use: ImageUse, pull: PullCase): Next | undefined {
  const listed = new Set(namesOf(pull.facts.references))
  const [other] = findWorking(use, pull)
    .filter(name => !listed.has(name))
    .sort()
  if (other === undefined) return undefined
  return { problem: `Secret "${other}" has credentials for it`, steps: [listSecret(other, whereToList(pull, other))] }
}

/** The pull secrets of the namespace that have credentials for an image; those that it makes for a ServiceAccount are for that alone. */
function findWorking(use: ImageUse, { facts, lookup }: PullCase): readonly string[] {
  const works = ({ secret, entry }: Credential<PullSecret>) =>
    entry.usable && !hasExpired(entry, facts.now) && !secret.generated
  return lookup
    .matches(use)
    .filter(works)
    .map(({ secret }) => secret.name)
}

function adviseOnListed(use: ImageUse, name: ImageName, pull: PullCase): Next | undefined {
  const { facts, keyring, lookup } = pull
  const { namespace, home } = facts
  const [tried] = keyring.cover(use).credentials
  if (tried !== undefined) return { steps: completeTried(tried, name, placeOf(tried.secret.name, pull)) }
  for (const { secret } of facts.references) {
    const state = lookup.secret(secret)
    if (state.state === 'absent') return { steps: [createSecret(secret, namespace, home.list)] }
    if (state.state === 'value' && state.value.kind === 'wrongType')
      return { steps: [recreateSecret(secret, placeOf(secret, pull))] }
  }
  return undefined
}

/** A docker config has no name that a Secret could have. Of other entries nothing is to be lost. */
function completeTried(
  { secret, entry }: Credential<PullSecret>,
  image: ImageName,
  place: SecretPlace,
): readonly Advice[] {
  const { name, entries } = secret
  if (!isObjectName(name)) return [createFromLogin(USUAL_NAME, place.namespace, serverFor(image))]
  if (changeElsewhere(place) !== undefined) return [recreateSecret(name, place)]
  const isAlone = entries.length === 1 || entries.every(({ usable }) => !usable)
  if (isAlone) return [recreateSecret(name, place, 'LOGIN')]
  const take = takeDockerConfig(name, place, '.dockerconfigjson')
  return [...(take === undefined ? [] : [take]), completeEntryOf(entry.key, recreateSecret(name, place))]
}

function adviseOnNear(name: ImageName, pull: PullCase): Next | undefined {
  const { keyring, facts } = pull
  const near = nearMiss(keyring.secrets, name, UNCOUNTED)
  // What is of the same host may well be for other images.
  if (near?.isMeant !== true) return undefined
  const { secret, entry, instead } = near
  const problem = `the registry in Secret "${secret.name}" is written "${entry.key}"`
  const again = facts.home.isFile ? [] : [recreateSecret(secret.name, placeOf(secret.name, pull))]
  return { problem, steps: [correctRegistry(instead), ...again] }
}

/** Where a listed Secret is, and what keeps it as it is. */
function placeOf(secret: string, { facts, question }: PullCase): SecretPlace {
  return { namespace: facts.namespace, isFile: facts.home.isFile, ...question.keeper(secret) }
}

/** The name that the walkthrough of Kubernetes gives a pull secret. */
const USUAL_NAME = 'regcred'

/** Names that are tried for a new Secret. */
const MAX_NEW_NAMES = 9

function makeOne(image: ImageName, pull: PullCase): Next {
  const { facts, lookup } = pull
  const names = Array.from({ length: MAX_NEW_NAMES }, (_, i) => (i === 0 ? USUAL_NAME : `${USUAL_NAME}-${i + 1}`))
  const name = names.find(one => lookup.secret(one).state === 'absent') ?? USUAL_NAME
  const create = createFromLogin(name, facts.namespace, serverFor(image))
  return { steps: [create, listSecret(name, whereToList(pull, name))] }
}

/** The registry of an image as a pull secret names it. */
function serverFor({ registry }: ImageName): string {
  return registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry
}

/** Where a pull secret is to be listed: a list of its own would take from a Pod what its ServiceAccount has. */
function whereToList({ facts, question }: PullCase, secret: string): string {
  const { home, namespace, serviceAccount, references } = facts
  const ownsList = references.some(({ origin }) => origin === 'object') || question.pod.form === 'stored'
  if (ownsList || serviceAccount.state !== 'value') return whereIn(home, namespace)
  return whereInAccount(serviceAccount.value, { secret }, home, namespace)
}
