import type { Cluster } from '../../../../src/app.ts'
import { parseConfiguration } from '../../../../src/config/parse.ts'
import { admit } from '../../../../src/engine/admit.ts'
import { parseManifests } from '../../../../src/manifests/read.ts'
import { prepareRulebook, type Rulebook } from '../../../../src/policy/rulebook.ts'
import { decode } from '../../../../src/review/decode.ts'
import { clusterOf } from '../../../engine/golden-cluster.ts'
import { type Manifest, namespace, pullSecret, serviceAccount } from '../../control-plane/objects.ts'
import type { ImageSettings } from './generated.ts'

const NAMESPACE = 'default'
/** Credentials for every registry of the generated Pods, with a path and without, and for everything. */
const HOSTS = [
  ...[
    'https://index.docker.io/v1/',
    'docker.io',
    'registry.k8s.io',
    'k8s.gcr.io',
    'public.ecr.aws',
    'ecr-public.aws.com',
  ],
  ...['ghcr.io', 'gcr.io', '*.gcr.io', '*.*.gcr.io', 'quay.io', 'mcr.microsoft.com', '*.example.com', 'localhost:5000'],
  ...[
    'registry.example.com:5000',
    '*-docker.pkg.dev',
    '*.*.*.*.amazonaws.com',
    'foo_bar.example.com',
    '*.io',
    'localhost',
  ],
]
const pullSecrets = [
  ...HOSTS.map((host, i) => pullSecret(NAMESPACE, `host-${i}`, host)),
  ...HOSTS.flatMap((host, i) =>
    ['acme', 'library', 'distroless', 'x', 'docker.io', 'nginx'].map(path =>
      pullSecret(NAMESPACE, `path-${i}-${path}`.replace('.', '-'), `${host.replace(/\/v1\/$/, '')}/${path}`),
    ),
  ),
]
const labelled = (mode: string, inject?: string) =>
  namespace(NAMESPACE, { labels: { 'regcred.dev/mode': mode, ...(inject && { 'regcred.dev/inject': inject }) } })
const account = serviceAccount(NAMESPACE, 'default', [])
const strict = serviceAccount(NAMESPACE, 'default', [], { 'kubernetes.io/enforce-mountable-secrets': 'true' })

/** What a match condition cannot see, and nobody promises: what is in the namespace, and what of it is known. */
const SITUATIONS: readonly {
  readonly name: string
  readonly objects: readonly Manifest[]
  readonly unknown?: string[]
}[] = [
  { name: 'enforced, injected, full', objects: [labelled('enforce', 'enabled'), account, ...pullSecrets] },
  { name: 'as configured, full', objects: [namespace(NAMESPACE), account, ...pullSecrets] },
  { name: 'audited, empty', objects: [labelled('audit'), account] },
  { name: 'enforced, without injection', objects: [labelled('enforce', 'disabled'), account] },
  { name: 'enforced mountable secrets', objects: [labelled('enforce'), strict, ...pullSecrets] },
  { name: 'unknown', objects: [account], unknown: ['namespace', 'serviceaccount', 'secrets'] },
]

/** What regcred says of a Pod, run directly. */
export type Judge = (pod: object) => Promise<string[]>

/** @throws for a configuration that regcred would reject */
export async function createJudge(config: ImageSettings): Promise<Judge> {
  const head = { apiVersion: 'regcred.dev/v1alpha1', kind: 'AdmissionConfiguration' }
  const enforce = { unknown: config.view?.secrets === 'names' ? 'allow' : 'refuse' }
  const configuration = parseConfiguration(JSON.stringify({ ...head, enforce, ...config }), 'generated')
  if (!configuration.ok) throw new Error(JSON.stringify(configuration.faults))
  const rulebook = prepareRulebook(configuration.settings)
  const clusters = await Promise.all(
    SITUATIONS.map(async ({ name, objects, unknown = [] }) => ({ name, cluster: await clusterWith(objects, unknown) })),
  )
  return async pod => {
    const said: string[] = []
    for (const { name, cluster } of clusters) {
      for (const stage of ['mutate', 'validate'] as const) {
        for (const each of await ask(pod, stage, cluster, rulebook)) said.push(`${name}, ${stage}: ${each}`)
      }
    }
    return said
  }
}

async function clusterWith(objects: readonly Manifest[], unknown: readonly string[]): Promise<Cluster> {
  const parsed = await parseManifests('c', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }))
  if (!parsed.ok) throw new Error(parsed.faults.join())
  return clusterOf(parsed.manifests, unknown)
}

const REQUEST = { uid: 'u', kind: { group: '', version: 'v1', kind: 'Pod' }, name: 'web', namespace: NAMESPACE }

/**
 * Everything that comes of a review, but for what a Pod that needs nothing is not told of either: that nothing is added here to any Pod,
 * or to none for a pull secret that fits, and that a namespace or its ServiceAccount could not be read.
 */
async function ask(object: object, stage: 'mutate' | 'validate', { view, live }: Cluster, rulebook: Rulebook) {
  const request = {
    ...REQUEST,
    operation: 'CREATE',
    userInfo: { username: 'jane', groups: [] },
    object,
    oldObject: null,
  }
  const body = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request })
  const decoded = decode(body, stage, rulebook.settings.templates)
  if (!decoded.ok) throw new Error(decoded.fault)
  const { outcome } = await admit(decoded.review, { view, live, rulebook, now: Date.now }, () => 1000)
  const { decision, findings, plan, unknown, tooMuch } = outcome
  const { allowed, warnings, patch, refusal, unconfirmed, annotations } = decision
  const skipped = plan.skipped.filter(
    ({ source, reason }) =>
      source !== null && !(source === 'match' && /^(registryNotEligible|notUsable)$/.test(reason)),
  )
  const left = unknown.filter(name => name !== 'namespace' && name !== 'serviceaccount')
  return [
    ...(allowed ? [] : [`refused: ${refusal}`]),
    ...warnings,
    ...(patch ? ['patched'] : []),
    ...(unconfirmed ? [`unconfirmed: ${unconfirmed}`] : []),
    ...(tooMuch ? ['too much'] : []),
    ...(annotations['error'] ? [`unreadable: ${annotations['error']}`] : []),
    ...findings.map(({ code }) => code),
    ...plan.wouldAdd.map(({ source }) => `would add by ${source}`),
    ...skipped.map(({ source, reason }) => `${source}=${reason}`),
    ...left.map(name => `unknown: ${name}`),
  ]
}
