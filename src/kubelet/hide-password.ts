import { parseKey } from './key.ts'

/**
 * A key of a docker config with the password in it replaced, as in `https://user:***@registry.example.com`; every other
 * key as it is. For the kubelet's keyring nothing changes: it parses the result exactly if it parses the key.
 */
export function hidePassword(key: string): string {
  const start = /^[a-z][a-z0-9+.-]*:\/\//i.exec(key)?.[0].length ?? 0
  const colon = key.indexOf(':', start)
  const at = key.lastIndexOf('@')
  if (colon < 0 || at < colon) return key

  // Where Go's parser fails, the password may be why; what replaces it has to make it fail as well, as %hi does.
  const parses = parseKey(key) !== undefined
  const mayNotHold = parses ? key.slice(start, at) : key.slice(start, colon)
  if (/[/?#]/.test(mayNotHold)) return key
  const hidden = `${key.slice(0, colon + 1)}${parses ? '***' : '%hidden%'}${key.slice(at)}`

  // The engine remembers the text that a regular expression matched last: let it be this one, and not the key.
  ANYTHING.test('')

  // A part of a string keeps the whole of it in memory. JSON.parse makes its strings anew.
  return JSON.parse(JSON.stringify(hidden))
}

const ANYTHING = /^/
