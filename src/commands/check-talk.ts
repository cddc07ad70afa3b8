import type { Checked } from '../engine/checked.ts'
import { formatFault, type Other, type OtherKind } from '../manifests/found.ts'
import { count } from '../runtime/count.ts'
import type { Terminal } from '../runtime/terminal.ts'

const TOO_MANY =
  'there are too many objects to compare them all: some near names and causes are left out; check fewer at once'

/** Names that a line holds: nobody reads more. */
const MAX_NAMES = 10

/** Says what there is to know beside the answer, a line each. */
export function tell(checked: Checked, err: Terminal): void {
  const { errors, unknownNamespaces, unknownAccounts, unexplained, input } = checked
  for (const { file } of input.others.filter(({ other }) => other === 'chart')) {
    err.write(err.line`regcred: ${file} is a Helm chart, which is skipped: helm template ${file} | regcred check`)
  }
  for (const unused of checked.unusedIgnores ?? []) err.write(err.line`regcred: ${formatFault(unused)}`)
  for (const fault of errors) err.write(err.line`regcred: ${formatFault(fault)}`)
  if (input.objects === 0 && errors.length === 0) err.write(err.line`regcred: ${explainNothing(input.others)}`)
  else if (input.workloads === 0 && errors.length === 0) {
    const objects = input.objects === 1 ? 'the only object' : `none of the ${input.objects} objects`
    const verb = input.objects === 1 ? 'pulls no images' : 'pulls images'
    err.write(err.line`regcred: ${objects} ${verb}: there is no Pod and no Pod template among them`)
  }
  if (unknownNamespaces.length > 0) {
    err.write(
      err.line`regcred: no pull secret of namespace ${list(unknownNamespaces)} is among these files, so I cannot tell which exist there; --cluster looks them up, --known-secrets FILE tells me, --strict assumes that none does`,
    )
  }
  if (unknownAccounts.length > 0) {
    err.write(
      err.line`regcred: ServiceAccount ${list(unknownAccounts)} is not among these files, so I cannot tell which pull secrets and annotations it has; --strict assumes that it has none`,
    )
  }
  if (unexplained) err.write(err.line`regcred: ${TOO_MANY}`)
  const unlisted = countUnlisted(checked)
  if (unlisted > 0) {
    const images = unlisted === 1 ? '1 image is on a registry' : `${unlisted} images are on registries`
    err.write(
      err.line`regcred: ${images} not in your configuration; list them there under registries: private, public, or node where the nodes log in themselves`,
    )
  }
}

function list(names: readonly string[]): string {
  const more = names.length - MAX_NAMES
  return `${names.slice(0, MAX_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** Why there is nothing to check, by the first thing that was there instead of a Kubernetes object. */
export function explainNothing(others: readonly Other[]): string {
  const told = others.find(({ other }) => other !== 'empty' && other !== 'document') ?? others[0]
  if (told === undefined) return 'nothing to check: there is no Kubernetes object in these files'
  const file = told.file === '-' ? 'standard input' : told.file
  const more = others.length > 1 ? ` (and ${count(others.length - 1, 'more document')} without one)` : ''
  return `nothing to check: ${file} ${WHAT[told.other](told.file)}${more}`
}

const WHAT: Readonly<Record<OtherKind, (file: string) => string>> = {
  empty: file => (file === '-' ? 'is empty. Did the command before it fail?' : 'is empty'),
  emptyList: () => 'is a list of no objects',
  chart: file => `is a Helm chart; render it first: helm template ${chartOf(file)} | regcred check`,
  dockerConfig: () =>
    'is a docker config, not a Secret; make one of it: kubectl create secret docker-registry NAME --from-file=.dockerconfigjson=FILE',
  kustomization: file => `is a kustomization; build it first: kubectl kustomize ${folderOf(file)} | regcred check`,
  nothingRendered: () => 'renders no object',
  document: () => 'holds no Kubernetes object (nothing with apiVersion and kind)',
}

function chartOf(file: string): string {
  return /(^|[\\/])Chart\.ya?ml$/.test(file) ? folderOf(file) : file === '-' ? 'CHART' : file
}

function folderOf(file: string): string {
  if (file === '-') return 'FOLDER'
  return file.replace(/[\\/]?[^\\/]*$/, '') || '.'
}

/** Images without credentials that the configuration may be to blame for: it does not say who logs in to their registry. */
function countUnlisted({ objects }: Checked): number {
  const uncovered = objects.flatMap(({ images, findings }) => {
    const named = new Set(findings.filter(({ code }) => code === 'ImageNotCovered').map(({ image }) => image))
    return images.filter(({ image, registryClass }) => registryClass === 'unlisted' && named.has(image))
  })
  return new Set(uncovered.map(({ image }) => image)).size
}
