import { DOCKER_HUB_INDEX, parseKey } from './key.ts'

/**
 * The registry that a key of a docker config is for, as images name it: host, port and path, e.g. `docker.io` for
 * `https://index.docker.io/v1/`. Never the user, the query or the fragment, which a key may hold as well; undefined for a key
 * that does not parse, or is not fit to be shown.
 */
export function registryOf(key: string): string | undefined {
  const parsed = parseKey(key)
  if (parsed === undefined) return undefined
  if (parsed.index === DOCKER_HUB_INDEX) return 'docker.io'
  const registry = `${parsed.host}${parsed.port === '' ? '' : `:${parsed.port}`}${parsed.path}`
  return /^[\w.*:/-]{1,100}$/.test(registry) ? registry : undefined
}
