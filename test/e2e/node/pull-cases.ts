import fc from 'fast-check'
import { configCase, matchingCase } from '../../kubelet/cases.ts'
import type { Manifest } from '../control-plane/objects.ts'
import type { User } from './registry.ts'

/** Secrets that a Pod names together, and the images that it is to pull with them. */
export interface PullCase {
  readonly name: string
  readonly secrets: readonly SecretContent[]
  /** Without a tag. */
  readonly images: readonly string[]
}

interface SecretContent {
  readonly type: string
  /** In base64, as in the API. */
  readonly data: Readonly<Record<string, string>>
}

/** Who may pull; the first two, everywhere, are those of the generated cases. */
export const USERS: readonly [User, ...User[]] = [
  { name: 'u', password: 'p' },
  { name: 'user', password: 'pass' },
  { name: 'us', password: 'p' },
  { name: 'use', password: 'p' },
  { name: 'acme', password: 'p', rights: ['reg.example.com/acme/'] },
  { name: 'other', password: 'p', rights: ['reg.example.com/other/'] },
]

/** Those that were seen in the wild, and one for each rule of the kubelet's. */
export function handmadeCases(): PullCase[] {
  const images = [
    'reg.example.com/acme/web',
    'reg.example.com/acme-evil/x',
    'reg.example.com/other/web',
    'reg.example.com:5000/acme/web',
    'other.example.com/acme/web',
    'acme/web',
  ]
  return HANDMADE.map(([name, ...secrets]) => ({ name, secrets, images }))
}

/** Generated ones: each set of Secrets with its own image, and with those of its neighbours. */
export function generatedCases(seed: number, sets: number, imagesPerSet: number): PullCase[] {
  const arbitrary = fc.oneof({ weight: 3, arbitrary: matchingCase() }, { weight: 1, arbitrary: configCase() })
  const cases = fc.sample(arbitrary, { seed, numRuns: sets })
  const images = cases.map(({ image }) => nameOf(image))
  return cases.map(({ secrets }, at) => {
    const near = Array.from({ length: imagesPerSet }, (_, distance) => images[(at + distance) % images.length] ?? '')
    return { name: `generated ${at}`, secrets, images: [...new Set(near)] }
  })
}

/** What the image is called without its tag and digest: nobody has an image of an invented digest. */
function nameOf(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/\]]*$/, '')
}

/** The objects of a case: its Secrets, and a Pod whose containers are never created once their image has been pulled. */
export function objectsOf({ secrets, images }: PullCase, namespace: string, at: number): Manifest[] {
  const name = (i: number) => `pod-${at}-${i}`
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${at}`, namespace },
    spec: {
      automountServiceAccountToken: false,
      hostNetwork: true,
      imagePullSecrets: secrets.map((_, i) => ({ name: name(i) })),
      // The images' user is root: the kubelet pulls, and then goes no further.
      securityContext: { runAsNonRoot: true },
      terminationGracePeriodSeconds: 0,
      containers: images.map((image, i) => ({
        name: `c${i}`,
        image: `${image}:${tagOf(at, i)}`,
        imagePullPolicy: 'Always',
      })),
    },
  }
  const stored = secrets.map(({ type, data }, i) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: name(i), namespace },
    type,
    data,
  }))
  return [...stored, pod]
}

/** By which the registry knows for whom an image is asked. */
export function tagOf(at: number, container: number): string {
  return `p${at}-c${container}`
}

const good = { auth: encode('u:p') }

function encode(text: string): string {
  return Buffer.from(text).toString('base64')
}

function json(config: unknown): SecretContent {
  return { type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': encode(JSON.stringify(config)) } }
}

function auths(...entries: readonly (readonly [string, object])[]): SecretContent {
  return json({ auths: Object.fromEntries(entries) })
}

const dockercfg = {
  type: 'kubernetes.io/dockercfg',
  data: { '.dockercfg': encode(JSON.stringify({ 'reg.example.com': good })) },
}

const HANDMADE: readonly (readonly [name: string, ...secrets: SecretContent[]])[] = [
  ['no Secret'],
  ['a host', auths(['reg.example.com', good])],
  ['a host and a port', auths(['reg.example.com:5000', good])],
  ['https://', auths(['https://reg.example.com', good])],
  ['http:// and /v1/', auths(['http://reg.example.com/v1/', good])],
  ['/v2/ and a path', auths(['https://reg.example.com/v2/acme', good])],
  ['a path', auths(['reg.example.com/acme', good])],
  ['a path that ends in a slash', auths(['reg.example.com/acme/', good])],
  ['the image itself', auths(['reg.example.com/acme/web', good])],
  ['a glob', auths(['*.example.com', good])],
  ['a glob with a port', auths(['*.example.com:5000', good])],
  ['a glob of one part', auths(['*', good])],
  ['the host in capitals', auths(['REG.example.com', good])],
  ['Docker Hub as docker login writes it', auths(['https://index.docker.io/v1/', good])],
  ['Docker Hub without the last slash', auths(['https://index.docker.io/v1', good])],
  ['docker.io', auths(['docker.io', good])],
  ["Docker Hub's API", auths(['https://registry-1.docker.io', good])],
  ['a wrong password', auths(['reg.example.com', { auth: encode('u:wrong') }])],
  ['a user who may pull some', auths(['reg.example.com', { auth: encode('acme:p') }])],
  [
    'two users, each with a path',
    auths(
      ['reg.example.com/acme/', { auth: encode('acme:p') }],
      ['reg.example.com/other/', { auth: encode('other:p') }],
    ),
  ],
  [
    'two Secrets for one host, the first of which may not',
    auths(['reg.example.com', { auth: encode('other:p') }]),
    auths(['reg.example.com', { auth: encode('acme:p') }]),
  ],
  ['username and password', auths(['reg.example.com', { username: 'u', password: 'p' }])],
  ['auth beside another password', auths(['reg.example.com', { username: 'u', password: 'wrong', ...good }])],
  ['no user', auths(['reg.example.com', { auth: encode(':p') }])],
  ['no password', auths(['reg.example.com', { auth: encode('u:') }])],
  ['nothing', auths(['reg.example.com', {}])],
  ['null', json({ auths: { 'reg.example.com': null } })],
  ['an identity token alone', auths(['reg.example.com', { identitytoken: 'token' }])],
  ['an identity token and no password', auths(['reg.example.com', { auth: encode('u:'), identitytoken: 'token' }])],
  ['an identity token and a password', auths(['reg.example.com', { ...good, identitytoken: 'token' }])],
  ['a registry token beside no password', auths(['reg.example.com', { auth: encode('u:'), registrytoken: 'token' }])],
  ['a registry token and a password', auths(['reg.example.com', { ...good, registrytoken: 'token' }])],
  ['a credential store', json({ auths: { 'reg.example.com': {} }, credsStore: 'desktop' })],
  ['a credential store beside good entries', json({ auths: { 'reg.example.com': good }, credsStore: 'desktop' })],
  ['credential helpers', json({ auths: {}, credHelpers: { 'reg.example.com': 'gcloud' } })],
  ['AUTHS', json({ AUTHS: { 'reg.example.com': good } })],
  ['dockercfg', dockercfg],
  ['Opaque', { ...auths(['reg.example.com', good]), type: 'Opaque' }],
  ['auth without a colon', auths(['reg.example.com', { auth: encode('up') }])],
  ['auth without a colon beside a good Secret', auths(['x', { auth: encode('up') }]), auths(['reg.example.com', good])],
  ['auth that is no base64', auths(['reg.example.com', { auth: '#' }])],
  ['auth with a line break', auths(['reg.example.com', { auth: 'dT\npw' }])],
  ['a password with a line break', auths(['reg.example.com', { auth: encode('u:p\n') }])],
  ['HttpHeaders that are no strings', json({ auths: { 'reg.example.com': good }, HttpHeaders: { X: 1 } })],
]
