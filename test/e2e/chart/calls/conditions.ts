import { outputOf } from '../../control-plane/kubectl.ts'
import { createHelm, findObject, objectsOf, templateArgs } from '../helm.ts'

/** A match condition of a webhook. */
interface MatchCondition {
  readonly name: string
  readonly expression: string
}

/** Of each webhook by its name, e.g. `mutate.regcred.dev`. */
export type Conditions = ReadonlyMap<string, readonly MatchCondition[]>

/** The condition that `webhooks.skipUnaffected` brings. */
export const SKIP = 'may-need-a-pull-secret'

const helm = createHelm()

/** Renders the chart with these values (`helm --set-json`), and takes the match conditions of its webhooks. */
export async function renderConditions(...sets: readonly string[]): Promise<Conditions> {
  const objects = objectsOf(outputOf(await helm(...templateArgs([], sets))))
  const webhooks = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].flatMap(
    kind =>
      findObject(objects, kind)['webhooks'] as readonly { name: string; matchConditions?: readonly MatchCondition[] }[],
  )
  return new Map(webhooks.map(({ name, matchConditions = [] }) => [name, matchConditions]))
}

/** What helm says of values that it does not render; nothing of others. */
export async function complaintAbout(...sets: readonly string[]): Promise<string> {
  const { code, stderr } = await helm(...templateArgs([], sets))
  return code === 0 ? '' : stderr
}

/** The expression of one condition of one webhook. */
export function expressionOf(conditions: Conditions, webhook: string, name: string): string | undefined {
  return conditions.get(webhook)?.find(condition => condition.name === name)?.expression
}
