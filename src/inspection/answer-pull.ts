import { explainInvalidImage } from '../kubelet/image-name.ts'
import type { Credential } from '../kubelet/keyring.ts'
import type { PullSecret } from '../kubelet/secret.ts'
import { type Cover, hasExpired, type Keyring } from '../policy/coverage.ts'
import type { ImageUse } from '../policy/image-use.ts'
import { writeSpan } from '../runtime/duration.ts'

/** What decides whether an image can be pulled. */
export interface KeyringInUse {
  readonly keyring: Keyring
  /** The listed Secret that the kubelet cannot read, so that it pulls nothing. */
  readonly broken: string | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** An entry that the kubelet would try. */
interface Attempt {
  readonly secret: string
  /** The key of the docker config. */
  readonly registry: string
  /** It has a user name and a password that have not expired. */
  readonly usable: boolean
  /** What it logs in with, for people. */
  readonly how: string
}

/** Whether one image can be pulled, as far as pull secrets decide it. */
export interface PullAnswer {
  readonly image: string
  /** Undefined where something that matters could not be read. */
  readonly can: boolean | undefined
  /** In a few words; what comes before is yes or no. */
  readonly why: string
  /** In the order in which the kubelet would try them. */
  readonly attempts: readonly Attempt[]
  /** What is tried where no entry matches, and what is to be said of that. */
  readonly anonymous?: readonly [what: string, remark: string]
}

/**
 * Answers for one image.
 *
 * | the image, the first that fits               | can be pulled | because                                 |
 * | -------------------------------------------- | ------------- | --------------------------------------- |
 * | has a name that the kubelet cannot parse     | no            | its name                                |
 * | is never pulled                              | yes           | `imagePullPolicy: Never`                |
 * | any, and a listed Secret cannot be parsed    | no            | the kubelet has no keyring              |
 * | matches an entry that works                  | yes           | it is tried; the registry was not asked  |
 * | may match one of a Secret that is not filled | unknown       |                                         |
 * | matches entries that have expired            | no; yes if the nodes log in | they are tried first      |
 * | matches none that works, and is public       | yes           | without logging in                      |
 * | the same, and the nodes log in               | yes           | they do                                 |
 * | the same, and is any other                   | no            | unless it is public                     |
 */
export function answerPull(use: ImageUse, { keyring, broken, now }: KeyringInUse): PullAnswer {
  const { image, name } = use
  if (name === undefined) {
    return { image, can: false, why: `its name is not valid (${explainInvalidImage(image).reason})`, attempts: [] }
  }
  if (!use.pulled) return { image, can: true, why: 'it is never pulled (imagePullPolicy: Never)', attempts: [] }
  if (broken !== undefined) {
    return { image, can: false, why: `Secret "${broken}" is broken; Kubernetes then pulls nothing`, attempts: [] }
  }
  const cover = keyring.cover(use)
  const attempts = cover.credentials.map(credential => describeAttempt(credential, now))
  const answer = decide(use, cover)
  const isLast = attempts.length === 0 && answer.can !== undefined
  const anonymous = isLast ? { anonymous: ANONYMOUS[use.registryClass] } : {}
  return { image, attempts, ...answer, ...anonymous }
}

type Decision = Pick<PullAnswer, 'can' | 'why'>

function decide({ registryClass }: ImageUse, { coverage, credentials }: Cover): Decision {
  if (coverage === 'covered') return { can: true, why: IN_THIS_ORDER }
  if (coverage === 'unknown') return { can: undefined, why: 'a Secret that it lists is not filled yet' }
  const isTried = credentials.length > 0
  if (registryClass === 'node') return { can: true, why: isTried ? IN_THIS_ORDER : 'the nodes log in themselves' }
  if (coverage === 'expired') return { can: false, why: IN_THIS_ORDER }
  if (registryClass === 'public') return { can: true, why: 'without logging in' }
  return { can: false, why: isTried ? IN_THIS_ORDER : NO_SECRET }
}

const NO_SECRET = 'none of the listed pull secrets is for it; Kubernetes would try:'

const IN_THIS_ORDER = 'Kubernetes would try, in this order:'

const WITHOUT_LOGIN = '(without logging in)'

/** What the kubelet tries where no entry matches, by the class of the registry. */
const ANONYMOUS: Readonly<Record<ImageUse['registryClass'], readonly [what: string, remark: string]>> = {
  private: [WITHOUT_LOGIN, 'your configuration says that it is private'],
  node: ['(as the node logs in)', ''],
  public: [WITHOUT_LOGIN, 'it counts as public'],
  mixed: [WITHOUT_LOGIN, 'works only if the image is public'],
  unlisted: [WITHOUT_LOGIN, 'works only if the image is public'],
}

function describeAttempt({ secret, entry }: Credential<PullSecret>, now: number): Attempt {
  const { key: registry, usable, onlyUser, token, expires } = entry
  const attempt = { secret: secret.name, registry }
  if (!usable) {
    const lack = token ? 'only an identity token' : onlyUser ? 'no password' : 'no user name and password'
    return { ...attempt, usable: false, how: `${lack}: not logged in` }
  }
  if (expires === undefined) return { ...attempt, usable: true, how: 'user name and password' }
  const span = writeSpan(expires - now)
  return hasExpired(entry, now)
    ? { ...attempt, usable: false, how: `expired ${span} ago` }
    : { ...attempt, usable: true, how: `user name and password, for ${span} more` }
}
