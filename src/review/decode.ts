import type { KindPath } from '../policy/settings.ts'
import type { Requester } from './maker.ts'
import type { Review, Stage } from './review.ts'
import { checkEnvelope, type RequestFields } from './schema.ts'
import { readSubject } from './subject.ts'
import { trimReview } from './trim.ts'

/** Characters of an object's kind and name: some kinds have names of any length. */
const MAX_TITLE_LENGTH = 300
/** Characters of a user name: those of identity providers may be long. A longer one is nobody's whom configuration names. */
const MAX_USERNAME_LENGTH = 16_384
/** Groups of who asked. Directories have people in hundreds of them. */
const MAX_GROUPS = 10_000
/** Characters of each of them. */
const MAX_GROUP_LENGTH = 1024

export type Decoded =
  | { readonly ok: true; readonly review: Review }
  | { readonly ok: false; readonly error: 'NOT_JSON' | 'NOT_A_REVIEW'; readonly fault: string }

/**
 * Reads an AdmissionReview of `admission.k8s.io/v1`.
 *
 * What is wrong with the review itself is an error, since there is nobody to answer; what is wrong with the object in it
 * makes the subject unreadable, and such an object is let through.
 *
 * @param templates further kinds with a Pod template, by configuration
 */
export function decode(body: string, stage: Stage, templates: readonly KindPath[]): Decoded {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return { ok: false, error: 'NOT_JSON', fault: 'the body is not JSON' }
  }
  const checked = checkEnvelope(json)
  if ('fault' in checked) return { ok: false, error: 'NOT_A_REVIEW', fault: checked.fault }
  const { request } = checked.value
  return { ok: true, review: trimReview(toReview(request, stage, templates)) }
}

function toReview(request: RequestFields, stage: Stage, templates: readonly KindPath[]): Review {
  const { kind } = request.kind
  const { name: ownName, subject } = readSubject(request, stage === 'mutate' ? 'mutating' : 'stored', templates)
  const name = request.name || ownName
  return {
    uid: request.uid,
    stage,
    dryRun: request.dryRun ?? false,
    ...readRequester(request),
    namespace: kind === 'Namespace' ? '' : (request.namespace ?? ''),
    title: (name === '' ? kind : `${kind} ${name}`).slice(0, MAX_TITLE_LENGTH),
    kind,
    subject,
  }
}

/**
 * Who asked. An error for a name that is too long would let the object through, so its author goes without a name, and without
 * the groups that are too many or too long.
 */
function readRequester({ userInfo }: RequestFields): Requester {
  const { username, groups } = userInfo ?? {}
  const known = groups?.slice(0, MAX_GROUPS).filter(({ length }) => length <= MAX_GROUP_LENGTH)
  const isTooLong = (username?.length ?? 0) > MAX_USERNAME_LENGTH
  return { username: isTooLong ? undefined : (username ?? undefined), groups: known ?? [] }
}
