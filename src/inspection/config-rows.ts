import { type DockerConfigFault, type DockerConfigFormat, parseDockerConfig } from '../kubelet/docker-config.ts'
import { type Entry, type EntryFault, readEntry } from '../kubelet/entry.ts'
import { decodeBase64 } from '../kubelet/go/base64.ts'
import { foldName, type JsonValue, kindOf, lengthOfString, listMembers, readString } from '../kubelet/go/json.ts'
import { decodeUtf8 } from '../kubelet/go/utf8.ts'
import { stripKey } from '../kubelet/strip-key.ts'

/** One key of a docker config for who reads it himself: what the kubelet makes of it, and besides whom it logs in. Without its password. */
export interface ConfigRow {
  /** Scheme, host, port and path. */
  readonly key: string
  /** What the kubelet reads, or why it fails on it; undefined where Docker only has a credential helper for it. */
  readonly reading: Entry | EntryFault | undefined
  /** Empty where there is none. */
  readonly user: string
  readonly hasPassword: boolean
  /** The user name is the password as well. */
  readonly isPassword: boolean
  /** The credential helper that Docker asks for it. */
  readonly helper?: string
}

/** A docker config, entry by entry, in its order. */
export interface ConfigReading {
  readonly rows: readonly ConfigRow[]
  /** Why the kubelet fails on it, and with it on every entry. */
  readonly fault?: DockerConfigFault
  /** Where Docker keeps what is not in it. */
  readonly store?: string
}

/**
 * Reads a docker config with its user names, which the kubelet's own reading leaves out: it lives as long as a command.
 *
 * @param data a string of bytes
 */
export function readConfigRows(format: DockerConfigFormat, data: string): ConfigReading {
  const config = parseDockerConfig(format, data)
  const rows = new Map<string, ConfigRow>()
  const fault = config.ok ? undefined : config.reason
  const isObject = fault !== 'it is not JSON' && fault !== 'it is not a JSON object'
  const top: JsonValue = { data, start: 0 }
  if (isObject && format === 'dockercfg') addRows(top, rows)
  if (isObject && format === 'dockerconfigjson' && kindOf(top) === 'object') addFields(top, rows)
  const store = config.ok ? config.store : undefined
  return {
    rows: [...rows.values()],
    ...(fault !== undefined && { fault }),
    ...(store !== undefined && { store }),
  }
}

function addFields(top: JsonValue, rows: Map<string, ConfigRow>): void {
  const helpers = new Map<string, string>()
  for (const { name, value } of listMembers(top)) {
    const field = foldName(name)
    if (field === 'auths') addRows(value, rows)
    if (field === 'credhelpers' && kindOf(value) === 'object') addHelpers(value, helpers)
  }
  for (const [name, helper] of helpers) {
    const row = rows.get(name) ?? { key: stripKey(name), reading: undefined, ...NOBODY }
    rows.set(name, { ...row, helper })
  }
}

/** As the kubelet adds them: `auths` that comes twice is merged, and emptied by null. */
function addRows(auths: JsonValue, rows: Map<string, ConfigRow>): void {
  const kind = kindOf(auths)
  if (kind === 'null') rows.clear()
  if (kind !== 'object') return
  for (const { name, value } of listMembers(auths)) {
    rows.set(name, { key: stripKey(name), reading: readEntry(name, value), ...readLogin(value) })
  }
}

function addHelpers(value: JsonValue, helpers: Map<string, string>): void {
  for (const member of listMembers(value)) {
    const helper = kindOf(member.value) === 'string' ? readString(member.value) : ''
    // What looks like the name of a program, so that nothing else comes to light this way.
    if (/^[\w.-]{1,64}$/.test(helper)) helpers.set(member.name, helper)
  }
}

type Login = Pick<ConfigRow, 'user' | 'hasPassword' | 'isPassword'>

const NOBODY: Login = { user: '', hasPassword: false, isPassword: false }

/** Whom an entry logs in; `auth` goes before `username` and `password`. */
function readLogin(entry: JsonValue): Login {
  if (kindOf(entry) !== 'object') return NOBODY
  const fields = new Map<string, JsonValue>()
  for (const { name, value } of listMembers(entry)) {
    if (kindOf(value) === 'string') fields.set(foldName(name), value)
  }
  const hasText = (value: JsonValue | undefined) => value !== undefined && lengthOfString(value) > '""'.length
  const [auth, username] = [fields.get('auth'), fields.get('username')]
  if (auth !== undefined && hasText(auth)) return readAuth(readString(auth))
  const [user, password] = [username, fields.get('password')].map(text => (text === undefined ? '' : readString(text)))
  return loginOf(user, password)
}

function readAuth(auth: string): Login {
  const decoded = decodeBase64(auth) ?? ''
  const colon = decoded.indexOf(':')
  if (colon < 0) return NOBODY
  return loginOf(decodeUtf8(decoded.slice(0, colon)), decodeUtf8(decoded.slice(colon + 1)))
}

/** Nothing of the password stays but what is said of it. */
function loginOf(user = '', password = ''): Login {
  return { user, hasPassword: password !== '', isPassword: user !== '' && user === password.trim() }
}
