import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { parseAllDocuments } from 'yaml'
import { poll } from '../../processes/poll.ts'
import { base64 } from '../control-plane/kubeconfig.ts'
import { type Kubectl, outputOf } from '../control-plane/kubectl.ts'

/** What the tests want to be other than in webhooks.yaml. */
export interface Registration {
  /** `https://HOST:PORT`: where both stages are. */
  readonly url: string
  /** As PEM: who has to have signed the server's certificate. */
  readonly authority: string
  /** The names of the webhooks to register, e.g. without `mutate.regcred.dev`. All, if not given. */
  readonly webhooks?: readonly string[]
  readonly failurePolicy?: 'Fail' | 'Ignore'
  readonly timeoutSeconds?: number
  /** Further kinds that keep their Pod template at `/spec/template`. */
  readonly templates?: readonly { readonly group: string; readonly resource: string }[]
  /** False to register without matchConditions, so that everything that the rules name comes; or those of all webhooks. */
  readonly matchConditions?: false | readonly object[]
  /** Those of some webhooks, by their names. */
  readonly conditionsOf?: ReadonlyMap<string, readonly object[]>
  /** Namespaces of which nothing is reviewed, beside kube-system. */
  readonly exceptNamespaces?: readonly string[]
}

interface Webhook {
  readonly name: string
  readonly clientConfig: { readonly url: string; readonly caBundle?: string }
  readonly rules: readonly object[]
  readonly matchConditions?: readonly object[]
  readonly [field: string]: unknown
}

interface Configuration {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly webhooks: readonly Webhook[]
  readonly [field: string]: unknown
}

/** The webhook for everything with a Pod template. */
const TEMPLATES = 'templates.regcred.dev'
const MANIFEST = new URL('webhooks.yaml', import.meta.url)
/** No server listens here. */
const NOWHERE = 'https://127.0.0.1:1/'

/**
 * Registers regcred's webhooks, in place of those that are registered, and waits until the API server calls them. Each
 * configuration gets one webhook more, which fails for a ConfigMap that nobody makes but this function (in a dry run):
 * once it fails, the configuration as a whole is in effect.
 */
export async function registerWebhooks(kubectl: Kubectl, registration: Registration): Promise<void> {
  const id = randomUUID()
  const configurations = (await readConfigurations()).map(configuration => ({
    ...configuration,
    webhooks: [
      ...adapt(configuration.webhooks, registration),
      failFor(configuration.metadata.name, `${configuration.metadata.name}-${id}`),
    ],
  }))
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: configurations })
  const owner = ['--server-side', '--force-conflicts', '--field-manager=regcred-test']
  outputOf(await kubectl(['apply', ...owner, '-f', '-'], { input }))
  for (const { metadata } of configurations) {
    const probe = `${metadata.name}-${id}`
    await poll(`the API server calls ${metadata.name}`, async () => {
      const { stderr } = await kubectl(['create', 'configmap', probe, '--dry-run=server'])
      return stderr.includes(`failed calling webhook "registered.${metadata.name}"`) ? true : undefined
    })
  }
}

/** Waits until the API server calls regcred no more, and removes what is left of the configurations. */
export async function unregisterWebhooks(kubectl: Kubectl): Promise<void> {
  await registerWebhooks(kubectl, { url: NOWHERE, authority: '', webhooks: [] })
  for (const { kind, metadata } of await readConfigurations()) outputOf(await kubectl(['delete', kind, metadata.name]))
}

async function readConfigurations(): Promise<Configuration[]> {
  const documents = parseAllDocuments(await readFile(MANIFEST, 'utf8'))
  return [...documents].map(document => document.toJS() as Configuration)
}

function adapt(webhooks: readonly Webhook[], registration: Registration): Webhook[] {
  const {
    url,
    authority,
    webhooks: wanted,
    failurePolicy,
    timeoutSeconds,
    templates = [],
    exceptNamespaces,
  } = registration
  const further = templates.map(({ group, resource }) => ({
    apiGroups: [group],
    apiVersions: ['*'],
    resources: [resource],
    operations: ['CREATE', 'UPDATE'],
    scope: 'Namespaced',
  }))
  return webhooks
    .filter(webhook => wanted?.includes(webhook.name) ?? true)
    .map(({ matchConditions: own, ...webhook }) => ({
      ...webhook,
      ...withConditions(registration.conditionsOf?.get(webhook.name) ?? registration.matchConditions ?? own),
      ...(webhook.name === TEMPLATES && { rules: [...webhook.rules, ...further] }),
      ...(failurePolicy && { failurePolicy }),
      ...(timeoutSeconds && { timeoutSeconds }),
      ...(exceptNamespaces && { namespaceSelector: notIn(['kube-system', ...exceptNamespaces]) }),
      clientConfig: { url: `${url}${webhook.clientConfig.url}`, caBundle: base64(authority) },
    }))
}

function withConditions(matchConditions: false | readonly object[] | undefined) {
  return matchConditions && { matchConditions }
}

function notIn(namespaces: readonly string[]) {
  return { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: namespaces }] }
}

/** A webhook that makes each attempt to create the ConfigMap of this name fail. */
function failFor(configuration: string, configMap: string): Webhook {
  return {
    name: `registered.${configuration}`,
    clientConfig: { url: NOWHERE },
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy: 'Fail',
    rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE'] }],
    matchConditions: [{ name: 'probe', expression: `object.metadata.name == '${configMap}'` }],
  }
}
