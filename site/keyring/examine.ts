import { answerPull, type KeyringInUse, type PullAnswer } from '../../src/inspection/answer-pull.ts'
import { type ConfigRow, readConfigRows } from '../../src/inspection/config-rows.ts'
import { type EntryVerdict, judgeEntry } from '../../src/inspection/entry-verdict.ts'
import { findConfig } from '../../src/inspection/find-config.ts'
import { describeUser } from '../../src/inspection/words.ts'
import { explainInvalidImage, type ImageName } from '../../src/kubelet/image-name.ts'
import { DOCKER_HUB_INDEX, isDockerStash, parseKey } from '../../src/kubelet/key.ts'
import { isDockerHub } from '../../src/kubelet/keyring.ts'
import { nearMiss } from '../../src/kubelet/near-miss.ts'
import { type PullSecret, readSecret, type SecretReading } from '../../src/kubelet/secret.ts'
import { Keyring } from '../../src/policy/coverage.ts'
import { faultOf } from '../../src/policy/findings/reference.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { Budget } from '../../src/runtime/budget.ts'
import { memoizeWeak } from '../../src/runtime/memoize.ts'
import type { PastedSecret } from './read-pasted.ts'

/** A Secret, and what each of its entries is worth. No password is in it. */
export interface ExaminedSecret {
  readonly name: string
  readonly namespace: string
  readonly type: string
  /** What makes all of it useless; reads on from its name. */
  readonly problem?: string
  /** The first of its entries, and how many there are. */
  readonly entries: readonly ExaminedEntry[]
  readonly entryCount: number
}

export interface ExaminedEntry extends EntryVerdict {
  /** Scheme, host, port and path. */
  readonly registry: string
  /** As it may be shown; empty where there is none. */
  readonly user: string
  readonly hasPassword: boolean
}

/** An entry that is not tried for an image, and why. */
interface Untried {
  readonly secret: string
  readonly registry: string
  readonly why: string
}

/** What becomes of one image. */
export interface ExaminedImage {
  readonly answer: PullAnswer
  /** The name that was meant, where this one is not valid. */
  readonly instead?: string
  /** An entry that looks as if it were meant for the image, and how it would have to be written. */
  readonly near?: { readonly secret: string; readonly registry: string; readonly instead: string }
  /** The first of those that are not tried, and how many there are. */
  readonly untried: readonly Untried[]
  readonly untriedCount: number
}

export interface Examination {
  readonly secrets: readonly ExaminedSecret[]
  readonly images: readonly ExaminedImage[]
}

/** What one look at the page may cost, in steps of about 50 ns: half a second. */
const MAX_STEPS = 10_000_000
/** The same for what was probably meant. */
const MAX_NEAR_STEPS = 2_000_000
/** Entries of a Secret of which is said what they are worth: to find that out takes longer than to read them. */
const MAX_EXAMINED = 100
/** Entries that are not tried, of which is said why. */
const MAX_UNTRIED = 50

interface Read {
  readonly pasted: PastedSecret
  readonly reading: SecretReading
  readonly rows: readonly ConfigRow[]
  readonly judge: (row: ConfigRow) => EntryVerdict
}

/**
 * Says of each image which entries the kubelet would try, in its order, and of each entry what it is worth.
 *
 * @param now milliseconds since the epoch
 */
export function examine(pasted: readonly PastedSecret[], images: readonly string[], now: number): Examination {
  const read = pasted.map(secret => readOne(secret, now))
  const pullSecrets = read.map(({ reading }) => reading).filter(reading => reading.kind === 'pullSecret')
  const budget = new Budget(MAX_STEPS, MAX_NEAR_STEPS)
  const isUnknown = read.some(({ reading }) => reading.kind === 'unread')
  const keyring = new Keyring(pullSecrets, isUnknown, now, budget)
  const broken = read.find(({ reading }) => reading.kind === 'malformed')?.reading.name
  return {
    secrets: read.map(toExamined),
    images: images.map(image => examineImage(image, { keyring, broken, now }, read, budget)),
  }
}

function readOne(pasted: PastedSecret, now: number): Read {
  const reading = readSecret(pasted)
  const found = reading.kind === 'unread' ? undefined : findConfig(pasted)
  const config = found === undefined ? { rows: [] } : readConfigRows(found.format, found.content)
  const around = {
    ...{ secret: reading.name, place: { namespace: pasted.namespace, isFile: true }, ignored: [], now },
    ...(config.store !== undefined && { store: config.store }),
    ...(reading.kind !== 'pullSecret' && { broken: 'Kubernetes does not use this Secret' }),
  }
  // Docker's own stash is not meant for anybody else.
  const rows = config.rows.filter(({ key }) => !isDockerStash(key))
  return { pasted, reading, rows, judge: memoizeWeak(row => judgeEntry(row, around)) }
}

function toExamined({ pasted, reading, rows, judge }: Read): ExaminedSecret {
  const problem =
    reading.kind === 'unread' ? 'is filled by another program; nobody can say with what' : faultOf(reading)?.problem
  return {
    name: reading.name,
    namespace: pasted.namespace,
    type: pasted.type,
    ...(problem !== undefined && { problem }),
    entries: rows.slice(0, MAX_EXAMINED).map(row => ({
      registry: row.key,
      user: describeUser(row.user, row.isPassword),
      hasPassword: row.hasPassword,
      ...judge(row),
    })),
    entryCount: rows.length,
  }
}

const rulebook = prepareRulebook(defaultSettings)

function examineImage(image: string, inUse: KeyringInUse, read: readonly Read[], budget: Budget): ExaminedImage {
  const reading = rulebook.readImage(image)
  const { name } = reading
  const answer = answerPull({ container: '', image, pulled: true, ...reading }, inUse)
  if (name === undefined) {
    const { instead } = explainInvalidImage(image)
    return { answer, ...(instead !== undefined && { instead }), ...NOTHING_UNTRIED }
  }
  if (budget.isSpent) return { answer: { image, can: undefined, why: TOO_MUCH, attempts: [] }, ...NOTHING_UNTRIED }
  // Of one that breaks all others there is no more to say.
  if (inUse.broken !== undefined) return { answer, ...NOTHING_UNTRIED }
  const near = answer.attempts.length === 0 ? findNear(inUse.keyring.secrets, name, answer, budget) : undefined
  return { answer, ...(near !== undefined && { near }), ...listUntried(name, answer, read) }
}

const NOTHING_UNTRIED = { untried: [], untriedCount: 0 } as const

const TOO_MUCH = 'this is more than this page works through; paste fewer entries, or ask about fewer images'

/** Where it can be pulled all the same, only what was meant for this very image is worth a word. */
function findNear(
  secrets: readonly PullSecret[],
  name: ImageName,
  { can }: PullAnswer,
  { explanations }: Budget,
): ExaminedImage['near'] {
  const near = nearMiss(secrets, name, explanations)
  if (near === undefined || (can === true && !near.isMeant)) return undefined
  return { secret: near.secret.name, registry: near.entry.key, instead: near.instead }
}

function listUntried(name: ImageName, { attempts }: PullAnswer, read: readonly Read[]) {
  const tried = Map.groupBy(attempts, ({ secret }) => secret)
  const untried: Untried[] = []
  let untriedCount = 0
  for (const { reading, rows, judge } of read) {
    const keys = new Set(tried.get(reading.name)?.map(({ registry }) => registry))
    for (const row of rows) {
      if (keys.has(row.key)) continue
      untriedCount += 1
      if (untried.length === MAX_UNTRIED) continue
      untried.push({ secret: reading.name, registry: row.key, why: explainUntried(row, judge(row), reading, name) })
    }
  }
  return { untried, untriedCount }
}

/**
 * Why the kubelet does not try an entry for an image, the first that fits:
 *
 * | the entry                            | because                                         |
 * | ------------------------------------ | ----------------------------------------------- |
 * | is in a Secret of no use             | Kubernetes does not use it                      |
 * | only has a credential helper         | the kubelet asks none                           |
 * | has a key that no image matches      | that, and the key that was meant                |
 * | is Docker Hub's, the image too       | it is for where no other entry matches          |
 * | is for other images                  | what it is for, and whether it would work there |
 */
function explainUntried(
  { key, reading, helper }: ConfigRow,
  { images, works, why = '' }: EntryVerdict,
  secret: SecretReading,
  image: ImageName,
): string {
  if (secret.kind !== 'pullSecret') return 'Kubernetes does not use this Secret'
  if (helper !== undefined && reading === undefined)
    return `it only names the credential helper "${helper}", which Kubernetes does not ask`
  if (images === undefined) return why
  if (isDockerHub(image) && parseKey(key)?.index === DOCKER_HUB_INDEX) {
    return "Docker Hub's entry is tried only where no other entry matches"
  }
  return works ? `it is for ${images}` : `it is for ${images}, and of no use there: ${why}`
}
