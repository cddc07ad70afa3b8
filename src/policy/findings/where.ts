import { whereIn } from '../../advice/home.ts'
import { whereInAccount } from '../../advice/on-objects.ts'
import type { SecretPlace } from '../../advice/on-secrets.ts'
import type { PodFacts } from '../facts.ts'
import type { Judgement } from '../judgement.ts'
import { PULL_SECRETS_ANNOTATION } from '../labels.ts'
import type { Reference, WrittenName, WrittenSource } from '../reference.ts'

/** Where a configured name is written. */
export function whereConfigured(source: WrittenSource): string {
  return WRITTEN_IN[source]
}

const WRITTEN_IN: Readonly<Record<WrittenSource, string>> = {
  configuration: 'inject.secrets of the configuration',
  rule: 'inject.rules of the configuration',
  namespace: `annotation ${PULL_SECRETS_ANNOTATION} of the Namespace`,
  pod: `annotation ${PULL_SECRETS_ANNOTATION} of the Pod`,
}

/**
 * Where the name of a reference is written, and what is to be done there.
 *
 * | who brought it                  | where it is written                                   |
 * | ------------------------------- | ----------------------------------------------------- |
 * | the ServiceAccount              | in its list, with the command that writes another     |
 * | configuration, or an annotation | there                                                 |
 * | the object                      | in its own list                                       |
 *
 * @param written the configured names, by name
 * @param instead the name that was meant; undefined where nobody can say
 */
export function whereWritten(
  { secret, origin }: Reference,
  { home, serviceAccount, namespace }: PodFacts,
  written: ReadonlyMap<string, WrittenName>,
  instead: string | undefined,
): string {
  if (origin === 'serviceAccount' && serviceAccount.state === 'value') {
    const wanted = instead === undefined ? undefined : { secret: instead, insteadOf: secret }
    return whereInAccount(serviceAccount.value, wanted, home, namespace)
  }
  const source = written.get(secret)?.source
  const isConfigured = origin === 'configuration' || source === 'pod'
  return isConfigured && source !== undefined ? whereConfigured(source) : whereIn(home, namespace)
}

/**
 * Where a pull secret is to be listed: where those are that the object has. A list of its own would take those of its ServiceAccount
 * from it.
 *
 * @param secret undefined where nobody can say which
 */
export function whereToList({ pod, references }: Judgement, secret: string | undefined): string {
  const { home, serviceAccount, namespace } = pod.facts
  const isOfAccount =
    references.some(({ origin }) => origin === 'serviceAccount') &&
    !references.some(({ origin }) => origin === 'object')
  if (!isOfAccount || serviceAccount.state !== 'value') return whereIn(home, namespace)
  return whereInAccount(serviceAccount.value, secret === undefined ? undefined : { secret }, home, namespace)
}

/** Where the Secrets are that a Pod names: what keeps one of them is not known. */
export function placeOfSecrets({ home, namespace }: PodFacts): SecretPlace {
  return { isFile: home.isFile, namespace }
}
