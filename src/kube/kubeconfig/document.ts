import { CORE_SCHEMA, load, mergeTag } from 'js-yaml'
import { get, getItems, getString } from '../untyped.ts'

/** As kubectl reads YAML, merge keys too. */
const SCHEMA = CORE_SCHEMA.withTags(mergeTag)
/** Aliases of a kubeconfig. */
const MAX_ALIASES = 50

/** What is wrong with a kubeconfig, in one sentence that quotes nothing of it: there are tokens in there. */
export class KubeConfigFault extends Error {}

/** A cluster, user or context of a kubeconfig, unread: only those of the current context have to be right. */
export interface Entry {
  readonly value: unknown
  /** The file that it is from, and where in it, e.g. `users[1].user`. */
  readonly file: string
  readonly at: string
}

/** One kubeconfig file, or several that were merged. Of two entries with one name the first counts. */
export interface KubeConfigDocument {
  readonly currentContext: string | undefined
  readonly clusters: ReadonlyMap<string, Entry>
  readonly users: ReadonlyMap<string, Entry>
  readonly contexts: ReadonlyMap<string, Entry>
}

/**
 * Takes a kubeconfig file apart.
 *
 * @throws {KubeConfigFault} if it is not one
 * @see https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */
export function parseKubeConfig(file: string, text: string): KubeConfigDocument {
  const config = parseYaml(file, text)
  if (typeof config !== 'object' || config === null) throw faultOf(file, 'is not a kubeconfig')
  return {
    currentContext: getString(config, 'current-context') || undefined,
    clusters: entriesOf(config, file, 'clusters', 'cluster'),
    users: entriesOf(config, file, 'users', 'user'),
    contexts: entriesOf(config, file, 'contexts', 'context'),
  }
}

/** What an earlier file of KUBECONFIG names wins. */
export function mergeKubeConfigs(first: KubeConfigDocument, second: KubeConfigDocument): KubeConfigDocument {
  // Twice: so its names come first, and its entries stay.
  const both = <T>(a: ReadonlyMap<string, T>, b: ReadonlyMap<string, T>) => new Map([...a, ...b, ...a])
  return {
    currentContext: first.currentContext ?? second.currentContext,
    clusters: both(first.clusters, second.clusters),
    users: both(first.users, second.users),
    contexts: both(first.contexts, second.contexts),
  }
}

/**
 * A text field of an entry; undefined where there is none, or an empty one.
 *
 * @throws {KubeConfigFault} if there is something else
 */
export function readText({ value, file, at }: Entry, key: string): string | undefined {
  const found = get(value, key)
  if (typeof found === 'string') return found || undefined
  if (found === undefined || found === null) return undefined
  throw faultOf(file, `is not a kubeconfig (${at}.${key} must be a string)`)
}

/** @throws {KubeConfigFault} if there is no such text */
export function needText(entry: Entry, key: string): string {
  const found = readText(entry, key)
  if (found === undefined) throw faultOf(entry.file, `is incomplete (${entry.at}.${key} is missing)`)
  return found
}

function faultOf(file: string, what: string): KubeConfigFault {
  return new KubeConfigFault(`The kubeconfig ${file} ${what}: correct it or pass another with --kubeconfig.`)
}

function parseYaml(file: string, text: string): unknown {
  try {
    return load(text, { schema: SCHEMA, json: true, maxAliases: MAX_ALIASES })
  } catch (error) {
    // Its own words may quote what stands there.
    const line = get(error, 'mark', 'line')
    throw faultOf(file, typeof line === 'number' ? `is not YAML (line ${line + 1})` : 'is not a kubeconfig')
  }
}

function entriesOf(config: object, file: string, list: string, field: string): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  for (const [index, item] of getItems(config, list).entries()) {
    const name = getString(item, 'name')
    if (name === undefined || entries.has(name)) continue
    entries.set(name, { value: get(item, field), file, at: `${list}[${index}].${field}` })
  }
  return entries
}
