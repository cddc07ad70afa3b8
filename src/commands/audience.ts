import type { Audience } from '../config/explain.ts'
import type { Manifest } from '../manifests/found.ts'
import { readManifests } from '../manifests/read.ts'
import type { Settings } from '../policy/settings.ts'
import { CommandError } from '../runtime/command-error.ts'
import { Terminal } from '../runtime/terminal.ts'
import type { Streams } from './streams.ts'

export interface AudienceFlags {
  readonly namespace?: string
  readonly manifests?: string
  readonly filename?: string
}

/**
 * For whom the configuration is asked; undefined where it is for nobody in particular, which needs no manifests.
 *
 * @throws {CommandError} if the files are not manifests, or not of one Pod
 */
export async function findAudience(
  { namespace, manifests, filename }: AudienceFlags,
  templates: Settings['templates'],
  streams: Streams,
): Promise<Audience | undefined> {
  const given = filename === undefined ? [] : await read(filename, streams)
  const around = manifests === undefined ? [] : await read(manifests, streams)
  const found = filename === undefined ? undefined : await findPod(given, filename, namespace ?? 'default', templates)
  const name = found?.namespace ?? namespace
  if (name === undefined) return undefined
  const { ManifestView } = await import('../manifests/view.ts')
  const known = new ManifestView([...around, ...given]).namespace(name)
  if (known.state !== 'value') {
    const err = new Terminal(streams.stderr)
    err.write(err.line`regcred: Namespace ${name} is not among the files: its labels are ignored`)
  }
  return { namespace: known.state === 'value' ? known.value : { name }, ...(found && { pod: found.pod }) }
}

/** The one Pod or Pod template of a file, and the namespace that it is in. */
async function findPod(
  given: readonly Manifest[],
  filename: string,
  namespace: string,
  templates: Settings['templates'],
): Promise<Required<Pick<Audience, 'pod'>> & { readonly namespace: string }> {
  const { readManifestSubject } = await import('../review/manifest.ts')
  const pods = given.flatMap(manifest => {
    const { subject, ...rest } = readManifestSubject(manifest, namespace, templates)
    if (subject.about === 'unreadable') throw new CommandError(`${filename}: ${manifest.kind} ${subject.fault}`)
    return subject.about === 'pod' || subject.about === 'template' ? [{ namespace: rest.namespace, pod: subject }] : []
  })
  const [found] = pods
  if (found !== undefined && pods.length === 1) return found
  throw new CommandError(`${filename} has ${pods.length} Pods and Pod templates; give a file with exactly one`)
}

async function read(path: string, streams: Streams): Promise<readonly Manifest[]> {
  const found = await readManifests([path], streams.stdin)
  if (!found.ok) throw new CommandError(found.faults)
  return found.manifests
}
