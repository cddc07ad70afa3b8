import { recreateSecret, type SecretPlace, takeDockerConfig } from '../advice/on-secrets.ts'
import { isPullSecretType } from '../kubelet/secret.ts'
import { isUnreadable } from '../manifests/placeholder.ts'
import type { FindingCode } from '../policy/finding.ts'
import { adviseOnFault, faultOf, tellFault } from '../policy/findings/reference.ts'
import { isFromCluster, keeperOf } from '../review/home.ts'
import type { SecretFields } from '../review/schema.ts'
import { readIgnored, readSecretObject } from '../review/secret.ts'
import { present } from '../runtime/present.ts'
import { type ConfigReading, readConfigRows } from './config-rows.ts'
import type { EntryPlace } from './entry-verdict.ts'
import { findConfig } from './find-config.ts'
import { inspectRows } from './inspect-rows.ts'
import { type Inspected, type InspectOptions, isEntryFine } from './inspected.ts'

/** Inspects a Secret, of the cluster or of a file. */
export function inspectSecret(secret: SecretFields, options: InspectOptions): Inspected {
  const metadata = secret.metadata ?? {}
  const name = metadata.name || NO_NAME
  const namespace = metadata.namespace || options.namespace
  const isFile = !isFromCluster(metadata)
  const place: SecretPlace = { namespace, isFile, ...keeperOf(metadata) }
  const reading = present(readSecretObject({ ...secret, metadata: { ...metadata, name } }))
  const created = Date.parse(String(Reflect.get(metadata, 'creationTimestamp')))
  const about = {
    ...({ kind: 'Secret', name, namespace, type: secret.type ?? 'Opaque' } as const),
    ...(Number.isNaN(created) ? {} : { created }),
  }
  if (reading.kind === 'unread' || (isFile && isUnreadable(secret))) return { ...about, entries: [], isUnread: true }
  const found = findConfig(secret)
  const config = found === undefined ? { rows: [] } : readConfigRows(found.format, found.content)
  const fault = faultOf(reading)
  const entries = inspectRows(config, reading, aroundOf(secret, name, place, config, fault, options), options.image)
  const isOther = reading.kind === 'wrongType' && found === undefined && !isPullSecretType(about.type)
  const problem = fault && tellFault(name, fault, 'a Pod that names it', place).problem
  const isAnyWrong = fault !== undefined || !entries.every(isEntryFine)
  const code = fault?.code ?? 'SecretWrongType'
  return {
    ...about,
    ...(reading.kind === 'wrongType' && found !== undefined && { foundUnder: found.key }),
    // Its entries are all to be written anew.
    entries: code === 'SecretWithoutCredentials' ? entries.map(({ advice: _, ...rest }) => rest) : entries,
    ...(problem !== undefined && { problem: isOther ? `${problem}, and it holds no docker config` : problem }),
    // What it holds is of use to somebody else.
    ...(isAnyWrong && !isOther && { advice: stepsFor(name, code, place, found) }),
    isUnread: false,
  }
}

function aroundOf(
  secret: SecretFields,
  name: string,
  place: SecretPlace,
  { store }: ConfigReading,
  fault: object | undefined,
  { now }: InspectOptions,
): EntryPlace {
  return {
    ...{ secret: name, place, ignored: readIgnored(secret), now },
    ...(store !== undefined && { store }),
    ...(fault !== undefined && { broken: 'Kubernetes does not use this Secret' }),
  }
}

/** What a Secret is called that has no name, as one in a file may. */
const NO_NAME = '(no name)'

/** How it is made again: of what it holds, corrected, or of a login. What an old dockercfg holds makes no Secret of today's type. */
function stepsFor(
  secret: string,
  code: FindingCode,
  place: SecretPlace,
  found: ReturnType<typeof findConfig>,
): readonly string[] {
  if (found?.format === 'dockercfg') return [recreateSecret(secret, place, 'LOGIN').text]
  const recreate = adviseOnFault(secret, code, place)
  const isOfFile = found !== undefined && recreate.kind === 'recreateSecret'
  const take = isOfFile ? takeDockerConfig(secret, place, found.key) : undefined
  return take === undefined
    ? [recreate.text]
    : [take.text, `correct it there where it has to be, then ${recreate.text}`]
}
