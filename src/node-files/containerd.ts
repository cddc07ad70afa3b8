import { basename, dirname, resolve } from 'node:path'
import { get, getItems, getString } from '../kube/untyped.ts'
import { hasAny, hostOf, type Mirror, membersOf, type Statement, textsAt } from './statement.ts'

/** What of `auth` is credentials. */
const AUTH = ['username', 'auth', 'identitytoken', 'identity_token']

/**
 * What containerd's `config.toml` says, of any version: the table of the plugin has had three names, and what is under `registry`
 * in it has stayed. Undefined for another file.
 */
export function readContainerdConfig(file: string, value: unknown): readonly Statement[] | undefined {
  const registries = membersOf(get(value, 'plugins')).map(([, plugin]) => get(plugin, 'registry'))
  const known = ['version', 'plugins', 'imports', 'root', 'state'].some(key => get(value, key) !== undefined)
  if (!known) return undefined
  const statements = registries.flatMap(registry => readRegistry(file, registry))
  const message = 'it imports other files, which are not looked at; give those that speak of registries as well'
  return textsAt(value, 'imports').length > 0 ? [...statements, { says: 'remark', file, message }] : statements
}

/** What containerd's `registry` has, and k3s' registries.yaml nearly as well: `mirrors`, `configs` and the older `auths`. */
export function readRegistry(
  file: string,
  registry: unknown,
  lineOf: (path: readonly string[]) => number | undefined = () => undefined,
): readonly Statement[] {
  const mirrors = membersOf(get(registry, 'mirrors')).flatMap(([name, mirror]): Statement[] => {
    const hosts = [...textsAt(mirror, 'endpoint'), ...textsAt(mirror, 'endpoints')]
    return mirrorsOf(file, name === '*' ? undefined : name, hosts.map(toMirror), lineOf(['mirrors', name]))
  })
  const configs = membersOf(get(registry, 'configs')).flatMap(([host, config]): Statement[] =>
    hasAny(get(config, 'auth'), AUTH)
      ? [{ says: 'login', by: 'containerd', file, line: lineOf(['configs', host]), registry: host.toLowerCase() }]
      : [],
  )
  const auths = membersOf(get(registry, 'auths')).flatMap(([url, auth]): Statement[] =>
    hasAny(auth, AUTH) ? [{ says: 'login', by: 'containerd', file, registry: hostOf(url) }] : [],
  )
  return [...mirrors, ...configs, ...auths]
}

/** What a `hosts.toml` says. The registry that it is for is the name of its folder. */
export function readHosts(file: string, value: unknown): readonly Statement[] {
  const registry = registryOfFolder(basename(dirname(resolve(file))))
  const hosts = membersOf(get(value, 'host')).flatMap(([url, host]): Mirror[] =>
    pulls(host) ? [{ registry: hostOf(url), header: hasAuthorization(host) }] : [],
  )
  // The registry itself comes last, and may be sent a header as well.
  const server = hasAuthorization(value)
    ? [{ registry: hostOf(getString(value, 'server') ?? registry ?? ''), header: true }]
    : []
  return mirrorsOf(file, registry, [...hosts, ...server])
}

/** `_default` is for every registry, and a port may stand between underscores: `registry.example.com_5000_`. */
function registryOfFolder(name: string): string | undefined {
  return name === '_default' ? undefined : name.replace(/_(\d+)_$/, ':$1')
}

function mirrorsOf(file: string, registry: string | undefined, mirrors: readonly Mirror[], line?: number): Statement[] {
  return mirrors.length === 0
    ? []
    : [{ says: 'mirrors', by: 'containerd', file, line, registry, mirrors, images: 'all' }]
}

function toMirror(endpoint: string): Mirror {
  return { registry: hostOf(endpoint), header: false }
}

/** A mirror that has capabilities is asked for those alone. */
function pulls(host: unknown): boolean {
  return get(host, 'capabilities') === undefined || getItems(host, 'capabilities').includes('pull')
}

function hasAuthorization(host: unknown): boolean {
  return membersOf(get(host, 'header')).some(([name]) => name.toLowerCase() === 'authorization')
}
