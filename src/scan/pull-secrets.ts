import { getText } from '../kube/untyped.ts'
import { checkSecret } from '../review/schema.ts'
import { readSecretObject } from '../review/secret.ts'
import { ownText } from '../runtime/visible.ts'
import type { ExpiringSecret, ScannedSecret } from './scan.ts'

type Held = Pick<ScannedSecret, 'secret' | 'registries' | 'registryCount' | 'expires'>
/** An entry of a pull secret that stops to work soon. */
type Expiring = Pick<ExpiringSecret, 'secret' | 'registry' | 'expires'>

interface Window {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Milliseconds within which what expires is told. */
  readonly expiring: number
}

/** Registries that are kept of one pull secret: it may have ten thousand, and nobody reads more. */
const MAX_REGISTRIES = 20
/** Characters of a registry that are kept: a key of a docker config may be a megabyte. */
const MAX_REGISTRY_LENGTH = 300

/** The pull secrets of one namespace: what they are for, and when they expire. No password is kept. */
export class PullSecrets {
  readonly #window: Window
  readonly #held: Held[] = []
  readonly #names = new Set<string>()
  readonly #expiring: Expiring[] = []

  constructor({ now, expiring }: Window) {
    this.#window = { now, expiring }
  }

  /** @param object as the API sends it */
  note(object: unknown): void {
    const secret = getText(object, 'metadata', 'name')
    const checked = checkSecret(object)
    const reading = 'value' in checked ? readSecretObject(checked.value) : undefined
    const entries = reading?.kind === 'pullSecret' ? reading.entries : []
    const registries = entries.slice(0, MAX_REGISTRIES).map(({ key }) => keep(key))
    const first = entries.reduce((least, { expires = least }) => Math.min(least, expires), Number.POSITIVE_INFINITY)
    const expires = first === Number.POSITIVE_INFINITY ? undefined : first
    this.#names.add(secret)
    this.#held.push({ secret, registries, registryCount: entries.length, expires })
    const { now, expiring } = this.#window
    for (const { key, expires } of entries) {
      if (expires === undefined || expires <= now || expires > now + expiring) continue
      this.#expiring.push({ secret, registry: keep(key), expires })
    }
  }

  get names(): ReadonlySet<string> {
    return this.#names
  }

  get all(): readonly Held[] {
    return this.#held
  }

  get expiring(): readonly Expiring[] {
    return this.#expiring
  }
}

function keep(key: string): string {
  return ownText(key.slice(0, MAX_REGISTRY_LENGTH))
}
