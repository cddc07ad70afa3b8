import { parseUnstripped } from './key.ts'

/**
 * A key of a docker config as it may be kept and shown: scheme, host, port and path. A user, a password, a query and a fragment
 * are left out. To the kubelet's keyring it is what the key was: the same where it can match an image, and unparsable where
 * it was that.
 *
 * | the key                                      | becomes                          |
 * | -------------------------------------------- | -------------------------------- |
 * | `https://user:password@ghcr.io/acme?token=1` | `https://ghcr.io/acme`           |
 * | `user:pass/word@ghcr.io`, no user to a URL   | `%hidden%@ghcr.io`               |
 * | any other                                    | as it is                         |
 */
export function stripKey(key: string): string {
  if (!/[@?#]/.test(key)) return key
  const stripped = strip(key)

  // The engine remembers the text that a regular expression matched last: let it be this one, and not the key.
  ANYTHING.test('')

  // A part of a string keeps the whole of it in memory. JSON.parse makes its strings anew.
  return JSON.parse(JSON.stringify(stripped))
}

const ANYTHING = /^/

/** In the place of what may be a password: no key with it parses, as no escape is of `hi`. */
const HIDDEN = '%hidden%@'

function strip(key: string): string {
  const [scheme = ''] = /^[a-z][a-z0-9+.-]*:\/\//i.exec(key) ?? []
  const written = key.slice(scheme.length)
  const [location = ''] = written.split(/[?#]/, 1)
  const slash = location.indexOf('/')
  const authority = slash < 0 ? location : location.slice(0, slash)
  const path = location.slice(authority.length)

  // No path of an image has an at sign, so such a key matches nothing; more likely there is a slash in its password.
  if (parseUnstripped(key) !== undefined && !path.includes('@')) {
    return `${scheme}${authority.slice(authority.lastIndexOf('@') + 1)}${path}`
  }
  const [rest = ''] = written.slice(written.lastIndexOf('@') + 1).split(/[?#]/, 1)
  // Where the parser fails, what is left out may be why.
  return parseUnstripped(scheme + rest) === undefined ? scheme + rest : `${scheme}${HIDDEN}${rest}`
}
