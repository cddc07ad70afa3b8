import { readStore } from './credential-store.ts'
import { type DockerConfigLimits, Entries, maxTokensOf, TOO_LARGE, UNLIMITED } from './docker-config-limits.ts'
import { type Entry, type EntryFault, readEntry } from './entry.ts'
import { foldName, isJson, type JsonValue, kindOf, listMembers, surveyJson } from './go/json.ts'

/** `dockerconfigjson` is an object with `auths`, `dockercfg` what stands in `auths` alone. */
export type DockerConfigFormat = 'dockerconfigjson' | 'dockercfg'

/** What the kubelet reads from a docker config, or the first error for which it gives up. */
export type DockerConfig =
  | {
      readonly ok: true
      /** Each key once, in the order in which they first appear. */
      readonly entries: readonly Entry[]
      /** The credential store, else the first credential helper, that the config names and the kubelet ignores. */
      readonly store?: string
    }
  | { readonly ok: false; readonly reason: DockerConfigFault }

/** Why the kubelet fails on a docker config. */
export type DockerConfigFault =
  | 'it is not JSON'
  | 'it is not a JSON object'
  | 'auths is not an object'
  | 'HttpHeaders is not an object of strings'
  | EntryFault

/**
 * Parses a docker config as the kubelet does, and keeps no password. Takes time linear in its size, and what is larger than
 * the limits is not read.
 *
 * Go's decoder goes on after a value of the wrong type and reports the first such at the end; an error inside an entry
 * ends it at once. So the second kind is the one reported if there are both.
 *
 * @param data a string of bytes
 * @see k8s.io/kubernetes/pkg/credentialprovider, DockerConfigJSON
 */
export function parseDockerConfig(format: DockerConfigFormat, data: string): DockerConfig
export function parseDockerConfig(
  format: DockerConfigFormat,
  data: string,
  limits: DockerConfigLimits,
): DockerConfig | typeof TOO_LARGE
export function parseDockerConfig(
  format: DockerConfigFormat,
  data: string,
  limits: DockerConfigLimits = UNLIMITED,
): DockerConfig | typeof TOO_LARGE {
  const maxTokens = maxTokensOf(limits)
  const survey = surveyJson(data, maxTokens)
  if (survey.tokens > maxTokens) return TOO_LARGE
  if (!isJson(data, survey)) return { ok: false, reason: 'it is not JSON' }
  const top: JsonValue = { data, start: 0 }
  const entries = new Entries<Entry>(limits)
  const config = format === 'dockercfg' ? parseDockercfg(top, entries) : parseDockerConfigJson(top, entries)
  return entries.isFull ? TOO_LARGE : config
}

function parseDockercfg(top: JsonValue, entries: Entries<Entry>): DockerConfig {
  const reason = readEntries(top, entries, 'it is not a JSON object')
  return reason === undefined ? { ok: true, entries: entries.all } : { ok: false, reason }
}

function parseDockerConfigJson(top: JsonValue, entries: Entries<Entry>): DockerConfig {
  if (kindOf(top) === 'null') return { ok: true, entries: [] }
  if (kindOf(top) !== 'object') return { ok: false, reason: 'it is not a JSON object' }
  let saved: DockerConfigFault | undefined
  for (const { name, value } of listMembers(top)) {
    const field = foldName(name)
    if (field === 'httpheaders' && !isObjectOfStrings(value)) saved ??= 'HttpHeaders is not an object of strings'
    if (field !== 'auths') continue
    const reason = readEntries(value, entries, 'auths is not an object')
    if (reason === 'auths is not an object') saved ??= reason
    else if (reason !== undefined) return { ok: false, reason }
    if (entries.isFull) break
  }
  if (saved !== undefined) return { ok: false, reason: saved }
  const store = entries.isFull ? undefined : readStore(top)
  return { ok: true, entries: entries.all, ...(store !== undefined && { store }) }
}

/** Adds to what is there: `auths` that comes twice is merged, and emptied by null. */
function readEntries(
  auths: JsonValue,
  entries: Entries<Entry>,
  otherwise: DockerConfigFault,
): DockerConfigFault | undefined {
  const kind = kindOf(auths)
  if (kind === 'null') entries.clear()
  if (kind !== 'object') return kind === 'null' ? undefined : otherwise
  for (const { name, value } of listMembers(auths)) {
    if (!entries.count(name)) return undefined
    const entry = readEntry(name, value)
    if (typeof entry === 'string') return entry
    entries.set(name, entry)
  }
  return undefined
}

function isObjectOfStrings(value: JsonValue): boolean {
  if (kindOf(value) !== 'object') return kindOf(value) === 'null'
  for (const member of listMembers(value)) {
    const kind = kindOf(member.value)
    if (kind !== 'string' && kind !== 'null') return false
  }
  return true
}
