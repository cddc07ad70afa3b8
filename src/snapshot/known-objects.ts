import { stripNamespace, stripServiceAccount } from '../cluster/strip.ts'
import type { KnownNamespace, KnownSecret } from '../cluster/view.ts'
import { getString, getText } from '../kube/untyped.ts'
import type { Manifest } from '../manifests/found.ts'
import { isMeantAsPullSecret, isUnreadable } from '../manifests/placeholder.ts'
import type { Namespace, ServiceAccount } from '../policy/known.ts'
import { checkSecret } from '../review/schema.ts'
import { readSecretObject } from '../review/secret.ts'
import { present } from '../runtime/present.ts'

/** What is known of a namespace so far. */
interface Growing {
  namespace: Namespace | undefined
  readonly secrets: KnownSecret[]
  hasAllSecrets: boolean
  readonly accounts: ServiceAccount[]
}

/** Objects of a cluster in files, as `kubectl get -o yaml` writes them. A namespace with a pull secret has no other than these. */
export class KnownObjects {
  readonly #byName = new Map<string, Growing>()
  readonly #fallback: string

  /** @param fallback the namespace of an object that names none */
  constructor(fallback: string) {
    this.#fallback = fallback
  }

  get all(): readonly KnownNamespace[] {
    return [...this.#byName].map(([name, known]) => ({ name, ...known }))
  }

  /** @returns why an object cannot be read */
  take({ apiVersion, kind, object }: Manifest): string | undefined {
    const name = getText(object, 'metadata', 'name')
    if (apiVersion !== 'v1' || name === '') return undefined
    if (kind === 'Namespace') this.#of(name).namespace = stripNamespace(object, name)
    const namespace = getText(object, 'metadata', 'namespace') || this.#fallback
    if (kind === 'ServiceAccount') this.#of(namespace).accounts.push(stripServiceAccount(object, name))
    return kind === 'Secret' ? this.#takeSecret(object, name, namespace) : undefined
  }

  #takeSecret(object: Manifest['object'], name: string, namespace: string): string | undefined {
    const checked = checkSecret(object)
    if ('fault' in checked) return `cannot read this Secret: ${checked.fault}`
    const known = this.#of(namespace)
    const reading = isUnreadable(object)
      ? ({ kind: 'unread', name } as const)
      : present(readSecretObject(checked.value))
    known.secrets.push({ type: getString(object, 'type') ?? 'Opaque', reading })
    known.hasAllSecrets ||= isMeantAsPullSecret(object)
    return undefined
  }

  #of(name: string): Growing {
    const known = this.#byName.get(name) ?? { namespace: undefined, secrets: [], hasAllSecrets: false, accounts: [] }
    this.#byName.set(name, known)
    return known
  }
}
