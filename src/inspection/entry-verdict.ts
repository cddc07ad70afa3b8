import { completeEntry, correctRegistry, renewEntry, type SecretPlace, trimPassword } from '../advice/on-secrets.ts'
import type { Entry } from '../kubelet/entry.ts'
import { keyThatWouldWork } from '../kubelet/near-miss.ts'
import { hasExpired } from '../policy/coverage.ts'
import type { FindingCode } from '../policy/finding.ts'
import { IGNORE_ANNOTATION } from '../policy/labels.ts'
import { writeSpan } from '../runtime/duration.ts'
import { present } from '../runtime/present.ts'
import type { ConfigRow } from './config-rows.ts'
import { describeImages } from './words.ts'

/** What an entry is worth in Kubernetes. */
export interface EntryVerdict {
  readonly works: boolean
  /** What images it is for, where it can be for any. */
  readonly images?: string
  /** Why it does not work, or hardly will. */
  readonly why?: string
  /** What to do about that. */
  readonly advice?: string
}

/** The Secret around an entry. */
export interface EntryPlace {
  readonly secret: string
  readonly place: SecretPlace
  readonly store?: string
  /** Codes of findings that its annotation switches off. */
  readonly ignored: readonly string[]
  /** Why nothing in it works, if that is so. */
  readonly broken?: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * | the entry, the first that fits            | works  | why                                       |
 * | ----------------------------------------- | ------ | ----------------------------------------- |
 * | makes the kubelet fail on the docker config | no   | in the kubelet's words                    |
 * | has a key that no image matches           | no     | that, and the key that was meant          |
 * | lacks user name or password               | no     | who has them instead                      |
 * | has credentials that have expired         | no     | since when                                |
 * | is in a Secret that is of no use          | no     | that                                      |
 * | has a password that ends in a line break  | hardly | that                                      |
 * | is any other                              | yes    |                                           |
 */
export function judgeEntry(row: ConfigRow, around: EntryPlace): EntryVerdict {
  const { key, reading } = row
  if (typeof reading === 'string') return { works: false, why: reading, advice: completeEntry(true).text }
  const useless = keyThatWouldWork(key)
  if (useless !== undefined) {
    const instead = useless.instead === undefined ? '' : `; write "${useless.instead}"`
    return { works: false, why: `no image matches it${instead}`, advice: correctRegistry(useless.instead).text }
  }
  const images = describeImages(key)
  if (reading === undefined || !reading.usable) {
    return { works: false, images, why: explainLack(row, around.store), advice: completeEntry(true).text }
  }
  const { broken, now } = around
  if (hasExpired(reading, now)) {
    const since = writeSpan(now - present(reading.expires))
    return { works: false, images, why: `it expired ${since} ago`, advice: renewEntry().text }
  }
  if (broken !== undefined) return { works: false, images, why: broken }
  return judgeEnding(reading, images, around)
}

const DOUBTFUL: FindingCode = 'CredentialsDoubtful'
const IGNORE = { annotation: IGNORE_ANNOTATION, value: DOUBTFUL }
const TRAILING = { lineBreak: 'a line break', blank: 'a blank' } as const

function judgeEnding({ trailing }: Entry, images: string, { secret, place, ignored }: EntryPlace): EntryVerdict {
  if (trailing === undefined || ignored.includes(DOUBTFUL)) return { works: true, images }
  const why = `the password ends in ${TRAILING[trailing]}`
  return { works: true, images, why, advice: trimPassword(secret, place, IGNORE).text }
}

function explainLack({ reading, user, hasPassword, helper }: ConfigRow, store: string | undefined): string {
  if (typeof reading === 'object' && reading.token) return 'only an identity token; Kubernetes reads none'
  if (user !== '') return 'no password'
  if (hasPassword) return 'no user name'
  if (helper !== undefined) return `Docker gets it from the helper "${helper}"`
  return store === undefined ? 'no user name and password' : `Docker keeps it in the store "${store}"`
}
