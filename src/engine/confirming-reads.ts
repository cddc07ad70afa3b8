import type { LiveReads, NamespaceSecrets, ReadOptions } from '../cluster/view.ts'
import type { SecretReading } from '../kubelet/secret.ts'
import type { Known } from '../policy/known.ts'
import type { TimeLeft } from './context.ts'
import type { Confirmed } from './namespace-lookup.ts'

/** Time for one live read: a person waits for it. */
const READ_TIMEOUT_MS = 500
/** The same where `enforce` refuses on the strength of it: whoever is not answered in time is let through. */
const MAX_ENFORCING_READ_TIMEOUT_MS = 8000
/** Of the time that is left: where another read can follow, and where none does but the answer. */
const [SHARE_OF_ONE, SHARE_OF_THE_LAST] = [0.5, 0.9] as const
/** Secrets that are read by name for one review; where there are more, those of its namespace are read, all and once. */
const MAX_SECRETS_READ_BY_NAME = 3

/** The live reads for one Pod, each within the time that is left. */
export class ConfirmingReads {
  readonly #live: LiveReads
  readonly #namespace: string
  readonly #serviceAccount: string
  readonly #options: () => ReadOptions
  #names = 0
  /** All Secrets of the namespace, once they have been read. */
  #all: Known<NamespaceSecrets> | undefined

  constructor(live: LiveReads, namespace: string, serviceAccount: string, options: () => ReadOptions) {
    this.#live = live
    this.#namespace = namespace
    this.#serviceAccount = serviceAccount
    this.#options = options
  }

  namespace(): Promise<NonNullable<Confirmed['namespaceState']>> {
    return this.#live.readNamespace(this.#namespace, this.#options())
  }

  serviceAccount(): Promise<NonNullable<Confirmed['serviceAccount']>> {
    return this.#live.readServiceAccount(this.#namespace, this.#serviceAccount, this.#options())
  }

  async secrets(names: readonly string[]): Promise<(readonly [string, Known<SecretReading>])[]> {
    this.#names += names.length
    if (this.#names <= MAX_SECRETS_READ_BY_NAME) {
      const read = async (name: string) =>
        [name, await this.#live.readSecret(this.#namespace, name, this.#options())] as const
      return await Promise.all(names.map(read))
    }
    this.#all ??= await this.#live.readSecrets(this.#namespace, this.#options())
    const all = this.#all
    return names.map(name => [name, all.state === 'value' ? all.value.get(name) : all])
  }

  /** Undefined where they have just been read for the same images, in vain. */
  async pullSecrets(images: readonly string[]): Promise<Confirmed['pullSecrets']> {
    const readings = await this.#lookForMatch(images)
    if (readings?.state !== 'value') return readings
    return { state: 'value', value: new Map(readings.value.map(reading => [reading.name, reading])) }
  }

  /** What has been read for names is not read again for images. */
  async #lookForMatch(images: readonly string[]): Promise<Known<readonly SecretReading[]> | undefined> {
    if (images.length > 0 && this.#all?.state === 'value') return this.#all.value.pullSecrets
    return await this.#live.lookForMatch(this.#namespace, images, this.#options())
  }
}

/**
 * How long a live read may take, of the time that is left.
 *
 * | too late lets through what `enforce` refuses | may take                                                      |
 * | -------------------------------------------- | ------------------------------------------------------------- |
 * | no                                           | half a second                                                 |
 * | yes                                          | half of what is left, so that another can follow; at most 8 s |
 * | yes, and it is the last one                  | nine tenths of it; at most 8 s                                |
 *
 * @param shared whether an answer that others had a moment ago will do
 * @param letsThrough whether what comes too late lets through what `enforce` refuses
 */
export function readOptions(timeLeft: TimeLeft, shared: boolean, letsThrough: boolean, isLast = false): ReadOptions {
  const left = timeLeft()
  const timeout = Math.min(READ_TIMEOUT_MS, left)
  if (!letsThrough) return { timeout, shared }
  const share = isLast ? SHARE_OF_THE_LAST : SHARE_OF_ONE
  return { timeout, shared, patience: Math.min(MAX_ENFORCING_READ_TIMEOUT_MS, left * share) }
}
