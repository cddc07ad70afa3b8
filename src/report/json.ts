import { writeTold } from '../advice/advice.ts'
import type { Checked, CheckedFinding, CheckedObject } from '../engine/checked.ts'
import type { Fault, Origin } from '../manifests/found.ts'
import { visible, visibleJson } from '../runtime/visible.ts'
import { countIgnored } from './ignored.ts'
import { countLevels } from './level.ts'

/** The version of the contract below; it grows by fields, and changes its number if one goes or means something else. */
const VERSION = 1

/** Writes what was checked as JSON: a stable contract, described in docs/design.md and docs/check.schema.json. */
export function writeJson(checked: Checked, assumeInjection: boolean): string {
  const { objects, errors, unknownNamespaces, unknownAccounts, unusedIgnores = [] } = checked
  const json = {
    version: VERSION,
    objects: objects.map(toJson),
    errors: errors.map(toJsonFault),
    unusedIgnores: unusedIgnores.map(toJsonFault),
    unknownNamespaces,
    unknownServiceAccounts: unknownAccounts,
    summary: summarise(checked, assumeInjection),
  }
  return `${visibleJson(json, 2)}\n`
}

function toJson({ manifest, namespace, name, images, plan, findings, ignored = [] }: CheckedObject) {
  return {
    apiVersion: manifest.apiVersion,
    kind: manifest.kind,
    namespace: namespace === '' ? null : namespace,
    name,
    images: images.map(({ container, image, registryClass, credentials }) => ({
      container,
      image,
      class: registryClass,
      credentials: credentials.map(({ secret, entry, usable }) => ({ secret, entry, usable })),
    })),
    plan: plan.add.map(({ secret, source }) => ({ secret, source })),
    skipped: plan.skipped.map(({ secret, source, reason }) => ({ secret, source, reason })),
    findings: findings.map(finding => toJsonFinding(finding, manifest)),
    ignored: ignored.map(({ finding, by, reason }) => ({ ...toJsonFinding(finding, manifest), by, reason })),
    ...placeOf(manifest),
  }
}

/** A finding about the whole object has the place of that. */
function toJsonFinding(finding: CheckedFinding, { line, column }: Origin) {
  const { code, effect, secret, container, image, suggestion, place } = finding
  return {
    code,
    effect,
    secret: secret ?? null,
    container: container ?? null,
    image: image ?? null,
    suggestion: suggestion?.text ?? null,
    // For people, whoever prints it; all else is as it is.
    message: visible(writeTold(finding)),
    line: place?.line ?? line ?? null,
    column: place?.column ?? column ?? null,
  }
}

function toJsonFault(fault: Fault) {
  return { ...placeOf(fault), message: visible(fault.message) }
}

function placeOf({ file, line, column, source, isRendered = false }: Origin) {
  return { file, line: line ?? null, column: column ?? null, source: source ?? null, rendered: isRendered }
}

function summarise({ objects, errors, input }: Checked, assumeInjection: boolean) {
  const { error, warning, note } = countLevels(objects, assumeInjection)
  return {
    objects: input.objects,
    workloads: input.workloads,
    checked: objects.length,
    ...{ findings: { error, warning, note }, ignored: countIgnored(objects), errors: errors.length },
  }
}
