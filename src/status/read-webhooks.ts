import type { WholeCluster } from '../ask/cluster.ts'
import type { Resource } from '../ask/resources.ts'
import { getItems, getText } from '../kube/untyped.ts'
import { nameFirst } from '../runtime/count.ts'
import { type Installation, selectorOf } from './installation.ts'
import type { Part } from './part.ts'
import { unlessForbidden } from './unless-forbidden.ts'

const GROUP = 'admissionregistration.k8s.io'
const KINDS: readonly Resource[] = [
  { kind: 'MutatingWebhookConfiguration', name: 'mutatingwebhookconfigurations', group: GROUP },
  { kind: 'ValidatingWebhookConfiguration', name: 'validatingwebhookconfigurations', group: GROUP },
]
/** What the names of all our webhooks end with, of a release that has another name too. */
const DOMAIN = '.regcred.dev'
/** Names of a list that are told. */
const MAX_TOLD = 5

/** What is registered of a release. */
export interface Registered {
  readonly part: Part
  /** As the API sends them. */
  readonly webhooks: readonly unknown[]
}

/** @throws {AskError} where the cluster does not answer */
export async function readWebhooks(cluster: WholeCluster, installation: Installation): Promise<Registered> {
  const reading = await unlessForbidden(listWebhooks(cluster, selectorOf(installation)))
  if ('forbidden' in reading) {
    return { part: { part: 'webhooks', state: 'unknown', text: reading.forbidden }, webhooks: [] }
  }
  const webhooks = reading.value
  const names = webhooks.map(nameOf)
  const facts = { registered: names }
  if (names.length === 0) {
    const text = 'no webhook is registered, so regcred is asked about nothing'
    return {
      part: {
        part: 'webhooks',
        state: 'bad',
        text,
        facts,
        next: `An upgrade registers them again; see: helm list --namespace ${installation.namespace}`,
      },
      webhooks,
    }
  }
  const listed = nameFirst(names.slice(0, MAX_TOLD), names.length)
  const text = `${names.length === 1 ? 'a webhook is' : `${names.length} webhooks are`} registered: ${listed}`
  return { part: { part: 'webhooks', state: 'good', text, facts }, webhooks }
}

async function listWebhooks(cluster: WholeCluster, labelSelector: string): Promise<readonly unknown[]> {
  const webhooks: unknown[] = []
  for (const kind of KINDS) {
    for await (const configuration of cluster.listAll(kind, labelSelector === '' ? {} : { labelSelector })) {
      const own = getItems(configuration, 'webhooks').filter(webhook => getText(webhook, 'name').endsWith(DOMAIN))
      webhooks.push(...own)
    }
  }
  return webhooks
}

/** What a webhook is called in the values of the chart, e.g. `validate`. */
export function nameOf(webhook: unknown): string {
  return getText(webhook, 'name').split('.', 1).join()
}

/** Whether Pods come to it. */
export function isOfPods(webhook: unknown): boolean {
  return getItems(webhook, 'rules').some(rule => getItems(rule, 'resources').includes('pods'))
}

/** What becomes of Pods while regcred does not answer. */
export function readFailurePolicy(webhooks: readonly unknown[]): Part {
  const policies = webhooks.filter(isOfPods).map(webhook => ({
    name: nameOf(webhook),
    policy: getText(webhook, 'failurePolicy') || 'Fail',
  }))
  const facts = Object.fromEntries(policies.map(({ name, policy }) => [name, policy]))
  const open = policies.filter(({ policy }) => policy === 'Ignore').map(({ name }) => name)
  if (open.length === 0) return { part: 'failurePolicy', state: 'good', text: 'failurePolicy is Fail for Pods', facts }
  const whose = open.length === policies.length ? '' : ` for ${open.join(', ')}`
  const text = `failurePolicy is Ignore${whose}: while regcred does not answer, Pods are let through`
  return { part: 'failurePolicy', state: 'odd', text, facts }
}
