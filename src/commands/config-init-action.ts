import { Document, type YAMLSeq } from 'yaml'
import { API_VERSION, KIND } from '../config/configuration.ts'
import { findRegistries, type ImageUseFound, type RegistryFound } from '../config/first-configuration.ts'
import { MAX_CONFIGURATION_BYTES } from '../config/parse.ts'
import { getItems, getString } from '../kube/untyped.ts'
import { formatFault, type Manifest } from '../manifests/found.ts'
import { findManifests } from '../manifests/read.ts'
import { prepareRulebook } from '../policy/rulebook.ts'
import { defaultSettings } from '../policy/settings.ts'
import { readManifestSubject } from '../review/manifest.ts'
import type { PodSubject } from '../review/review.ts'
import { CommandError } from '../runtime/command-error.ts'
import { count } from '../runtime/count.ts'
import { Terminal } from '../runtime/terminal.ts'
import { visibleLines } from '../runtime/visible.ts'
import type { Streams } from './streams.ts'

export interface ConfigInitFlags {
  readonly filename?: readonly string[]
}

/** What of an object is kept: never the object, of which there may be very many. */
interface Workload extends Pick<PodSubject, 'images' | 'references' | 'serviceAccountName'> {
  readonly namespace: string
}

/**
 * Prints a configuration that lists the registries of manifests, those with pull secrets as private, and the others as a comment.
 *
 * @throws {CommandError} with every error of the files, or where they have no image
 */
export async function printFirstConfiguration(paths: readonly string[], streams: Streams): Promise<void> {
  if (paths.length === 0 && streams.stdin.isTTY)
    throw new CommandError('give a file, a folder or -: regcred config init k8s/')
  const workloads: Workload[] = []
  const withSecrets = new Set<string>()
  const faults: string[] = []
  for await (const found of findManifests(paths.length === 0 ? ['-'] : paths, streams.stdin)) {
    if ('fault' in found) faults.push(formatFault(found.fault))
    else if (!('other' in found)) take(found, workloads, withSecrets)
  }
  if (faults.length > 0) throw new CommandError(faults)
  const registries = findRegistries(usesOf(workloads, withSecrets))
  if (registries.length === 0)
    throw new CommandError('no object of these files pulls an image: there is no Pod and no Pod template among them')
  const text = write(registries, workloads.length)
  if (text.length > MAX_CONFIGURATION_BYTES)
    throw new CommandError('these files use more registries than a configuration can hold; give fewer')
  new Terminal(streams.stdout).writeText(text)
}

function take(found: Manifest, workloads: Workload[], withSecrets: Set<string>): void {
  const { namespace, subject } = readManifestSubject(found, 'default', [])
  if (subject.about === 'pod' || subject.about === 'template') {
    const { images, references, serviceAccountName } = subject
    workloads.push({ namespace, images, references, serviceAccountName })
  }
  if (found.kind === 'ServiceAccount' && getItems(found.object, 'imagePullSecrets').length > 0) {
    const place = getString(found.object, 'metadata', 'namespace') || 'default'
    withSecrets.add(`${place}/${getString(found.object, 'metadata', 'name')}`)
  }
}

function* usesOf(workloads: readonly Workload[], withSecrets: ReadonlySet<string>): Generator<ImageUseFound> {
  const rulebook = prepareRulebook(defaultSettings)
  for (const { namespace, images, references, serviceAccountName } of workloads) {
    const withPullSecret = references.length > 0 || withSecrets.has(`${namespace}/${serviceAccountName}`)
    for (const { image } of images) {
      const { name, registryClass } = rulebook.readImage(image)
      if (name !== undefined) yield { image, ...name, registryClass, withPullSecret }
    }
  }
}

function write(registries: readonly RegistryFound[], workloads: number): string {
  const of = (advice: RegistryFound['advice']) => registries.filter(one => one.advice === advice)
  const [secret, unknown, listed] = [of('private'), of('unknown'), of('listed')]
  const entries = secret.map(({ registry }) => registry)
  const document = new Document({
    apiVersion: API_VERSION,
    kind: KIND,
    ...(entries.length > 0 && { registries: { private: entries } }),
  })
  document.commentBefore = toComment([
    `A first configuration, from ${count(workloads, 'object')} that ${workloads === 1 ? 'pulls' : 'pull'} images, by regcred config init.`,
    ...(entries.length === 0 ? ['No registry that is not listed by default has a pull secret here.'] : []),
    ...(entries.length > 0 ? ['An image of a private registry that no pull secret covers is an error.'] : []),
  ])
  const list = document.getIn(['registries', 'private'], true) as YAMLSeq | undefined
  for (const [at, { seen }] of secret.entries()) {
    const item = list?.get(at, true)
    if (typeof item === 'object' && item !== null) Object.assign(item, { commentBefore: toComment([seen]) })
  }
  document.comment = toComment([
    ...(unknown.length > 0 ? ['List these under private, public, or node where the nodes log in themselves:'] : []),
    ...unknown.map(({ registry, seen }) => `  ${registry} (${seen})`),
    ...(listed.length > 0 ? ['Listed by default:'] : []),
    ...listed.map(({ registry, registryClass, seen }) => `  ${registry}: ${registryClass} (${seen})`),
  ])
  return visibleLines(document.toString({ lineWidth: 0 }))
}

function toComment(lines: readonly string[]): string {
  return lines.map(line => ` ${line}`).join('\n')
}
