import Type, { type Static, type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { prune } from './prune.ts'

/** Go leaves out empty fields or writes them as null; both mean empty. */
const optional = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))

/** An object of which any key may be asked for. A Record would have its keys checked one by one. */
const anyObject = Type.Unsafe<Readonly<Record<string, unknown>>>(Type.Object({}))

const texts = optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()])))

const metadata = Type.Object({
  name: optional(Type.String()),
  generateName: optional(Type.String()),
  namespace: optional(Type.String()),
  labels: optional(anyObject),
  annotations: optional(anyObject),
  deletionTimestamp: optional(Type.String()),
  uid: optional(Type.Unknown()),
  ownerReferences: optional(
    Type.Array(
      Type.Object({
        apiVersion: optional(Type.String()),
        kind: optional(Type.String()),
        name: optional(Type.Unknown()),
        controller: optional(Type.Boolean()),
      }),
    ),
  ),
  managedFields: optional(
    Type.Array(Type.Object({ manager: optional(Type.Unknown()), fieldsV1: optional(anyObject) })),
  ),
})

const container = Type.Object({
  name: optional(Type.String()),
  image: optional(Type.String()),
  imagePullPolicy: optional(Type.String()),
})

const podSpec = Type.Object({
  imagePullSecrets: optional(Type.Array(Type.Object({ name: optional(Type.String()) }))),
  serviceAccountName: optional(Type.String()),
  serviceAccount: optional(Type.String()),
  containers: optional(Type.Array(container)),
  initContainers: optional(Type.Array(container)),
  ephemeralContainers: optional(Type.Array(container)),
  volumes: optional(
    Type.Array(
      Type.Object({
        name: optional(Type.String()),
        image: optional(Type.Object({ reference: optional(Type.String()), pullPolicy: optional(Type.String()) })),
      }),
    ),
  ),
})

const pod = Type.Object({ metadata: optional(metadata), spec: optional(podSpec) })

/** A Pod whose metadata has been checked already. */
const podWithSpec = Type.Object({ spec: optional(podSpec) })

const secret = Type.Object({
  metadata: optional(metadata),
  type: optional(Type.String()),
  data: texts,
  stringData: texts,
})

const object = Type.Object({ metadata: optional(metadata) })

/** Characters of a name: no name that the API server takes is longer. Names are logged, so they are checked. */
const MAX_NAME_LENGTH = 253

const name = Type.String({ maxLength: MAX_NAME_LENGTH })

const request = Type.Object({
  uid: Type.String({ minLength: 1, maxLength: MAX_NAME_LENGTH }),
  kind: Type.Object({ group: name, version: name, kind: name }),
  subResource: optional(name),
  name: optional(Type.String()),
  namespace: optional(name),
  operation: name,
  userInfo: optional(Type.Object({ username: optional(Type.String()), groups: optional(Type.Array(Type.String())) })),
  dryRun: optional(Type.Boolean()),
  object: Type.Optional(Type.Unknown()),
  oldObject: Type.Optional(Type.Unknown()),
})

const envelope = Type.Object({
  apiVersion: Type.Literal('admission.k8s.io/v1'),
  kind: Type.Literal('AdmissionReview'),
  request,
})

/** The fields that are read, and no others: an API server may send more than we know. */
export type PodSpecFields = Static<typeof podSpec>
export type SecretFields = Static<typeof secret>
export type MetadataFields = Static<typeof metadata>
export type RequestFields = Static<typeof request>

/**
 * Checks a value against a schema, and names the deepest place that differs, never what stands there.
 *
 * @param at where the value stands itself, e.g. `/spec/template`
 */
export function checker<T extends TSchema>(schema: T) {
  // Compiled when it is first needed: a command checks one or two of these, and each takes milliseconds.
  let compiled: ReturnType<typeof Compile<T>> | undefined
  return (value: unknown, at = ''): { readonly value: Static<T> } | { readonly fault: string } => {
    compiled ??= Compile(schema)
    const validator = compiled
    if (validator.Check(value)) return { value }
    // To look for what differs takes a hundred times as long as to see that something does.
    const [first, ...others] = validator.Errors(prune(value))
    if (first === undefined) return { fault: writeFault(at, 'has a field of another type than its kind has') }
    const deepest = others.reduce((a, b) => (b.instancePath.length > a.instancePath.length ? b : a), first)
    return { fault: writeFault(`${at}${deepest.instancePath}`, deepest.message) }
  }
}

/** What is wrong at the place that a JSON pointer names, for people: `spec.containers[0].image must be a string`. */
export function writeFault(pointer: string, message: string): string {
  const path = pointer
    .split('/')
    .slice(1)
    .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((text, key) => {
      if (/^\d+$/.test(key)) return `${text}[${key}]`
      return /^[\w-]+$/.test(key) ? `${text}${text === '' ? '' : '.'}${key}` : `${text}[${JSON.stringify(key)}]`
    }, '')
  return `${path === '' ? 'the object' : path} ${TYPES[message] ?? message}`
}

/** The validator's words for what people know by others. */
const TYPES: Readonly<Record<string, string>> = {
  'must be array': 'must be a list',
  'must be boolean': 'must be true or false',
  'must be equal to constant': 'has another value',
  'must be object': 'must be a mapping',
  'must be string': 'must be a string',
}

/** The name of every field that is read. */
export const FIELD_NAMES: ReadonlySet<string> = new Set([envelope, pod, secret, object].flatMap(fieldsOf))

/** The names of all fields in a schema, at every depth. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const own = 'properties' in schema ? Object.keys(Object(schema.properties)) : []
  return [...own, ...Object.values(schema).flatMap(fieldsOf)]
}

export const checkEnvelope = checker(envelope)
export const checkPod = checker(pod)
export const checkPodSpec = checker(podWithSpec)
export const checkSecret = checker(secret)
export const checkObject = checker(object)

/** The metadata of an object of any kind; none where it is not what it should be. */
export function metadataOf(value: unknown): MetadataFields {
  const checked = checkObject(value)
  return 'value' in checked ? (checked.value.metadata ?? {}) : {}
}
