/** Who brought a reference onto the Pod; decides whom a finding about it concerns. */
export type Origin = 'object' | 'serviceAccount' | 'configuration'

/** An entry of a Pod's `imagePullSecrets`. */
export interface Reference {
  readonly secret: string
  readonly origin: Origin
}

/** Where a configured name stands: in the order in which they are looked at. */
export type WrittenSource = 'configuration' | 'rule' | 'namespace' | 'pod'

/** A name that configuration, a rule or an annotation writes down for a Pod. */
export interface WrittenName {
  readonly secret: string
  readonly source: WrittenSource
}

/** The names of references, of whatever kind, in their order. */
export function namesOf(references: readonly { readonly secret: string }[]): string[] {
  return references.map(({ secret }) => secret)
}

/** What one name of a Secret costs, wherever it comes from: it is looked up, confirmed, and decided or spoken about. */
const NAME_STEPS = 60

/** What it costs to go through names; long ones cost more. */
export function stepsOfNames(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + NAME_STEPS + name.length / 2, 0)
}
