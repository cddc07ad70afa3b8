import { get, getItems, getString, strings } from '../../kube/untyped.ts'
import { decodeBase64 } from '../../kubelet/go/base64.ts'
import { encodeUtf8 } from '../../kubelet/go/utf8.ts'
import { isDockerStash } from '../../kubelet/key.ts'
import { isPullSecretType } from '../../kubelet/secret.ts'
import { stripKey } from '../../kubelet/strip-key.ts'
import { type DockerLogins, parseDockerLogins } from '../../logins/docker-logins.ts'
import { faultOfUser } from '../../logins/find-logins.ts'
import type { Login } from '../../logins/login.ts'
import { writeRegistry } from '../../logins/registry-key.ts'
import { readManifests } from '../../manifests/read.ts'
import { CommandError } from '../../runtime/command-error.ts'
import { cutVisible } from '../../runtime/visible.ts'
import type { Streams } from '../streams.ts'
import { someOf } from './gather.ts'
import { CONFIG_KEY, makeSecret, type PullSecretManifest } from './manifest.ts'

/** A Secret that was mended, and what was changed about it besides its type. */
export interface Mended {
  readonly secret: PullSecretManifest
  readonly changes: readonly string[]
}

/**
 * Reads a Secret that holds a docker config under a wrong type or key, and makes a pull secret of it: with its name, namespace, labels,
 * annotations and other data, and with the logins of the docker config.
 *
 * @throws {CommandError} where there is not one Secret, of that name, with one docker config
 */
export async function mendSecret(
  file: string,
  wanted: { readonly name: string; readonly namespace?: string },
  { stdin }: Pick<Streams, 'stdin'>,
): Promise<Mended> {
  const object = await readOne(file, stdin)
  const { name, namespace } = wanted
  const found = {
    name: getString(object, 'metadata', 'name') ?? '',
    namespace: getString(object, 'metadata', 'namespace'),
  }
  if (found.name !== name)
    throw new CommandError(`the Secret in ${nameFile(file)} has the name "${brief(found.name)}", not "${name}"`)
  if (namespace !== undefined && found.namespace !== undefined && found.namespace !== namespace)
    throw new CommandError(
      `the Secret in ${nameFile(file)} is of namespace "${brief(found.namespace)}", not "${namespace}"`,
    )
  const place = found.namespace ?? namespace
  const { key, logins, others } = findConfig(object, file)
  const taken = takeLogins(logins)
  if (taken.logins.length === 0)
    throw new CommandError(someOf(['the docker config in it has no user name and password', ...taken.changes]))
  const metadata = { name, ...(place !== undefined && { namespace: place }), ...keptOf(object) }
  const immutable = get(object, 'immutable') === true ? { immutable: true as const } : {}
  const secret = makeSecret(metadata, taken.logins, { ...immutable, data: others })
  return { secret, changes: [...describe(object, key), ...taken.changes] }
}

async function readOne(file: string, stdin: Streams['stdin']): Promise<Readonly<Record<string, unknown>>> {
  if (file === '-' && stdin.isTTY)
    throw new CommandError('standard input is a terminal; pipe the Secret: kubectl get secret NAME -o json | …')
  const read = await readManifests([file], stdin)
  if (!read.ok) throw new CommandError(read.faults)
  const [only, ...more] = read.manifests
  if (only === undefined)
    throw new CommandError(`${nameFile(file)} has no Secret in it. Did the command before it fail?`)
  if (more.length > 0 || only.kind !== 'Secret')
    throw new CommandError(
      `${nameFile(file)} has ${more.length === 0 ? `a ${brief(only.kind)}` : `${more.length + 1} objects`}; give one Secret`,
    )
  return only.object
}

function nameFile(file: string): string {
  return file === '-' ? 'standard input' : file
}

/** Annotations that `kubectl apply` writes by itself: a copy of the whole Secret. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

function keptOf(object: unknown): Pick<PullSecretManifest['metadata'], 'labels' | 'annotations'> {
  const labels = strings(get(object, 'metadata', 'labels'))
  const { [LAST_APPLIED]: _, ...annotations } = strings(get(object, 'metadata', 'annotations'))
  const isAny = (texts: object) => Object.keys(texts).length > 0
  return { ...(isAny(labels) && { labels }), ...(isAny(annotations) && { annotations }) }
}

interface FoundConfig {
  readonly key: string
  readonly logins: DockerLogins
  /** What else is in its data, in base64. */
  readonly others: Readonly<Record<string, string>>
}

/** The one docker config among the data. */
function findConfig(object: unknown, file: string): FoundConfig {
  const texts = Object.entries(strings(get(object, 'stringData'))).map(([key, text]) => [key, btoa(encodeUtf8(text))])
  const data: Readonly<Record<string, string>> = { ...strings(get(object, 'data')), ...Object.fromEntries(texts) }
  const configs = Object.entries(data).flatMap(([key, encoded]) => {
    const logins = readConfig(decodeBase64(encoded) ?? '')
    return logins === undefined ? [] : [{ key, logins }]
  })
  const [config, ...more] = configs
  if (config === undefined)
    throw new CommandError(
      `the Secret in ${nameFile(file)} holds no docker config that can be read; regcred inspect says what is wrong`,
    )
  if (more.length > 0)
    throw new CommandError(
      `the Secret in ${nameFile(file)} holds ${configs.length} docker configs, ${brief(config.key)} and more; leave one`,
    )
  const { [config.key]: _, ...others } = data
  return { ...config, others }
}

/** A docker config of either format. A dockercfg is any JSON object of objects, so one of its entries has to be a login. */
function readConfig(content: string): DockerLogins | undefined {
  const config = parseDockerLogins('dockerconfigjson', content)
  if (typeof config !== 'string' && config.stored.size > 0) return config
  const entries = parseDockerLogins('dockercfg', content)
  if (typeof entries === 'string') return undefined
  return [...entries.stored.values()].some(({ user, password }) => user !== '' && password !== '') ? entries : undefined
}

/** Characters of a name, a key or the like that a message repeats. */
const MAX_BRIEF_LENGTH = 300

function brief(text: string): string {
  return cutVisible(text, MAX_BRIEF_LENGTH)
}

/** The entries that Kubernetes can use, each under a key that an image can match; the first of those that are then the same. */
function takeLogins({ stored }: DockerLogins): {
  readonly logins: readonly Login[]
  readonly changes: readonly string[]
} {
  const logins = new Map<string, Login>()
  const changes: string[] = []
  for (const [written, { user, password }] of stored) {
    if (isDockerStash(written)) continue
    const key = stripKey(written)
    const registry = writeRegistry(key)
    const fault = user === '' || password === '' ? 'it has no user name and password' : faultOfUser(user)
    if (fault !== undefined) changes.push(`left out "${brief(key)}": ${fault}`)
    else if (!registry.ok) changes.push(`left out: ${registry.fault}`)
    else if (logins.has(registry.key)) changes.push(`left out "${brief(key)}": another is for ${registry.key}`)
    else {
      if (registry.change !== undefined) changes.push(registry.change)
      logins.set(registry.key, { registry: registry.key, user, password })
    }
  }
  return { logins: [...logins.values()], changes }
}

function describe(object: unknown, key: string): readonly string[] {
  const type = getString(object, 'type') ?? 'Opaque'
  const changes: string[] = []
  if (key !== CONFIG_KEY) changes.push(`its docker config moves from ${brief(key)} to ${CONFIG_KEY}`)
  if (isPullSecretType(type)) changes.push(`its type was ${type} already`)
  const [owner] = getItems(object, 'metadata', 'ownerReferences')
  const kind = getString(owner, 'kind')
  if (kind !== undefined)
    changes.push(`it is kept by its ${brief(kind)}, which may write it again as it was; change that as well`)
  return changes
}
