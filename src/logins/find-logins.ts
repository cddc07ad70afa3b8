import { isDockerStash } from '../kubelet/key.ts'
import { stripKey } from '../kubelet/strip-key.ts'
import { type CredentialHelpers, nameOf } from './credential-helper.ts'
import type { DockerConfigFile } from './docker-config-file.ts'
import type { Login } from './login.ts'
import { DOCKER_HUB_KEY, scopesOf, writeRegistry } from './registry-key.ts'

/** A login that was found and where, or why there is none. */
export type FoundLogin =
  | { readonly ok: true; readonly login: Login; readonly from: string }
  | { readonly ok: false; readonly fault: string }

/** The user name that stands for an identity token, by the protocol of credential helpers. */
export const TOKEN_USER = '<token>'

/** The logins of one docker config, by what the kubelet makes of its keys. */
export class LoginFinder {
  readonly #config: DockerConfigFile
  readonly #helpers: CredentialHelpers
  /** The keys as they are written, by registry. */
  readonly #written = new Map<string, string[]>()

  /** @param more keys that only a store knows */
  constructor(config: DockerConfigFile, helpers: CredentialHelpers, more: readonly string[] = []) {
    this.#config = config
    this.#helpers = helpers
    const { stored, helpers: named } = config.logins
    for (const key of new Set([...stored.keys(), ...named.keys(), ...more])) {
      const registry = isDockerStash(key) ? undefined : registryOf(key)
      if (registry === undefined) continue
      const same = this.#written.get(registry)
      if (same === undefined) this.#written.set(registry, [key])
      else same.push(key)
    }
  }

  /** Every registry with a key that can match an image. */
  get registries(): readonly string[] {
    return [...this.#written.keys()]
  }

  /**
   * The login for a registry, or for what it is a part of: `ghcr.io/acme` is logged in by `ghcr.io`. As Docker's client does it, a
   * helper or the store is asked first; but what is in the file still counts if that has nothing or fails.
   */
  async find(registry: string): Promise<FoundLogin> {
    let fault: string | undefined
    for (const scope of scopesOf(registry)) {
      for (const found of [await this.#ask(registry, scope), this.#look(registry, scope)]) {
        if (found?.ok) return found
        fault ??= found?.fault
      }
    }
    return { ok: false, fault: fault ?? this.#nothingFor(registry) }
  }

  /** What the helper of a registry, or else the store, has under one of its names. */
  async #ask(registry: string, scope: string): Promise<FoundLogin | undefined> {
    const { store, helpers } = this.#config.logins
    const written = this.#written.get(scope) ?? []
    const own = written.find(key => helpers.has(key))
    const helper = own === undefined ? store : helpers.get(own)
    if (helper === undefined || helper === '') return undefined
    const names = own === undefined ? new Set([...written, scope]) : [own]
    for (const name of names) {
      const answer = await this.#helpers.get(helper, name)
      if (answer.state === 'fault') return { ok: false, fault: `${showRegistry(registry)}: ${answer.fault}` }
      if (answer.state === 'absent') continue
      const from = nameOf(helper)
      if (answer.user === TOKEN_USER) return { ok: false, fault: onlyToken(registry, from) }
      return accept({ registry, user: answer.user, password: answer.password }, from)
    }
    return undefined
  }

  /** What stands in the file. */
  #look(registry: string, scope: string): FoundLogin | undefined {
    const { file, logins } = this.#config
    let fault: string | undefined
    for (const key of this.#written.get(scope) ?? []) {
      const { user = '', password = '', token = false } = logins.stored.get(key) ?? {}
      if (user !== '' && password !== '') return accept({ registry, user, password }, file)
      if (token) fault ??= onlyToken(registry, file)
    }
    return fault === undefined ? undefined : { ok: false, fault }
  }

  #nothingFor(registry: string): string {
    const host = registry === DOCKER_HUB_KEY ? '' : ` ${registry.split('/', 1)[0]}`
    const list = 'regcred secret --list shows what there is'
    return `${this.#config.file} has no login for ${showRegistry(registry)}: docker login${host} first; ${list}`
  }
}

function registryOf(key: string): string | undefined {
  const written = writeRegistry(stripKey(key))
  return written.ok ? written.key : undefined
}

/** What could not be written as `user:password` is refused, and controls are nobody's user name. */
function accept(login: Login, from: string): FoundLogin {
  const fault = faultOfUser(login.user)
  return fault === undefined
    ? { ok: true, login, from }
    : { ok: false, fault: `${showRegistry(login.registry)}: ${fault}, in ${from}` }
}

/** What is wrong with a user name. */
export function faultOfUser(user: string): string | undefined {
  if (user === '') return 'its user name is empty'
  if (user.includes(':')) return 'its user name has a colon, which ends a user name'
  return [...user].some(isControl) ? 'its user name has a control character' : undefined
}

function isControl(character: string): boolean {
  return character < ' ' || character === '\x7f'
}

function onlyToken(registry: string, from: string): string {
  const advice = 'make a service principal, or an access token that may pull, and give it: --username USER'
  return `${showRegistry(registry)}: ${from} has only an identity token, which Kubernetes does not use; ${advice}`
}

/** A registry as people know it. */
export function showRegistry(registry: string): string {
  return registry === DOCKER_HUB_KEY ? 'Docker Hub' : registry
}
