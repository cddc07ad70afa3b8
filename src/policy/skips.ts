import type { PodCase } from './facts.ts'
import { faultOf } from './findings/reference.ts'
import { judge } from './judgement.ts'
import type { Plan, Skipped } from './plan.ts'

/** The other reasons are no loss to the Pod: it has the name, needs none, or nobody may inject there. */
const TOLD: readonly Skipped['reason'][] = ['notUsable', 'notThere', 'tooMany', 'mountableSecretsEnforced']

/** Whether the author of the Pod asked for this name and would like to hear why it is not injected. */
export function isTold(skipped: Skipped): skipped is Skipped & { readonly secret: string } {
  const { secret, source, reason } = skipped
  return secret !== null && source === 'pod' && TOLD.includes(reason)
}

/**
 * Says why names that were to be injected were not: those that the Pod itself asks for, and any while an image that
 * configuration calls private is left without credentials.
 */
export function explainSkips(pod: PodCase, plan: Plan): string[] {
  const written = plan.skipped.filter(({ secret, source }) => secret !== null && source !== 'match')
  if (written.length === 0) return []
  const others = judge(pod, plan).privateUncovered
  return written.flatMap(({ secret, source, reason }) => {
    if (secret === null || (source !== 'pod' && !others)) return []
    const why = explain(pod, secret, reason)
    return why === undefined ? [] : [`pull secret "${secret}" was not added: ${why}`]
  })
}

function explain({ facts, lookup }: PodCase, secret: string, reason: Skipped['reason']): string | undefined {
  switch (reason) {
    case 'notUsable': {
      const state = lookup.secret(secret)
      const fault = state.state === 'value' && faultOf(state.value)
      return fault ? `it ${fault.problem}; ${fault.advice}` : 'its credentials have expired; renew them'
    }
    case 'notThere':
      return `it does not exist in namespace "${facts.namespace}"; create it there`
    case 'tooMany':
      return 'regcred adds at most 16 to a Pod; list fewer'
    case 'mountableSecretsEnforced':
      return 'the ServiceAccount enforces mountable secrets and does not list it; add it to the ServiceAccount'
    default:
      return undefined
  }
}
