import { type CorpusObject, type CorpusPod, child, type Json, namesIn } from './objects.ts'

const HUB = 'https://index.docker.io/v1/'

/** The ways in which people write the key of a registry; the kubelet takes all of them. */
const KEYS = [
  (host: string) => host,
  (host: string) => `https://${host}`,
  (host: string) => `https://${host}/v2/`,
  (host: string, first: string) => `${host}/${first}`,
]

/** The cluster that manifests were written for: their own objects, and the pull secrets that they name. */
export interface Surroundings {
  /** Whether the Secrets that references name exist, and cover the images of those who name them. */
  readonly secrets: boolean
  /** Hosts whose images a further pull secret of each namespace covers, which nothing names. */
  readonly further: readonly string[]
}

export function clusterOf(objects: readonly CorpusObject[], { secrets, further }: Surroundings): Json[] {
  const namespaces = [...new Set(objects.map(({ namespace }) => namespace))]
  return [
    ...objects.map(({ object, namespace }) => ({
      ...object,
      metadata: { ...child(object, 'metadata'), namespace },
    })),
    ...namespaces.map(name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...namespaces.flatMap(namespace => [
      ...accountsOf(objects, namespace),
      pullSecret('of-another-team', namespace, { 'registry.another.example': CREDENTIALS }),
      ...(further.length === 0
        ? []
        : [pullSecret('further', namespace, Object.fromEntries(further.map(host => [keyOf(host), CREDENTIALS])))]),
      ...(secrets ? referencedSecrets(objects, namespace) : []),
    ]),
  ]
}

/** The references that a Pod will have: its own, else those of its ServiceAccount. */
export function referencesOf(objects: readonly CorpusObject[], namespace: string, pod: CorpusPod): readonly string[] {
  if (pod.references.length > 0) return pod.references
  const account = objects.find(o => o.kind === 'ServiceAccount' && o.namespace === namespace && o.name === pod.account)
  return namesIn(account?.object['imagePullSecrets'])
}

/** The host of an image, and the first part of its path. */
export function placeOf(image: string): { readonly host: string; readonly first: string } {
  const parts = image.split('/')
  const [first = ''] = parts
  const named = parts.length > 1 && (/[.:]/.test(first) || first === 'localhost')
  if (!named) return { host: 'docker.io', first: parts.length > 1 ? first : 'library' }
  return { host: first, first: parts.length > 2 ? String(parts[1]) : '' }
}

const CREDENTIALS = { username: 'robot', password: 'swordfish' }

/** The ServiceAccounts that Pods run under and that the manifests leave to somebody else, `default` for one. */
function accountsOf(objects: readonly CorpusObject[], namespace: string): Json[] {
  const here = objects.filter(object => object.namespace === namespace)
  const made = new Set(here.filter(({ kind }) => kind === 'ServiceAccount').map(({ name }) => name))
  const wanted = new Set(['default', ...here.flatMap(({ pods }) => pods.map(({ account }) => account))])
  return [...wanted]
    .filter(name => !made.has(name))
    .map(name => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } }))
}

function referencedSecrets(objects: readonly CorpusObject[], namespace: string): Json[] {
  const here = objects.filter(object => object.namespace === namespace)
  const images = [...new Set(here.flatMap(({ pods }) => pods.flatMap(pod => pod.images)))]
  const auths = Object.fromEntries(images.map((image, i) => [keyFor(image, i), CREDENTIALS]))
  const accounts = here.filter(({ kind }) => kind === 'ServiceAccount')
  const names = new Set([
    ...here.flatMap(({ pods }) => pods.flatMap(pod => pod.references)),
    ...accounts.flatMap(({ object }) => namesIn(object['imagePullSecrets'])),
  ])
  return [...names].map(name => pullSecret(name, namespace, auths))
}

function keyFor(image: string, i: number): string {
  const { host, first } = placeOf(image)
  if (host === 'docker.io') return HUB
  const write = first === '' ? keyOf : KEYS[i % KEYS.length]
  return (write ?? keyOf)(host, first)
}

function keyOf(host: string): string {
  return host === 'docker.io' ? HUB : host
}

function pullSecret(name: string, namespace: string, auths: Json): Json {
  const stringData = { '.dockerconfigjson': JSON.stringify({ auths }) }
  const metadata = { name, namespace }
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/dockerconfigjson', stringData }
}
