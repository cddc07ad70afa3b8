import { X509Certificate } from 'node:crypto'
import { notAfter } from './pair.ts'
import { splitCertificates } from './pem.ts'
import type { Rotation } from './rotation.ts'
import type { SecretData } from './secret-data.ts'

/** Where a CA was found that nobody expected. */
export type AuthorityPlace = 'secret' | 'webhooks'

/** A CA that nobody expected, by its SHA-256 fingerprint as OpenSSL prints it. */
export interface UnexpectedAuthority {
  readonly place: AuthorityPlace
  readonly fingerprint: string
}

/** CAs that are remembered; of more, which only somebody hostile makes, the first are forgotten. */
const MAX_KNOWN_AUTHORITIES = 1000
/** CAs of one text that are looked at. */
const MAX_AUTHORITIES_READ = 16

/**
 * Notices a CA that somebody has planted, in the Secret or in a `caBundle`: who holds its key could answer for us. It is a
 * smoke detector and no lock: what was there when this replica began is taken for good, and so is what comes when a rotation
 * is due.
 *
 * | a CA that was not there before, in | is expected if |
 * | --- | --- |
 * | the Secret | this replica made it; or at its last look, or by the clock, a certificate was to be made |
 * | a `caBundle` | it has been in the Secret; the second look decides, since it may have been written between two reads |
 */
export class AuthorityWatch {
  readonly #known = new Set<string>()
  #isDue = true
  #currentNotAfter = Number.NEGATIVE_INFINITY
  #bundlesSeen = false
  #doubted: ReadonlySet<string> = new Set()
  readonly #maxKnown: number

  constructor(maxKnown = MAX_KNOWN_AUTHORITIES) {
    this.#maxKnown = maxKnown
  }

  /** A CA that this replica has made. */
  expect(ca: string): void {
    for (const fingerprint of fingerprintsOf([ca])) this.#remember(fingerprint)
  }

  /**
   * Looks at what the Secret holds.
   *
   * @param rotation what is to be done about it
   * @param dueBefore how long before its end, in milliseconds, a certificate may have a successor; rather more than less
   * @param now milliseconds since the epoch
   */
  lookAtSecret(
    { current, next }: SecretData,
    rotation: Rotation,
    dueBefore: number,
    now: number,
  ): readonly UnexpectedAuthority[] {
    const isExpected = this.#isDue || this.#currentNotAfter - now <= dueBefore
    const found = fingerprintsOf([current?.ca, next?.ca].filter(ca => ca !== undefined))
    const unknown = found.filter(fingerprint => !this.#known.has(fingerprint))
    for (const fingerprint of unknown) this.#remember(fingerprint)
    this.#isDue = rotation.make !== undefined
    this.#currentNotAfter = rotation.current === undefined ? Number.NEGATIVE_INFINITY : notAfter(rotation.current)
    return isExpected ? [] : unknown.map(fingerprint => ({ place: 'secret', fingerprint }))
  }

  /** Looks at what the webhooks trust. */
  lookAtBundles(authorities: readonly string[]): readonly UnexpectedAuthority[] {
    const unknown = fingerprintsOf(authorities).filter(fingerprint => !this.#known.has(fingerprint))
    if (!this.#bundlesSeen) {
      this.#bundlesSeen = true
      for (const fingerprint of unknown) this.#remember(fingerprint)
      return []
    }
    const unexpected = unknown.filter(fingerprint => this.#doubted.has(fingerprint))
    for (const fingerprint of unexpected) this.#remember(fingerprint)
    this.#doubted = new Set(unknown)
    return unexpected.map(fingerprint => ({ place: 'webhooks', fingerprint }))
  }

  #remember(fingerprint: string): void {
    this.#known.add(fingerprint)
    for (const first of this.#known) {
      if (this.#known.size <= this.#maxKnown) break
      this.#known.delete(first)
    }
  }
}

/** Each once; what cannot be read is nobody's CA. */
function fingerprintsOf(texts: readonly string[]): readonly string[] {
  const certificates = texts.flatMap(text => splitCertificates(text).slice(0, MAX_AUTHORITIES_READ))
  return [
    ...new Set(
      certificates.flatMap(pem => {
        try {
          return [new X509Certificate(pem).fingerprint256]
        } catch {
          return []
        }
      }),
    ),
  ]
}
