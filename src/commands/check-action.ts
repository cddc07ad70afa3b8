import { type Checked, checkManifests, placeOf } from '../engine/check-manifests.ts'
import { readManifests } from '../manifests/read.ts'
import { prepareRulebook } from '../policy/rulebook.ts'
import { writeJson } from '../report/json.ts'
import { writeText } from '../report/text.ts'
import { Terminal } from '../runtime/terminal.ts'
import { CommandError } from './command-error.ts'
import { readSettings } from './settings.ts'
import type { Streams } from './streams.ts'

export interface CheckFlags {
  readonly filename?: readonly string[]
  readonly namespace: string
  readonly config?: string
  readonly output: 'text' | 'json'
  readonly strict?: boolean
}

/**
 * Checks manifests and writes what was found.
 *
 * @returns the exit status
 * @throws {CommandError} one line that says what is wrong and what to do
 */
export async function check(flags: CheckFlags, streams: Streams): Promise<number> {
  const { filename, config, output, strict = false } = flags
  if (filename === undefined) throw new CommandError('give a file, a folder or -: regcred check -f k8s/')
  // As kubectl takes an empty name.
  const namespace = flags.namespace || 'default'
  const { settings } = await readSettings(config)
  const read = await readManifests(filename, streams.stdin)
  if (!read.ok) throw new CommandError(read.faults)
  const checked = await checkManifests(read.manifests, prepareRulebook(settings), { namespace, strict, now: Date.now })
  const out = new Terminal(streams.stdout)
  if (output === 'json') out.writeText(writeJson(checked))
  else out.write(...writeText(checked, out))
  tell(checked, new Terminal(streams.stderr))
  if (checked.unreadable.length > 0)
    throw new CommandError('some objects could not be read; correct them or leave them out')
  return checked.objects.some(({ findings }) => findings.length > 0) ? 1 : 0
}

const TOO_MANY =
  'there are too many objects to compare them all: some near names and causes are left out; check fewer at once'

/** Says what there is to know beside the answer. */
export function tell(checked: Checked, err: Terminal): void {
  for (const { manifest, fault } of checked.unreadable) {
    err.write(err.line`regcred: ${placeOf(manifest)}: cannot read this ${manifest.kind}: ${fault}`)
  }
  if (checked.withoutSecrets.length > 0) {
    const names = checked.withoutSecrets.join(', ')
    err.write(
      err.line`regcred: no Secret of namespace ${names} is among these files, so I cannot tell which exist there; --strict assumes that none does`,
    )
  }
  if (checked.unexplained) err.write(err.line`regcred: ${TOO_MANY}`)
  const unlisted = countUnlisted(checked)
  if (unlisted > 0) {
    const images = unlisted === 1 ? '1 image is on a registry' : `${unlisted} images are on registries`
    err.write(
      err.line`regcred: ${images} not in your configuration; list them there under registries: private, public, or node where the nodes log in themselves`,
    )
  }
}

/** Images without credentials that the configuration may be to blame for: it does not say who logs in to their registry. */
function countUnlisted({ objects }: Checked): number {
  const uncovered = objects.flatMap(({ images, findings }) => {
    const named = new Set(findings.filter(({ code }) => code === 'ImageNotCovered').map(({ image }) => image))
    return images.filter(({ image, registryClass }) => registryClass === 'unlisted' && named.has(image))
  })
  return new Set(uncovered.map(({ image }) => image)).size
}
