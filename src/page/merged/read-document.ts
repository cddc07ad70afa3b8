import Type, { type Static, type TObject, type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { present } from '../../runtime/present.ts'
import { visible } from '../../runtime/visible.ts'
import type { ScanDocument } from '../../scan/formats/scan-document.ts'

const text = Type.String()
const number = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const level = Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('note')])
const workload = { kind: text, name: text, waiting: number }
const listOf = <T extends Record<string, TSchema>>(fields: T): ReturnType<typeof Type.Array<TObject<T>>> =>
  Type.Array(Type.Object(fields))

const secret = {
  ...{ namespace: text, secret: text, registries: Type.Array(text), registryCount: number },
  ...{ expires: orNull(text), named: Type.Array(text), usedBy: orNull(number) },
}

/** What of a scan is merged. Its version grows by fields, so the younger of them may be missing. */
const schema = Type.Object({
  version: number,
  cluster: Type.Optional(orNull(text)),
  generatedAt: Type.Optional(text),
  causes: listOf({
    ...{ level, code: text, namespace: text, message: text, advice: text },
    workloads: listOf(workload),
  }),
  waiting: listOf({ namespace: text, ...workload }),
  secrets: Type.Optional(listOf(secret)),
  notRead: listOf({ namespace: text }),
  summary: Type.Object({ workloads: number, willNotPull: number, mayNotPull: number }),
})

type Fields = Static<typeof schema>
/** What is merged of a scan, with what older ones do not say as unknown. */
export type MergeableScan = Omit<Fields, 'cluster' | 'generatedAt' | 'secrets'> &
  Pick<ScanDocument, 'cluster'> & {
    /** Milliseconds since the epoch; undefined where it does not say. */
    readonly time: number | undefined
    readonly secrets: Static<ReturnType<typeof listOf<typeof secret>>>
  }

let compiled: ReturnType<typeof Compile<typeof schema>> | undefined

/**
 * Reads what `scan -o json` wrote.
 *
 * @param json that may be anything
 * @returns the scan, or what is wrong with it, in words
 */
export function readDocument(json: string): { readonly scan: MergeableScan } | { readonly fault: string } {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return { fault: 'it is not JSON' }
  }
  compiled ??= Compile(schema)
  if (!compiled.Check(value)) {
    const [first] = compiled.Errors(value)
    const { instancePath, message } = present(first)
    const at = instancePath === '' ? 'it' : visible(instancePath)
    return { fault: `it is not what a scan writes (${at} ${message})` }
  }
  if (value.version !== 1) return { fault: `it has version ${value.version}, and this regcred reads version 1` }
  const { cluster = null, generatedAt = '', secrets = [], ...rest } = value
  return { scan: { ...rest, cluster, secrets, time: timeOf(generatedAt) } }
}

/** Milliseconds since the epoch; undefined for what is no time. */
export function timeOf(text: string): number | undefined {
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}
