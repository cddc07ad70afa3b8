import { isDeepStrictEqual } from 'node:util'
import type { Answer } from '../../kubelet/answers.ts'

/** The name of the pinned kubelet with the JSON of Go 1.27, beside those of versions such as v1.30.14. */
export const JSON_V2 = 'v1.37+jsonv2'
/** The first minor whose Go refuses a second colon in a host, as we do. */
const STRICT_ABOUT_COLONS = 36
/** The first minor that limits the path of an image name alone, as we do, and not the registry with it. */
const LIMITS_PATH_ALONE = 32
const TOO_LONG = 'repository name must not be more than 255 characters'

/**
 * In what another kubelet differs from the pinned one. An older one takes more keys, which then find nothing, and fewer long names; the
 * JSON of Go 1.27 tells of the first of several faults. What each finds for an image is compared all the same.
 *
 * @param version such as v1.30.14
 * @returns undefined where nothing differs, and where it should not
 */
export function knownDifference(version: string, theirs: Answer, ours: Answer): string | undefined {
  if (isDeepStrictEqual(ours, theirs)) return undefined
  const minor = Number(version.split(/[.+]/)[1])
  if (minor < LIMITS_PATH_ALONE && theirs.imageFault === TOO_LONG && ours.repo !== undefined)
    return 'an image is refused whose registry and path together are longer than 255 characters'
  if (minor < STRICT_ABOUT_COLONS && isDeepStrictEqual(ours, withKeysOf(theirs, ours)))
    return 'a key with a second colon in its host is kept, and finds nothing'
  if (version === JSON_V2 && isDeepStrictEqual(withoutFaults(ours), withoutFaults(theirs)))
    return 'a docker config is malformed for another of its faults'
  return undefined
}

/** Their answer without what they make of keys that we leave out. */
function withKeysOf(theirs: Answer, ours: Answer): Answer {
  const secrets = theirs.secrets.map((verdict, i) => {
    const own = ours.secrets[i]?.entries
    const entries = verdict.entries?.map(({ parsed, ...entry }, at) => ({
      ...entry,
      ...(parsed !== undefined && own?.[at]?.parsed !== undefined && { parsed }),
    }))
    return { ...verdict, ...(entries && { entries }) }
  })
  return { ...theirs, secrets }
}

function withoutFaults({ secrets, ...answer }: Answer): Answer {
  return { ...answer, secrets: secrets.map(({ fault: _, ...verdict }) => verdict) }
}
