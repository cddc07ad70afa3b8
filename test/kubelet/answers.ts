import type { DockerConfigFault } from '../../src/kubelet/docker-config.ts'
import type { Entry } from '../../src/kubelet/entry.ts'
import { explainInvalidImage, parseImageName } from '../../src/kubelet/image-name.ts'
import { parseKey } from '../../src/kubelet/key.ts'
import { lookup } from '../../src/kubelet/keyring.ts'
import { type PullSecret, readSecret, type SecretFault } from '../../src/kubelet/secret.ts'
import { stripKey } from '../../src/kubelet/strip-key.ts'
import type { Case } from './cases.ts'

/** What the oracle says of a case; see test/e2e/kubernetes/oracle. */
export interface Answer {
  readonly repo?: string
  readonly imageFault?: string
  readonly secrets: readonly Verdict[]
  readonly matches?: readonly Match[]
}

interface Verdict {
  readonly kind: string
  readonly fault?: string
  readonly entries?: readonly VerdictEntry[]
}

interface VerdictEntry {
  readonly key: string
  readonly usable: boolean
  /** Index, host, port and path; absent if the keyring cannot parse the key. */
  readonly parsed?: readonly string[]
}

interface Match {
  readonly secret: number
  readonly key: string
  readonly usable: boolean
  /** What the kubelet's keyring sorts by; ours does not tell. */
  readonly index?: string
}

/** What we say of a case, in the words of the oracle. */
export function answer({ secrets, image }: Case): Answer {
  const readings = secrets.map(({ type, data }, number) => readSecret({ metadata: { name: `${number}` }, type, data }))
  const verdicts = readings.map((reading): Verdict => {
    if (reading.kind === 'malformed') return { kind: 'malformed', fault: FAULTS[reading.reason] }
    if (reading.kind !== 'pullSecret' || reading.entries.length === 0) return { kind: reading.kind }
    return { kind: 'pullSecret', entries: reading.entries.map(toVerdict).sort(byKey) }
  })
  const name = parseImageName(image)
  if (name === undefined) return { imageFault: explainInvalidImage(image).reason, secrets: verdicts }
  const repo = `${name.registry}/${name.path}`
  if (readings.some(({ kind }) => kind === 'malformed')) return { repo, secrets: verdicts }
  const pullSecrets = readings.filter((reading): reading is PullSecret => reading.kind === 'pullSecret')
  const matches = lookup(pullSecrets, name).map(({ secret, entry }) => ({
    secret: Number(secret.name),
    ...toEntry(entry),
  }))
  return { repo, secrets: verdicts, ...(matches.length > 0 && { matches }) }
}

/**
 * The oracle's answer and ours in a form in which they are the same exactly if they agree. Go ranges over a map of the
 * keys of a Secret, so the order of those that its keyring takes for the same is left open: such runs are sorted. The runs
 * are the oracle's; nothing but their lengths reaches our answer.
 */
export function align(theirs: Answer, answered: Answer): { theirs: Answer; ours: Answer } {
  const { matches } = theirs
  const odd = keysWithoutPath(theirs.secrets)
  const hidden = theirs.secrets.map(verdict => ({
    ...verdict,
    ...(verdict.entries && { entries: verdict.entries.map(hide).sort(byKey) }),
  }))
  const secrets = withoutParsed(hidden, odd)
  const ours = { ...answered, secrets: withoutParsed(answered.secrets, odd) }
  if (matches === undefined) return { theirs: { ...theirs, secrets }, ours }
  const bounds = matches.flatMap((match, at) => (sameRun(match, matches[at - 1]) ? [] : [at]))
  const sortRuns = (list: readonly Match[]) =>
    bounds.flatMap((start, at) => list.slice(start, bounds[at + 1] ?? list.length).sort(bySecretAndKey))
  return {
    theirs: { ...theirs, secrets, matches: sortRuns(matches.map(({ index: _, ...match }) => hide(match))) },
    ours: ours.matches === undefined ? ours : { ...ours, matches: sortRuns(ours.matches) },
  }
}

const FAULTS: Record<SecretFault, string> = {
  'it is not JSON': 'syntax',
  'it is not a JSON object': 'type',
  'auths is not an object': 'type',
  'HttpHeaders is not an object of strings': 'type',
  'an entry is not an object': 'type',
  'a field of an entry is not a string': 'type',
  'auth is not base64': 'base64',
  'auth is not user:password': 'colon',
  'its data is not base64': 'none',
} satisfies Record<DockerConfigFault | SecretFault, string>

function toVerdict(entry: Entry): VerdictEntry {
  const { key, usable } = toEntry(entry)
  const parsed = parseKey(key)
  if (parsed === undefined) return { key, usable }
  const { index, host, port, path } = parsed
  return { key, usable, parsed: [index, host, port, path] }
}

/** The oracle calls usable what has a user name; that a password is needed as well is about what we say of an entry. */
function toEntry({ key, usable, onlyUser }: Entry): { key: string; usable: boolean } {
  return { key, usable: usable || onlyUser === true }
}

/** We never hold a user or a password, not even in a key. */
function hide<T extends { readonly key: string }>(entry: T): T {
  return { ...entry, key: stripKey(entry.key) }
}

/**
 * Keys as we hold them, of which something was left out after what is no scheme to the kubelet, as in `oci://user:password@host`,
 * or in a path: to it that is part of the path, which no image has. What the two parse of them is not the same, and matches nothing.
 */
function keysWithoutPath(secrets: readonly Verdict[]): ReadonlySet<string> {
  const entries = secrets.flatMap(({ entries = [] }) => entries)
  const odd = entries.filter(({ key, parsed: [, , , path = ''] = [] }) => key !== stripKey(key) && /^\/\/|@/.test(path))
  return new Set(odd.map(({ key }) => stripKey(key)))
}

function withoutParsed(secrets: readonly Verdict[], keys: ReadonlySet<string>): readonly Verdict[] {
  return secrets.map(verdict => ({
    ...verdict,
    ...(verdict.entries && {
      entries: verdict.entries.map(({ parsed, ...entry }) =>
        parsed === undefined || keys.has(entry.key) ? entry : { ...entry, parsed },
      ),
    }),
  }))
}

function sameRun(match: Match, before: Match | undefined): boolean {
  return before !== undefined && before.secret === match.secret && before.index === match.index
}

function byKey(
  a: { readonly key: string; readonly usable: boolean },
  b: { readonly key: string; readonly usable: boolean },
): number {
  return compare(a.key, b.key) || Number(a.usable) - Number(b.usable)
}

function bySecretAndKey(a: Match, b: Match): number {
  return a.secret - b.secret || byKey(a, b)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
