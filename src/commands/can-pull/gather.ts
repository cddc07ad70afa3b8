import type { AskedCluster } from '../../ask/cluster.ts'
import { findPresent } from '../../ask/missing.ts'
import { apiVersionOf, parseTarget, RESOURCES, type Target } from '../../ask/resources.ts'
import { pullSecretOf } from '../../inspection/find-config.ts'
import { podIn, podOf, withImage, withSecrets } from '../../inspection/pod-to-ask.ts'
import type { PullQuestion } from '../../inspection/pull-case.ts'
import { getText } from '../../kube/untyped.ts'
import { ManifestView } from '../../manifests/view.ts'
import type { Rulebook } from '../../policy/rulebook.ts'
import { keeperOf } from '../../review/home.ts'
import type { PodSubject } from '../../review/review.ts'
import { metadataOf } from '../../review/schema.ts'
import { CommandError } from '../../runtime/command-error.ts'
import { present } from '../../runtime/present.ts'
import { readSecrets, type SecretInFile } from '../read-secrets.ts'
import type { Streams } from '../streams.ts'
import type { CanPullFlags } from './flags.ts'

/** A question, with all that was read for it. */
export interface Gathered {
  readonly question: PullQuestion
  /** For whom it is asked, for people. */
  readonly asked: string
  /** Nobody said for whom. */
  readonly isDefault: boolean
  /** Takes the other pull secrets of the namespace in, as far as they may be listed, for who looks for what would help. */
  readOthers(): Promise<void>
  close(): Promise<void>
}

/** @throws {CommandError} if what is asked for is not there, or cannot be read; {AskError} */
export async function gather(
  image: string | undefined,
  flags: CanPullFlags,
  rulebook: Rulebook,
  streams: Streams,
): Promise<Gathered> {
  const target = targetOf(image, flags)
  const files = flags.filename.length === 0 ? undefined : await readFiles(flags, streams)
  const cluster = files !== undefined && flags.as === undefined ? undefined : await openCluster(flags, streams)
  try {
    return await gatherIn(cluster, files, target, image, flags, rulebook)
  } catch (error) {
    // What stays open keeps the program from ending.
    await cluster?.close()
    throw error
  }
}

async function gatherIn(
  cluster: AskedCluster | undefined,
  files: readonly SecretInFile[] | undefined,
  target: Target,
  image: string | undefined,
  flags: CanPullFlags,
  rulebook: Rulebook,
): Promise<Gathered> {
  const namespace = cluster?.namespace ?? (flags.namespace || 'default')
  const view = new ManifestView([], { namespace, files: files !== undefined })
  const keepers = new Map<string, ReturnType<typeof keeperOf>>()
  const hold = (kind: 'Secret' | 'ServiceAccount', object: object) => {
    view.hold(asManifest(kind, object, namespace))
    if (kind === 'Secret') keepers.set(getText(object, 'metadata', 'name'), keeperOf(metadataOf(object)))
  }
  const names = new Map((files ?? []).map(file => [nameOf(file), file]))
  for (const [name, file] of names) hold('Secret', objectOf(name, file))
  const pod = await readPodToAsk(cluster, target, image, flags.secret, [...names.keys()])
  const isFileOnly = cluster === undefined
  if (cluster !== undefined) await readNamespace(cluster, pod, rulebook, files !== undefined, hold)
  const keeper = (secret: string) => present(keepers.get(secret))
  const question = { pod, namespace, view, rulebook, keeper, now: Date.now() }
  return {
    question,
    asked: isFileOnly
      ? 'a Pod that lists these Secrets'
      : `${target.resource.kind} "${target.name}" of namespace "${namespace}"`,
    isDefault: flags.as === undefined && !isFileOnly && flags.secret.length === 0,
    readOthers: async () => {
      if (cluster !== undefined && files === undefined) await readPullSecrets(cluster, hold)
    },
    close: async () => await cluster?.close(),
  }
}

/** Loaded where it is needed: files are read in a fraction of the time. */
async function openCluster(flags: CanPullFlags, streams: Streams): Promise<AskedCluster> {
  const { openAskedCluster } = await import('../../ask/cluster.ts')
  return openAskedCluster(flags, streams)
}

function targetOf(image: string | undefined, { as }: CanPullFlags): Target {
  const target = as === undefined ? { resource: RESOURCES.ServiceAccount, name: 'default' } : parseTarget(as)
  if (target === undefined || ['Secret', 'Event'].includes(target.resource.kind))
    throw new CommandError(
      `"${as}" is not somebody who pulls images; give e.g. --as pod/NAME, deployment/NAME, serviceaccount/NAME`,
    )
  if (image === undefined && target.resource.kind === 'ServiceAccount')
    throw new CommandError('give an image, or whose: regcred can-pull IMAGE, or regcred can-pull --as deployment/NAME')
  return target
}

async function readPodToAsk(
  cluster: AskedCluster | undefined,
  target: Target,
  image: string | undefined,
  secrets: readonly string[],
  inFiles: readonly string[],
): Promise<PodSubject> {
  const pod = cluster === undefined ? fileOnly() : await readSubject(cluster, target)
  const asked = image === undefined ? pod : withImage(pod, image)
  if (asked.images.length === 0)
    throw new CommandError(`${target.resource.kind} "${target.name}" has no image; give one`)
  if (secrets.length > 0) return withSecrets(asked, secrets)
  return cluster === undefined ? withSecrets(asked, inFiles) : asked
}

function fileOnly(): PodSubject {
  const pod = podOf('default')
  return { ...pod, home: { isFile: true, list: pod.home.list } }
}

async function readSubject(cluster: AskedCluster, { resource, name }: Target): Promise<PodSubject> {
  if (resource.kind === 'ServiceAccount') return podOf(name)
  const object = await findPresent(cluster, { resource, name })
  const read = podIn({ apiVersion: apiVersionOf(resource), kind: resource.kind, object })
  if (!read.ok) throw new CommandError(`${resource.kind} "${name}" cannot be read: ${read.fault}`)
  return read.pod
}

type Hold = (kind: 'Secret' | 'ServiceAccount', object: object) => void

/** What the Pod itself has, or else its ServiceAccount; and the Secrets that are listed. */
async function readNamespace(
  cluster: AskedCluster,
  pod: PodSubject,
  rulebook: Rulebook,
  isFromFiles: boolean,
  hold: Hold,
): Promise<void> {
  const isGiven = pod.form === 'written' && pod.references.length === 0
  const hasNeeds = rulebook.settings.registries.node.some(entry => typeof entry !== 'string')
  let references = pod.references
  if (isGiven || hasNeeds) {
    const name = pod.serviceAccountName
    const account = await findPresent(cluster, { resource: RESOURCES.ServiceAccount, name })
    hold('ServiceAccount', Object(account))
    const listed = Object(account).imagePullSecrets
    if (isGiven && Array.isArray(listed)) references = listed.map(item => String(Object(item).name ?? ''))
  }
  if (isFromFiles) return
  for (const name of new Set(references)) {
    const secret = await cluster.find(RESOURCES.Secret, name)
    if (secret !== undefined) hold('Secret', Object(secret))
  }
}

async function readPullSecrets(cluster: AskedCluster, hold: Hold): Promise<void> {
  try {
    for await (const secret of cluster.listPullSecrets()) hold('Secret', Object(secret))
  } catch {
    // Without them there is less to advise.
  }
}

/** Those of one namespace: a Pod uses no other's. */
async function readFiles({ filename, namespace }: CanPullFlags, streams: Streams): Promise<readonly SecretInFile[]> {
  const { found, faults } = await readSecrets(filename, streams)
  if (faults.length > 0) throw new CommandError(faults)
  const own = namespace ? found.filter(one => (namespaceOf(one) ?? namespace) === namespace) : found
  const namespaces = new Set(own.flatMap(one => namespaceOf(one) ?? []))
  if (namespaces.size > 1)
    throw new CommandError(`the Secrets in these files are of ${namespaces.size} namespaces; choose one: -n NAME`)
  if (own.length > 0) return own
  const where = namespace ? ` of namespace "${namespace}"` : ''
  throw new CommandError(`there is no docker config and no pull secret${where} in ${filename.join(', ')}; give one`)
}

function namespaceOf(one: SecretInFile): string | undefined {
  return 'secret' in one ? one.secret.metadata?.namespace || undefined : undefined
}

/** A docker config is called as its file, which no Secret can be. */
function nameOf(one: SecretInFile): string {
  if ('secret' in one) return one.secret.metadata?.name || '(no name)'
  if (one.file === '-') return 'standard input'
  return /[/\\]/.test(one.file) ? one.file : `./${one.file}`
}

function objectOf(name: string, one: SecretInFile): object {
  return 'secret' in one
    ? { ...one.secret, metadata: { ...one.secret.metadata, name } }
    : pullSecretOf(name, one.dockerConfig)
}

/** All that is asked about is of one namespace. */
function asManifest(kind: string, object: object, namespace: string) {
  const metadata = { ...Object(Reflect.get(object, 'metadata')), namespace }
  return { apiVersion: 'v1', kind, object: { ...object, metadata } }
}
