import type { Decision } from '../decision/decision.ts'
import { visible, visibleStrings } from '../runtime/visible.ts'

/**
 * Builds the AdmissionReview that answers a request; the only place that does.
 *
 * What people read of it holds names that may come from anybody, so it is made visible here, whatever made it.
 *
 * A refusal is 403 Forbidden, whose message kubectl prints behind the name of the webhook.
 */
export function respond(uid: string, decision: Decision): string {
  const { allowed, patch, warnings, refusal, annotations } = decision
  return JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: {
      uid,
      allowed,
      // What is undefined JSON leaves out.
      status: refusal === undefined ? undefined : { code: 403, reason: 'Forbidden', message: visible(refusal) },
      patchType: patch === undefined ? undefined : 'JSONPatch',
      patch: patch === undefined ? undefined : Buffer.from(JSON.stringify(patch)).toString('base64'),
      warnings: warnings.length === 0 ? undefined : warnings.map(visible),
      auditAnnotations: Object.keys(annotations).length === 0 ? undefined : visibleStrings(annotations),
    },
  })
}
