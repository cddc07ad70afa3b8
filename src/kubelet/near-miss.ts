import { type StepCounter, UNCOUNTED } from '../runtime/budget.ts'
import { nearestName } from '../runtime/nearest-name.ts'
import type { Entry } from './entry.ts'
import { type ImageName, parseImageName } from './image-name.ts'
import { DOCKER_HUB_INDEX, isDockerStash, type Key, parseKey } from './key.ts'
import { type EntryHolder, isDockerHub, KubeletKeyring } from './keyring.ts'

/** An entry that looks as if it covered an image and does not, and a key that would. */
export interface NearMiss<S> {
  readonly secret: S
  readonly entry: Entry
  readonly instead: string
  /** Whether it was meant for this very image, and not just for its host: the two nearest of {@link nearMiss}. */
  readonly isMeant: boolean
}

/**
 * Among entries that do not cover an image, the one that was most likely meant to. What is not usable would not help.
 *
 * | nearness | the entry                                    | instead                            |
 * | -------- | -------------------------------------------- | ---------------------------------- |
 * | 4        | would cover it if it were spelt right        | the key spelt right                |
 * | 3        | has its host and port, and a path whose first segment is the same but for a letter | scoped, below |
 * | 2        | has its host and port and another path       | scoped, below                      |
 * | 1        | has its host and another port                | scoped, below                      |
 * | 1        | is `*.example.com` for a host further below  | scoped, below                      |
 *
 * A key with a path is never answered with a whole host, which may be more than its credentials are for: with as much of the
 * image's path as the two share, or else with its first segment.
 */
export function nearMiss<S extends EntryHolder>(
  secrets: readonly S[],
  image: ImageName,
  steps: StepCounter = UNCOUNTED,
): NearMiss<S> | undefined {
  if (!steps.spend(secrets.reduce((sum, { entries }) => sum + 2 * entries.length, 0))) return undefined
  const host = image.registry.replace(/:[0-9]*$/, '').toLowerCase()
  const looksNear = (key: string) =>
    key.includes(host) || key.includes('*') || (isDockerHub(image) && key.includes('docker'))
  const candidates = secrets
    .flatMap(secret => secret.entries.map(entry => ({ secret, entry })))
    .filter(
      ({ entry: { key, usable } }) =>
        usable && key.length <= MAX_MEANT_LENGTH && looksNear(key.toLowerCase()) && !isDockerStash(key),
    )
    .slice(0, MAX_CANDIDATES)
  let nearest: NearMiss<S> | undefined
  let nearness = 0
  for (const { secret, entry } of candidates) {
    if (!steps.spend(COMPARE_STEPS + image.path.length ** 2 / 60)) break
    const found = compare(entry.key, image)
    if (found.nearness <= nearness || found.instead === entry.key) continue
    nearness = found.nearness
    nearest = { secret, entry, instead: found.instead, isMeant: nearness >= 3 }
  }
  return nearest
}

/** Steps of comparing a key with an image, for which both are parsed; to compare their paths letter by letter comes on top. */
const COMPARE_STEPS = 100
/** Entries that are compared with one image: a message is no reason to look at thousands. */
const MAX_CANDIDATES = 1000

/**
 * What is wrong with a key that no image can ever match: undefined if nothing is, else the key that was probably meant,
 * where there is one.
 */
export function keyThatWouldWork(key: string): { readonly instead?: string } | undefined {
  if (canMatch(key)) return undefined
  if (key.length > MAX_MEANT_LENGTH) return {}
  const instead = repair(key)
  return canMatch(instead) ? { instead } : {}
}

/** Characters of a key that was meant for a registry; what is longer is nobody's slip. */
const MAX_MEANT_LENGTH = 1024

const DOCKER_HUB_KEY = 'https://index.docker.io/v1/'

/** Hosts that people write for Docker Hub. Its images are of `docker.io`, and its key is another one still. */
export const DOCKER_HUB_HOSTS: ReadonlySet<string> = new Set([
  DOCKER_HUB_INDEX,
  'registry-1.docker.io',
  'registry.hub.docker.com',
  'auth.docker.io',
  'hub.docker.com',
  'www.docker.com',
  'docker.com',
])

/** Those of them that are websites: an image can be written so, but never pulled. */
const WEBSITES: ReadonlySet<string> = new Set(['hub.docker.com', 'www.docker.com', 'docker.com'])

/**
 * Undoes what people add to a registry's name: a scheme, a user, capitals, spaces, doubled slashes, globs or tags. A path of which
 * nothing would be left stays as it is, unless it stands for all there is: a whole host may be more than the credentials are for.
 */
function repair(key: string): string {
  const bare = key.trim().replace(/^(?:[a-z][a-z0-9+.-]*:|https?)?\/\//i, '')
  const [authority = '', ...segments] = bare
    .toLowerCase()
    .replace(/[?#].*$/s, '')
    .split('/')
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  const name = host.replace(/:443$/, '')
  const isHub = DOCKER_HUB_HOSTS.has(name)
  const whole = segments.filter(segment => segment !== '').join('/')
  const path = isHub ? whole.replace(/^v[12](?:\/|$)/, '') : whole
  const [beginning = ''] = path.split(/[*:@\s]/, 1)
  const literal = beginning === '' && /[^*/]/.test(path) ? path : beginning
  if (isHub) return WEBSITES.has(name) || literal === '' ? DOCKER_HUB_KEY : `docker.io/${literal}`
  return [host.replace(/\.$/, ''), ...(literal === '' ? [] : [literal])].join('/')
}

function compare(key: string, image: ImageName): { nearness: number; instead: string } {
  const repaired = repair(key)
  if (covers(repaired, image)) return { nearness: 4, instead: repaired }
  const parsed = parseKey(repaired)
  const wanted = parseKey(image.registry)
  if (parsed === undefined || wanted === undefined) return { nearness: 0, instead: '' }
  const written = parsed.path.split('/').filter(segment => segment !== '')
  const segments = image.path.split('/')
  const instead = [image.registry, ...scopeOf(written, segments)].join('/')
  if (parsed.host === wanted.host && parsed.port === wanted.port) {
    const [[first = ''], [wished = '']] = [written, segments]
    return { nearness: isOneEditAway(first, wished) ? 3 : 2, instead }
  }
  const near = parsed.host === wanted.host || isAbove(parsed, wanted)
  return { nearness: near ? 1 : 0, instead }
}

/** As much of the path of an image as a key has as well, at least the first segment where the key has a path at all. */
function scopeOf(written: readonly string[], segments: readonly string[]): readonly string[] {
  if (written.length === 0) return []
  const end = written.findIndex((segment, at) => segment !== segments[at])
  return segments.slice(0, end < 0 ? written.length : Math.max(end, 1))
}

function isOneEditAway(a: string, b: string): boolean {
  return a === b || nearestName(a, [b], { limit: 1 }) !== undefined
}

/** Whether the host is below the domain that the key's glob stands for, at any depth. */
function isAbove(key: Key, wanted: Key): boolean {
  const [, domain = ''] = /^\*(\..*)$/.exec(key.host) ?? []
  return domain !== '' && key.port === wanted.port && `.${wanted.host}`.endsWith(domain)
}

function covers(key: string, image: ImageName): boolean {
  return keyringOf(key).lookup(image).length > 0
}

function keyringOf(key: string): KubeletKeyring<EntryHolder> {
  return new KubeletKeyring([{ name: '', entries: [{ key, usable: true }] }])
}

/** Whether any image matches a key. No rule says it: images are made up that might, and the keyring is asked. */
function canMatch(key: string): boolean {
  const parsed = parseKey(key)
  if (parsed === undefined || WEBSITES.has(parsed.host)) return false
  if (parsed.index === DOCKER_HUB_INDEX) return true
  const port = parsed.port === '' ? '' : `:${parsed.port}`
  const keyring = keyringOf(key)
  return hostsFor(parsed.host).some(host =>
    PATH_ENDINGS.some(ending => {
      const image = parseImageName(`${host}${port}${parsed.path}${ending}`)
      return image !== undefined && keyring.lookup(image).length > 0
    }),
  )
}

/**
 * What may follow the path of a key, which is the beginning of a repository's, the most likely first. On Docker Hub that has two
 * parts at least.
 */
const PATH_ENDINGS = ['/a', '', 'a', 'a/a']

/**
 * Hosts of images of which one matches the host of a key if any does. What stands for its stars decides what an image is:
 *
 * | for a star | because of                                                                                  |
 * | ---------- | ------------------------------------------------------------------------------------------- |
 * | `A`        | hosts of a single part: `a/web` is on Docker Hub, a capital letter makes a host of it       |
 * | `a`        | hosts with an underscore, no domains: to the image grammar part of the path, so in lower case |
 * | `[::1`     | `*]`: nothing but an address ends so                                                        |
 *
 * The kubelet takes an address without a port for a set of characters, which matches a host that is one of them. Only a
 * capital letter is a host by itself, so all 26 are tried.
 */
function hostsFor(host: string): readonly string[] {
  if (host.startsWith('[')) return CAPITALS
  const bracketed = host.includes(':') ? `[${host}]` : host
  return bracketed.includes('*') ? STAR_FILLINGS.map(filling => bracketed.replaceAll('*', filling)) : [bracketed]
}

const STAR_FILLINGS = ['A', 'a', '[::1']
const CAPITALS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
