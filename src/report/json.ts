import type { Checked, CheckedObject } from '../engine/checked.ts'
import { visible, visibleJson } from '../runtime/visible.ts'

/** The version of the contract below; it grows by fields, and changes its number if one goes or means something else. */
const VERSION = 1

/** Writes what was checked as JSON: a stable contract, described in docs/design.md. */
export function writeJson({ objects }: Checked, _assumeInjection: boolean): string {
  return `${visibleJson({ version: VERSION, objects: objects.map(toJson) }, 2)}\n`
}

function toJson({ manifest, namespace, name, images, plan, findings }: CheckedObject) {
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
    findings: findings.map(({ code, effect, secret, container, image, suggestion, message }) => ({
      code,
      effect,
      secret: secret ?? null,
      container: container ?? null,
      image: image ?? null,
      suggestion: suggestion?.text ?? null,
      // For people, whoever prints it; all else is as it is.
      message: visible(message),
    })),
  }
}
