import { parseKey } from '../kubelet/key.ts'
import { DOCKER_HUB_HOSTS, keyThatWouldWork } from '../kubelet/near-miss.ts'
import { stripKey } from '../kubelet/strip-key.ts'
import { present } from '../runtime/present.ts'
import { cutVisible } from '../runtime/visible.ts'

/** How a pull secret names Docker Hub, whatever people call it. */
export const DOCKER_HUB_KEY = 'https://index.docker.io/v1/'

/** A registry as a pull secret has to name it, or why it cannot. */
export type RegistryKey =
  | {
      readonly ok: true
      readonly key: string
      /** What was changed, for people, where it is more than a scheme or a slash. */
      readonly change?: string
    }
  | { readonly ok: false; readonly fault: string }

/**
 * | a registry that is written                     | becomes                                |
 * | ---------------------------------------------- | -------------------------------------- |
 * | as any of Docker Hub's names, without a path    | `https://index.docker.io/v1/`, said    |
 * | so that no image matches it, but it is plain which was meant | what was meant, said      |
 * | so that no image matches it                     | an error                               |
 * | with a user, a query or a fragment              | an error that does not repeat it       |
 * | with a scheme or `/v1/`                          | without it                             |
 * | with capitals in its host, as no image has them | in lower case, said                    |
 */
export function writeRegistry(server: string): RegistryKey {
  if (stripKey(server) !== server) return { ok: false, fault: NOT_ALONE }
  const useless = keyThatWouldWork(server)
  const working = useless === undefined ? server : useless.instead
  if (working === undefined) return { ok: false, fault: nothingMatches(server) }
  const { index } = present(parseKey(working))
  const key = shorten(index) ?? working
  const isHub = key === DOCKER_HUB_KEY
  if (server === key || (!isHub && useless === undefined && index === key)) return { ok: true, key }
  const what = isHub ? 'Docker Hub' : `the registry "${cutVisible(server, MAX_SHOWN_LENGTH)}"`
  return { ok: true, key, change: `${what} is written ${key} in a pull secret; using that` }
}

/** Characters of a registry that a message repeats. */
const MAX_SHOWN_LENGTH = 300

const NOT_ALONE =
  'a registry is given as host, port and path alone, e.g. --server ghcr.io: without a user, and without @, ? and #'

function nothingMatches(server: string): string {
  const written = cutVisible(server, MAX_SHOWN_LENGTH)
  return `no image matches a registry that is written "${written}"; write host, port and path as its images have them, e.g. ghcr.io/acme`
}

/** What the kubelet makes of a key, as a key: with the host in lower case, as images have it, if that can match one. */
function shorten(index: string): string | undefined {
  const [written = '', ...path] = index.split('/')
  const lower = written.toLowerCase()
  const isHub = lower === HUB_HOST || DOCKER_HUB_HOSTS.has(lower)
  if (isHub && path.length === 0) return DOCKER_HUB_KEY
  const host = isHub ? HUB_HOST : lower
  // What is left of `/v1/v1/` is `/v1/`, which would be taken off in turn.
  const staysSo = (candidate: string) => parseKey(candidate)?.index === candidate
  return [[host, ...path].join('/'), index].find(key => staysSo(key) && keyThatWouldWork(key) === undefined)
}

/** What the images of Docker Hub are of. */
const HUB_HOST = 'docker.io'

/** A registry and what it is a part of, the nearest first: `ghcr.io/acme`, `ghcr.io`. */
export function scopesOf(registry: string): readonly string[] {
  if (registry === DOCKER_HUB_KEY) return [registry]
  const parts = registry.split('/')
  const scopes = parts.map((_, i) => parts.slice(0, parts.length - i).join('/'))
  return scopes.map(scope => (scope === HUB_HOST ? DOCKER_HUB_KEY : scope))
}
