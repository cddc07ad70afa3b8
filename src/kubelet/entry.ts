import { MAX_TOKEN_LENGTH, readExpiry } from './expiry.ts'
import { decodeBase64 } from './go/base64.ts'
import { foldName, type JsonValue, kindOf, lengthOfString, listMembers, readString } from './go/json.ts'
import { stripKey } from './strip-key.ts'

/**
 * One key of the docker config in a pull secret, without its password.
 *
 * @see k8s.io/kubernetes/pkg/credentialprovider, DockerConfigEntry
 */
export interface Entry {
  /** As written in the Secret, e.g. `https://index.docker.io/v1/`, and no more than its scheme, host, port and path. */
  readonly key: string
  /**
   * It has a user name and a password. Without a user name container runtimes pull anonymously; without a password they
   * send an empty one, which no registry accepts.
   */
  readonly usable: boolean
  /** It has a user name and no password; what is not usable otherwise has no user name. */
  readonly onlyUser?: true
  /** It is not usable and has an identity token or a registry token, of which the kubelet reads neither. */
  readonly token?: true
  /** What its password ends in, where that was hardly meant; the kubelet cuts nothing off. */
  readonly trailing?: 'lineBreak' | 'blank'
  /** Milliseconds since the epoch; absent where the password does not say when it expires. */
  readonly expires?: number
}

/** Why the kubelet fails on an entry, and with it on the whole docker config. */
export type EntryFault =
  | 'an entry is not an object'
  | 'a field of an entry is not a string'
  | 'auth is not base64'
  | 'auth is not user:password'

/**
 * Reads one entry. Nothing of its password stays but what is said of it.
 *
 * @see k8s.io/kubernetes/pkg/credentialprovider, dockerConfigEntryWithAuth
 */
export function readEntry(name: string, value: JsonValue): Entry | EntryFault {
  const key = stripKey(name)
  if (kindOf(value) === 'null') return { key, usable: false }
  if (kindOf(value) !== 'object') return 'an entry is not an object'
  const fields: Partial<Record<Field, JsonValue>> = {}
  let token = false
  for (const member of listMembers(value)) {
    const field = foldName(member.name)
    const kind = kindOf(member.value)
    if (isTokenField(field)) token ||= kind === 'string' && !isEmpty(member.value)
    if (!isField(field)) continue
    if (kind === 'string') fields[field] = member.value
    else if (kind !== 'null') return 'a field of an entry is not a string'
  }
  const login = readLogin(fields)
  return typeof login === 'string' ? login : makeEntry(key, login, token)
}

type Field = 'username' | 'password' | 'email' | 'auth'

function isField(name: string): name is Field {
  return name === 'username' || name === 'password' || name === 'email' || name === 'auth'
}

/** Fields that Docker's client reads and the kubelet does not. */
function isTokenField(name: string): boolean {
  return name === 'identitytoken' || name === 'registrytoken'
}

/** Whom an entry logs in, for as long as facts are taken of it. */
interface Login {
  readonly hasUser: boolean
  readonly hasPassword: boolean
  /** As far as something may be found out from it. */
  readonly password: string
  isJsonKey(): boolean
}

/** What is not asked about is not decoded: it may be a megabyte. */
function readLogin({ username, password, auth }: Partial<Record<Field, JsonValue>>): Login | EntryFault {
  if (auth === undefined || isEmpty(auth)) {
    return {
      hasUser: username !== undefined && !isEmpty(username),
      hasPassword: password !== undefined && !isEmpty(password),
      password: readShort(password),
      isJsonKey: () => readShort(username).startsWith(JSON_KEY_USER),
    }
  }
  const decoded = decodeBase64(readString(auth))
  if (decoded === undefined) return 'auth is not base64'
  const colon = decoded.indexOf(':')
  if (colon < 0) return 'auth is not user:password'
  const found = decoded.slice(colon + 1)
  const isJsonKey = () => decoded.startsWith(JSON_KEY_USER)
  return { hasUser: colon > 0, hasPassword: found !== '', password: found, isJsonKey }
}

/** Google's user names `_json_key` and `_json_key_base64`: their passwords are files, and those end in line breaks. */
const JSON_KEY_USER = '_json_key'

function isEmpty(text: JsonValue): boolean {
  return lengthOfString(text) === '""'.length
}

/** Empty where it is longer than anything about which there is something to find out. */
function readShort(text: JsonValue | undefined): string {
  return text === undefined || lengthOfString(text) > MAX_TOKEN_LENGTH ? '' : readString(text)
}

function makeEntry(key: string, login: Login, token: boolean): Entry {
  if (!login.hasUser || !login.hasPassword) {
    return { key, usable: false, ...(login.hasUser && { onlyUser: true }), ...(token && { token: true }) }
  }
  const expires = readExpiry(login.password)
  const trailing = TRAILING.get(login.password.at(-1) ?? '')
  return {
    key,
    usable: true,
    ...(trailing !== undefined && !login.isJsonKey() && { trailing }),
    ...(expires !== undefined && { expires }),
  }
}

/** No regular expression looks at a password: the engine remembers the last text that matched one. */
const TRAILING: ReadonlyMap<string, NonNullable<Entry['trailing']>> = new Map([
  ['\n', 'lineBreak'],
  ['\r', 'lineBreak'],
  [' ', 'blank'],
  ['\t', 'blank'],
])
