import type { KnownNamespace, KnownSecret } from '../cluster/view.ts'
import type { Entry } from '../kubelet/entry.ts'
import type { SecretReading } from '../kubelet/secret.ts'
import { stripKey } from '../kubelet/strip-key.ts'
import type { Namespace, ServiceAccount } from '../policy/known.ts'
import type { Snapshot, SnapshotNamespace, SnapshotRegistry, SnapshotSecret } from './snapshot.ts'

/** What a snapshot says of the namespaces of its cluster: the same as whoever took it knew, as far as Pods are judged by it. */
export function fromSnapshot({ namespaces }: Snapshot): readonly KnownNamespace[] {
  return namespaces.map(namespace => {
    const { name, secrets, serviceAccounts } = namespace
    return {
      name,
      namespace: readLabels(namespace),
      secrets: secrets && [...secrets.map(readSecret), ...readOthers(namespace)],
      hasAllSecrets: secrets !== undefined,
      accounts: serviceAccounts?.map(readAccount),
    }
  })
}

function readLabels({ name, labelsUnknown, mode, inject, pullSecrets }: SnapshotNamespace): Namespace | undefined {
  if (labelsUnknown) return undefined
  return {
    name,
    ...(mode !== undefined && { mode }),
    ...(inject !== undefined && { inject }),
    ...(pullSecrets !== undefined && { pullSecrets }),
  }
}

function readSecret(secret: SnapshotSecret): KnownSecret {
  return { type: secret.type, reading: readReading(secret) }
}

/**
 * | what is said of it | it is                                            |
 * | ------------------ | ------------------------------------------------ |
 * | broken             | malformed                                        |
 * | empty              | one that the kubelet skips                       |
 * | registries         | a pull secret with these                         |
 * | nothing            | of the right type, and nobody knows what it holds |
 */
function readReading(secret: SnapshotSecret): SecretReading {
  const { name, type, broken, empty = false, registries, store, generated = false } = secret
  if (broken !== undefined) return { kind: 'malformed', name, reason: broken }
  if (empty) return { kind: 'wrongType', name, type }
  if (registries === undefined) return { kind: 'unread', name }
  const entries = registries.map(readEntry)
  return { kind: 'pullSecret', name, entries, generated, ...(store !== undefined && { store }) }
}

/** A file that somebody has written may have a password in the name of a registry, which is left out here too. */
function readEntry({ registry, usable, lacks, token, expires = '' }: SnapshotRegistry): Entry {
  const key = stripKey(registry)
  if (!usable) {
    return { key, usable, ...(lacks === 'password' && { onlyUser: true }), ...(token === true && { token }) }
  }
  const end = Date.parse(expires)
  return { key, usable, ...(!Number.isNaN(end) && { expires: end }) }
}

function readOthers({ otherSecrets = [] }: SnapshotNamespace): readonly KnownSecret[] {
  return otherSecrets.flatMap(({ type, names }) =>
    names.map(name => ({ type, reading: { kind: 'wrongType', name, type } as const })),
  )
}

function readAccount(account: NonNullable<SnapshotNamespace['serviceAccounts']>[number]): ServiceAccount {
  const { name, imagePullSecrets = [], enforcesMountable = false, annotations = [] } = account
  return { name, references: imagePullSecrets, enforcesMountable, annotations: annotations ?? undefined }
}
