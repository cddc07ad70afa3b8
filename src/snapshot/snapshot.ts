import Type, { type Static, type TSchema } from 'typebox'
import type { SecretFault } from '../kubelet/secret.ts'
import { checker } from '../review/schema.ts'

/** What a snapshot is, as a Kubernetes object. */
export const SNAPSHOT = { apiVersion: 'regcred.dev/v1alpha1', kind: 'PullSecretSnapshot' } as const

/** Why a docker config is broken: fixed phrases, each once. */
const FAULTS = {
  'it is not JSON': true,
  'it is not a JSON object': true,
  'auths is not an object': true,
  'HttpHeaders is not an object of strings': true,
  'an entry is not an object': true,
  'a field of an entry is not a string': true,
  'auth is not base64': true,
  'auth is not user:password': true,
  'its data is not base64': true,
} as const satisfies Readonly<Record<SecretFault, true>>

const optional = <T extends TSchema>(schema: T) => Type.Optional(schema)
const text = Type.String()
const texts = Type.Array(text)

const fault = Type.Unsafe<SecretFault>(Type.Union(Object.keys(FAULTS).map(reason => Type.Literal(reason))))

const registry = Type.Object({
  /** Scheme, host, port and path, as the Secret has them. */
  registry: text,
  usable: Type.Boolean(),
  /** Of one that is not usable. */
  lacks: optional(Type.Union([Type.Literal('password'), Type.Literal('user name')])),
  /** It has an identity token or a registry token instead. */
  token: optional(Type.Boolean()),
  expires: optional(text),
})

const pullSecret = Type.Object({
  name: text,
  type: text,
  registries: optional(Type.Array(registry)),
  /** The credential store that its docker config names. */
  store: optional(text),
  /** Made by the cluster for a ServiceAccount. */
  generated: optional(Type.Boolean()),
  broken: optional(fault),
  /** Its data lacks the key of its type. */
  empty: optional(Type.Boolean()),
})

const serviceAccount = Type.Object({
  name: text,
  imagePullSecrets: optional(texts),
  enforcesMountable: optional(Type.Boolean()),
  /** The keys of its annotations; null if there are too many. */
  annotations: optional(Type.Union([texts, Type.Null()])),
})

const namespace = Type.Object({
  name: text,
  /** Who took it may not read the Namespace. */
  labelsUnknown: optional(Type.Boolean()),
  mode: optional(text),
  inject: optional(text),
  pullSecrets: optional(text),
  /** None of these where they could not be read. */
  secrets: optional(Type.Array(pullSecret)),
  otherSecrets: optional(Type.Array(Type.Object({ type: text, names: texts }))),
  serviceAccounts: optional(Type.Array(serviceAccount)),
})

const snapshot = Type.Object({
  takenAt: text,
  cluster: text,
  namespaces: Type.Array(namespace),
  notRead: optional(Type.Array(Type.Object({ namespace: text, reason: text }))),
})

/**
 * What is known of the pull secrets of a cluster, as a file: no user and no password. A field that is not known is not looked at, so that
 * the snapshot of a later version can be read.
 */
export type Snapshot = Static<typeof snapshot>
export type SnapshotNamespace = Static<typeof namespace>
export type SnapshotSecret = Static<typeof pullSecret>
export type SnapshotRegistry = Static<typeof registry>

/** Checks an object of the kind, and names the deepest place that differs, never what stands there. */
export const checkSnapshot = checker(snapshot)
