import type { Decision } from '../decision/decision.ts'

/**
 * Builds the AdmissionReview that answers a request; the only place that does.
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
      status: refusal === undefined ? undefined : { code: 403, reason: 'Forbidden', message: refusal },
      patchType: patch === undefined ? undefined : 'JSONPatch',
      patch: patch === undefined ? undefined : Buffer.from(JSON.stringify(patch)).toString('base64'),
      warnings: warnings.length === 0 ? undefined : warnings,
      auditAnnotations: Object.keys(annotations).length === 0 ? undefined : annotations,
    },
  })
}
