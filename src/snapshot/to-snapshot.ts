import type { KnownNamespace, KnownSecret } from '../cluster/view.ts'
import type { Entry } from '../kubelet/entry.ts'
import { isPullSecretType } from '../kubelet/secret.ts'
import type { ServiceAccount } from '../policy/known.ts'
import type { ReadCluster } from './read-cluster.ts'
import {
  SNAPSHOT,
  type Snapshot,
  type SnapshotNamespace,
  type SnapshotRegistry,
  type SnapshotSecret,
} from './snapshot.ts'

/**
 * Makes a snapshot of what was read of a cluster.
 *
 * @param cluster its URL, without a user
 * @param now milliseconds since the epoch
 */
export function toSnapshot(
  { known, notRead }: Omit<ReadCluster, 'absent'>,
  cluster: string,
  now: number,
): Snapshot & typeof SNAPSHOT {
  return {
    ...SNAPSHOT,
    takenAt: new Date(now).toISOString(),
    cluster,
    namespaces: known.map(toNamespace),
    ...(notRead.length > 0 && { notRead: notRead.map(({ namespace, reason }) => ({ namespace, reason })) }),
  }
}

function toNamespace({ name, namespace, secrets, accounts }: KnownNamespace): SnapshotNamespace {
  const { mode, inject, pullSecrets } = namespace ?? {}
  return {
    name,
    ...(namespace === undefined && { labelsUnknown: true }),
    ...(mode !== undefined && { mode }),
    ...(inject !== undefined && { inject }),
    ...(pullSecrets !== undefined && { pullSecrets }),
    ...(secrets !== undefined && {
      secrets: secrets.flatMap(secret => toSecret(secret) ?? []),
      otherSecrets: listOthers(secrets),
    }),
    ...(accounts !== undefined && { serviceAccounts: accounts.map(toAccount) }),
  }
}

/** Undefined for a Secret that is no pull secret. */
function toSecret({ type, reading }: KnownSecret): SnapshotSecret | undefined {
  const { name } = reading
  switch (reading.kind) {
    case 'pullSecret': {
      const { entries, store, generated } = reading
      const rest = { ...(store !== undefined && { store }), ...(generated && { generated }) }
      return { name, type, registries: entries.map(toRegistry), ...rest }
    }
    case 'malformed':
      return { name, type, broken: reading.reason }
    case 'unread':
      return { name, type }
    default:
      return isOther({ type, reading }) ? undefined : { name, type, empty: true }
  }
}

function toRegistry({ key: registry, usable, onlyUser, token, expires }: Entry): SnapshotRegistry {
  if (usable) return { registry, usable, ...(expires !== undefined && { expires: new Date(expires).toISOString() }) }
  return { registry, usable, lacks: onlyUser ? 'password' : 'user name', ...(token && { token }) }
}

/** The names of the Secrets that are no pull secrets, by their types. */
function listOthers(secrets: readonly KnownSecret[]): NonNullable<SnapshotNamespace['otherSecrets']> {
  const byType = Map.groupBy(secrets.filter(isOther), ({ type }) => type)
  return [...byType].map(([type, others]) => ({ type, names: others.map(({ reading }) => reading.name) }))
}

function toAccount({ name, references, enforcesMountable, annotations }: ServiceAccount) {
  return {
    name,
    ...(references.length > 0 && { imagePullSecrets: [...references] }),
    ...(enforcesMountable && { enforcesMountable }),
    ...(annotations === undefined
      ? { annotations: null }
      : annotations.length > 0 && { annotations: [...annotations] }),
  }
}

function isOther({ type, reading }: KnownSecret): boolean {
  return reading.kind === 'wrongType' && !isPullSecretType(type)
}
