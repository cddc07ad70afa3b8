import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import { type StatusFlags, status } from '../../src/commands/status/status-action.ts'
import { type Clock, systemClock } from '../../src/runtime/clock.ts'
import { issueCertificate } from '../../src/tls/issue.ts'
import { type ClusterOptions, type Stored, startCluster } from '../commands/ask/stored-cluster.ts'

export const issued = await issueCertificate(['regcred.regcred.svc'])

const LABELS = { 'app.kubernetes.io/name': 'regcred', 'app.kubernetes.io/instance': 'regcred' }
const MADE = { ...LABELS, 'regcred.dev/release': 'regcred', 'app.kubernetes.io/version': '0.1.0' }

const encode = (value: string) => Buffer.from(value).toString('base64')

export function named(kind: string, name: string, rest: object = {}, metadata: object = {}): Stored {
  return {
    kind,
    metadata: { name, namespace: 'regcred', resourceVersion: '1', ...metadata } as Stored['metadata'],
    ...rest,
  }
}

export function namespace(name: string, labels: object = {}): Stored {
  const metadata = { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } }
  return { kind: 'Namespace', metadata: metadata as Stored['metadata'] }
}

export interface Tweaks {
  readonly replicas?: object
  readonly deploymentSpec?: object
  readonly version?: string
  readonly podVersions?: readonly string[]
  readonly args?: readonly string[]
  readonly volumes?: readonly object[]
  readonly failurePolicy?: string
  readonly caBundle?: string
  readonly webhooks?: readonly string[]
  readonly cert?: string
  readonly config?: string
  readonly namespaces?: readonly Stored[]
}

const CONFIG = 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\n'
const ARGS = ['serve', '--tls-self-managed-secret=regcred-tls']
const VOLUMES = [{ name: 'config', configMap: { name: 'regcred' } }]
const NOT_OURS = {
  matchExpressions: [
    { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system', 'regcred', 'legacy'] },
  ],
}

/** A cluster in which regcred is installed by its chart, and everything is as it should be, but for what is tweaked. */
export function release(tweaks: Tweaks = {}): Stored[] {
  const {
    replicas = { readyReplicas: 2, updatedReplicas: 2 },
    deploymentSpec = { replicas: 2 },
    version = '0.1.0',
    podVersions = [version],
    args = ARGS,
    volumes = VOLUMES,
    failurePolicy = 'Fail',
    caBundle = encode(issued.ca),
    webhooks = ['mutate', 'validate', 'secrets'],
    cert = issued.cert,
    config = 'mode: warn\n',
    namespaces = ['default', 'team-a', 'kube-system', 'regcred'].map(name => namespace(name)),
  } = tweaks
  const webhook = (name: string) => ({
    name: `${name}.regcred.dev`,
    clientConfig: { caBundle, service: { name: 'regcred', namespace: 'regcred' } },
    ...(failurePolicy !== '' && { failurePolicy }),
    namespaceSelector: NOT_OURS,
    rules: [{ resources: [name === 'secrets' ? 'secrets' : 'pods'] }],
  })
  const [mutating, validating] = [
    webhooks.filter(name => name === 'mutate'),
    webhooks.filter(name => name !== 'mutate'),
  ]
  const labels = { ...MADE, 'app.kubernetes.io/version': version }
  return [
    named(
      'Deployment',
      'regcred',
      {
        spec: {
          ...deploymentSpec,
          selector: { matchLabels: LABELS },
          template: { spec: { containers: [{ args }], volumes } },
        },
        status: replicas,
      },
      { labels },
    ),
    ...podVersions.map((one, i) =>
      named('Pod', `regcred-${i}`, {}, { labels: { ...MADE, 'app.kubernetes.io/version': one } }),
    ),
    named('MutatingWebhookConfiguration', 'regcred', { webhooks: mutating.map(webhook) }, { labels }),
    named(
      'ValidatingWebhookConfiguration',
      'regcred',
      { webhooks: [...validating.map(webhook), { name: 'else.example.com' }] },
      { labels },
    ),
    named('Secret', 'regcred-tls', { data: { 'tls.crt': encode(cert), 'tls.key': encode(issued.key) } }),
    named('ConfigMap', 'regcred', { data: { 'config.yaml': `${CONFIG}${config}` } }),
    ...namespaces,
  ]
}

/** What regcred does with the Pod of a dry run. */
export const ANSWERS: NonNullable<ClusterOptions['createDry']> = object => [
  object,
  { Warning: '299 - "Pod x: Secret \\"regcred-status-listed\\" does not exist"' },
]

export interface Outcome {
  readonly out: string
  readonly err: string
  readonly status: number
  readonly asked: readonly string[]
}

/** Runs `regcred status` on a cluster; what it throws is its stderr, as the program writes it. */
export async function askStatus(
  t: Test,
  objects: readonly Stored[],
  flags: Partial<StatusFlags> = {},
  options: ClusterOptions & { readonly clock?: Clock } = { createDry: ANSWERS },
): Promise<Outcome> {
  const { kubeconfig, asked } = await startCluster(t, objects, options)
  const streams = {
    stdin: process.stdin,
    stdout: Object.assign(new PassThrough(), { columns: 100 }),
    stderr: new PassThrough(),
  }
  const all: StatusFlags = { kubeconfig, requestTimeout: 10_000, wait: 0, output: 'text', ...flags }
  const code = await status(all, streams, options.clock ?? systemClock)
  streams.stdout.end()
  streams.stderr.end()
  const [out, err] = [await text(streams.stdout), await text(streams.stderr)]
  t.notMatch(`${out}${err}`, 'PRIVATE KEY')
  return { out: out.replaceAll(/\d+ ms/g, 'N ms'), err, status: code, asked }
}
