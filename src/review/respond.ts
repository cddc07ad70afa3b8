import type { Decision } from '../decision/decision.ts'
import { visible, visibleStrings } from '../runtime/visible.ts'

/**
 * Builds the AdmissionReview that answers a request; the only place that does.
 *
 * What people read of it holds names that may come from anybody, so it is made visible here, whatever made it.
 *
 * | refused                    | status                                            | kubectl and Helm                        |
 * | -------------------------- | ------------------------------------------------- | --------------------------------------- |
 * | for what is wrong          | 403 Forbidden                                     | print the message                       |
 * | until more is known        | 429 TooManyRequests, with the seconds in its details | try again for about ten times, then print it |
 */
export function respond(uid: string, decision: Decision): string {
  const { allowed, patch, warnings, annotations } = decision
  return JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: {
      uid,
      allowed,
      // What is undefined JSON leaves out.
      status: statusOf(decision),
      patchType: patch === undefined ? undefined : 'JSONPatch',
      patch: patch === undefined ? undefined : Buffer.from(JSON.stringify(patch)).toString('base64'),
      warnings: warnings.length === 0 ? undefined : warnings.map(visible),
      auditAnnotations: Object.keys(annotations).length === 0 ? undefined : visibleStrings(annotations),
    },
  })
}

function statusOf({ refusal, retryAfterSeconds }: Decision): object | undefined {
  if (refusal === undefined) return undefined
  if (retryAfterSeconds === undefined) return { code: 403, reason: 'Forbidden', message: visible(refusal) }
  return { code: 429, reason: 'TooManyRequests', message: visible(refusal), details: { retryAfterSeconds } }
}
