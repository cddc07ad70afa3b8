import type { CheckedFinding, CheckedObject } from '../engine/checked.ts'
import type { FindingCode } from '../policy/finding.ts'

/** What a problem of an object is known again by when lines have moved: code, namespace, kind, name, and Secret or image. */
export type Identity = readonly [code: string, namespace: string, kind: string, name: string, about: string]

/** The identity of what is said of an object. */
export function identityOf(
  code: FindingCode | 'WouldInject',
  about: string,
  { manifest, namespace, name }: CheckedObject,
): Identity {
  return [code, namespace, manifest.kind, name, about]
}

/** What a finding is about: a Secret, else an image, else nothing but its object. A release changes the tag of an image, and nothing else. */
export function aboutOf({ secret, image = '' }: Pick<CheckedFinding, 'secret' | 'image'>): string {
  return secret ?? withoutTag(image)
}

function withoutTag(image: string): string {
  const digest = image.indexOf('@')
  const tagged = digest === -1 ? image : image.slice(0, digest)
  const colon = tagged.lastIndexOf(':')
  // A port stands before the path.
  return colon > tagged.lastIndexOf('/') ? tagged.slice(0, colon) : tagged
}
