import { type DockerConfigFault, type DockerConfigFormat, parseDockerConfig } from '../kubelet/docker-config.ts'
import { decodeBase64 } from '../kubelet/go/base64.ts'
import { foldName, type JsonValue, kindOf, listMembers, readString } from '../kubelet/go/json.ts'
import { encodeUtf8 } from '../kubelet/go/utf8.ts'
import { present } from '../runtime/present.ts'

/** What a docker config says of logins. It holds passwords, and is as short-lived as a {@link Login}. */
export interface DockerLogins {
  /** What stands in the file itself, by the key as it is written. */
  readonly stored: ReadonlyMap<string, StoredLogin>
  /** The credential store for all registries without a helper, e.g. `desktop`. */
  readonly store?: string
  /** Credential helpers by the key as it is written, e.g. `ecr-login`; an empty one stands for the file itself. */
  readonly helpers: ReadonlyMap<string, string>
}

/** An entry of `auths`; strings of bytes, empty where there is none. */
interface StoredLogin {
  readonly user: string
  readonly password: string
  /** It has an identity token or a registry token, of which the kubelet reads neither. */
  readonly token: boolean
}

/**
 * Reads the logins of a docker config, of the user's machine or of a Secret, by the rules of Go's decoder. The kubelet's parser
 * says first whether it is one, so that everything here has the shape that it should have.
 *
 * @param data a string of bytes
 * @returns a fixed short phrase if it is not one; never a byte of the content
 */
export function parseDockerLogins(format: DockerConfigFormat, data: string): DockerLogins | DockerConfigFault {
  const config = parseDockerConfig(format, data)
  if (!config.ok) return config.reason
  const top: JsonValue = { data, start: 0 }
  const logins = { stored: new Map<string, StoredLogin>(), helpers: new Map<string, string>(), store: '' }
  if (format === 'dockercfg') readStored(top, logins.stored)
  else if (kindOf(top) === 'object') readFields(top, logins)
  const { stored, helpers, store } = logins
  return { stored, helpers, ...(store !== '' && { store }) }
}

function readFields(
  top: JsonValue,
  logins: { readonly stored: Map<string, StoredLogin>; readonly helpers: Map<string, string>; store: string },
): void {
  for (const { name, value } of listMembers(top)) {
    const field = foldName(name)
    if (field === 'auths') readStored(value, logins.stored)
    if (field === 'credsstore' && kindOf(value) === 'string') logins.store = readString(value)
    if (field !== 'credhelpers' || kindOf(value) !== 'object') continue
    for (const helper of listMembers(value)) {
      if (kindOf(helper.value) === 'string') logins.helpers.set(helper.name, readString(helper.value))
    }
  }
}

function readStored(auths: JsonValue, stored: Map<string, StoredLogin>): void {
  if (kindOf(auths) === 'null') stored.clear()
  else for (const { name, value } of listMembers(auths)) stored.set(name, readEntry(value))
}

function readEntry(value: JsonValue): StoredLogin {
  const fields = new Map<string, string>()
  const members = kindOf(value) === 'null' ? [] : listMembers(value)
  for (const { name, value } of members) {
    if (kindOf(value) === 'string') fields.set(foldName(name), readString(value))
  }
  const textOf = (field: string) => fields.get(field) ?? ''
  const token = textOf('identitytoken') !== '' || textOf('registrytoken') !== ''
  const auth = textOf('auth')
  if (auth === '') return { user: encodeUtf8(textOf('username')), password: encodeUtf8(textOf('password')), token }
  const decoded = present(decodeBase64(auth))
  const colon = decoded.indexOf(':')
  return { user: decoded.slice(0, colon), password: decoded.slice(colon + 1), token }
}
