import { isGlob } from '../kubelet/go/glob.ts'
import { decodeUtf8 } from '../kubelet/go/utf8.ts'
import { explainInvalidImage, parseImageName } from '../kubelet/image-name.ts'
import { DOCKER_HUB_INDEX, parseKey } from '../kubelet/key.ts'
import { present } from '../runtime/present.ts'

/**
 * What images a key that can match one is for, in words.
 *
 * | the key                                     | it is for                                          |
 * | ------------------------------------------- | -------------------------------------------------- |
 * | `https://index.docker.io/v1/`, `docker.io`  | every image on Docker Hub                          |
 * | `ghcr.io`                                   | `ghcr.io/…`                                        |
 * | `ghcr.io/acme`                              | `ghcr.io/acme…`: whatever begins so                |
 * | `*.example.com`                             | `*.example.com/…`, and what the star stands for    |
 */
export function describeImages(key: string): string {
  const { index, host, port, path } = present(parseKey(key))
  const registry = decodeUtf8(port === '' ? host : `${host}:${port}`)
  if (index === DOCKER_HUB_INDEX || (registry === 'docker.io' && path === '')) return 'every image on Docker Hub'
  const images = `${registry}${path === '' ? '/' : decodeUtf8(path)}…`
  return isGlob(host) ? `${images} (a * is one part of the host)` : images
}

/** Why the kubelet cannot parse the name of an image; undefined if it can. */
export function explainImage(image: string): string | undefined {
  return parseImageName(image) === undefined ? explainInvalidImage(image).reason : undefined
}

/** What tokens of well-known services begin with, and those in JSON: some log in with a token in the place of the user name. */
const TOKEN = /^(?:eyJ|gh[pousr]_|github_pat_|gl(?:pat|dt|rt|cbt|ft|soat)-|dckr_[a-z]+_|npm_|ya29\.)/
/** Characters of a user name; the longest that registries have are Google's service accounts. */
const MAX_USER_LENGTH = 100

/** A user name as it may be shown: what may be a token is not, nor what is the password as well. */
export function describeUser(user: string, isPassword: boolean): string {
  return isPassword || TOKEN.test(user) || user.length > MAX_USER_LENGTH ? '(hidden)' : user
}
