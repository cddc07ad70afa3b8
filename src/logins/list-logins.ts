import { basename } from 'node:path'
import { isDockerStash } from '../kubelet/key.ts'
import { stripKey } from '../kubelet/strip-key.ts'
import type { CredentialHelpers } from './credential-helper.ts'
import type { DockerConfigFile } from './docker-config-file.ts'
import { TOKEN_USER } from './find-logins.ts'

/** Credential stores and helpers that are asked for their lists. */
const MAX_LISTED_HELPERS = 20

/** A login of a docker config for people: no password was read for it from a store. */
export interface ListedLogin {
  /** As it is written, without a user. */
  readonly registry: string
  /** Empty where nobody says. A string of bytes where it is from the file. */
  readonly user: string
  readonly keptIn: string
}

/** What was listed, and what could not be. */
export interface Listed {
  readonly logins: readonly ListedLogin[]
  /** Keys that only a store knows, as it writes them. */
  readonly onlyInStores: readonly string[]
  readonly faults: readonly string[]
}

/**
 * Lists the logins of a docker config, in its order, and then those that only its stores know. Stores and helpers are asked for what
 * they have, each once, and for no password.
 */
export async function listLogins({ file, logins }: DockerConfigFile, helpers: CredentialHelpers): Promise<Listed> {
  const faults: string[] = []
  const users = new Map<string, Readonly<Record<string, string>>>()
  const named = new Set([...(logins.store === undefined ? [] : [logins.store]), ...logins.helpers.values()])
  named.delete('')
  if (named.size > MAX_LISTED_HELPERS)
    faults.push(`only ${MAX_LISTED_HELPERS} of ${named.size} credential helpers were asked`)
  for (const helper of [...named].slice(0, MAX_LISTED_HELPERS)) {
    const list = await helpers.list(helper)
    if (list.state === 'value') users.set(helper, list.users)
    else faults.push(list.fault)
  }
  const inStore = (logins.store === undefined ? undefined : users.get(logins.store)) ?? {}
  const keys = new Set([...logins.stored.keys(), ...logins.helpers.keys()])
  const onlyInStores = Object.keys(inStore).filter(key => !keys.has(key))
  const rowOf = (key: string): ListedLogin => {
    const registry = stripKey(key)
    const helper = logins.helpers.get(key) ?? (Object.hasOwn(inStore, key) ? logins.store : undefined)
    if (helper) return { registry, ...ofStore(helper, users.get(helper)?.[key]) }
    const store = helper === undefined ? logins.store : undefined
    return { registry, ...ofFile(basename(file), logins.stored.get(key), store) }
  }
  const rows = [...keys, ...onlyInStores].filter(key => !isDockerStash(key)).map(rowOf)
  return { logins: rows, onlyInStores, faults }
}

function ofStore(helper: string, user = ''): Omit<ListedLogin, 'registry'> {
  return user === TOKEN_USER ? { user: '', keptIn: `${helper}: ${ONLY_TOKEN}` } : { user, keptIn: helper }
}

function ofFile(
  file: string,
  { user, password, token }: { user: string; password: string; token: boolean } = {
    user: '',
    password: '',
    token: false,
  },
  store: string | undefined,
): Omit<ListedLogin, 'registry'> {
  if (user !== '' && password !== '') return { user, keptIn: `${file} (readable by everyone who reads the file)` }
  if (token) return { user: '', keptIn: `${file}: ${ONLY_TOKEN}` }
  return { user, keptIn: store ?? 'nowhere: there is no password' }
}

const ONLY_TOKEN = 'only an identity token, which Kubernetes does not use'
