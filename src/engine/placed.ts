import { byName, imagePlace, type NamedPlace, secretPlace } from '../manifests/places.ts'
import type { Finding } from '../policy/finding.ts'
import type { CheckedFinding } from './checked.ts'

/** Findings, each with the place of the name that is wrong: an image's, else a Secret's. */
export function placed(findings: readonly Finding[], places: readonly NamedPlace[]): readonly CheckedFinding[] {
  if (findings.length === 0) return NO_FINDINGS
  const known = byName(places)
  return findings.map(finding => {
    const { secret, container = '', image } = finding
    const ofImage = image === undefined ? undefined : known.get(imagePlace(container, image))
    const place = ofImage ?? (secret === undefined ? undefined : known.get(secretPlace(secret)))
    return place === undefined ? finding : { ...finding, place }
  })
}

/** Most objects have none, and there may be very many. */
const NO_FINDINGS: readonly CheckedFinding[] = []
