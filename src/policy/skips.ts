import type { Told } from '../advice/advice.ts'
import { listFewer, listSecret, whereInAccount } from '../advice/on-objects.ts'
import { createSecret, renewCredentials } from '../advice/on-secrets.ts'
import type { PodCase } from './facts.ts'
import { adviseOnFault, faultOf } from './findings/reference.ts'
import { placeOfSecrets, whereConfigured } from './findings/where.ts'
import { judge } from './judgement.ts'
import type { Plan, Skipped } from './plan.ts'
import type { WrittenName } from './reference.ts'

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
export function explainSkips(pod: PodCase, plan: Plan): Told[] {
  const written = plan.skipped.filter(isWritten)
  if (written.length === 0) return []
  const others = judge(pod, plan).privateUncovered
  return written.flatMap(skipped => {
    if (skipped.source !== 'pod' && !others) return []
    const why = explain(pod, skipped, skipped.reason)
    return why === undefined
      ? []
      : [{ ...why, problem: `pull secret "${skipped.secret}" was not added: ${why.problem}` }]
  })
}

function isWritten(skipped: Skipped): skipped is Skipped & WrittenName {
  return skipped.secret !== null && skipped.source !== 'match'
}

function explain(
  { facts, lookup }: PodCase,
  { secret, source }: WrittenName,
  reason: Skipped['reason'],
): Told | undefined {
  switch (reason) {
    case 'notUsable': {
      const state = lookup.secret(secret)
      const fault = state.state === 'value' && faultOf(state.value)
      const place = placeOfSecrets(facts)
      return fault
        ? { problem: `it ${fault.problem}`, advice: adviseOnFault(secret, fault.code, place) }
        : { problem: 'its credentials have expired', advice: renewCredentials(secret, place) }
    }
    case 'notThere':
      return {
        problem: `it does not exist in namespace "${facts.namespace}"`,
        advice: createSecret(secret, facts.namespace, whereConfigured(source)),
      }
    case 'tooMany':
      return { problem: 'regcred adds at most 16 to a Pod', advice: listFewer() }
    case 'mountableSecretsEnforced': {
      const { serviceAccount, home, namespace, rulebook } = facts
      if (serviceAccount.state !== 'value') return undefined
      // The command has the other names in its list.
      const wanted = rulebook.settings.suggestions === 'none' ? undefined : { secret }
      return {
        problem: 'the ServiceAccount enforces mountable secrets and does not list it',
        advice: listSecret(secret, whereInAccount(serviceAccount.value, wanted, home, namespace)),
      }
    }
    default:
      return undefined
  }
}
