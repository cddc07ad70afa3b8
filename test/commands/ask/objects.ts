import type { FakeObject } from '../../kube/fake-api-server.ts'
import { type Held, secretOf } from './asked-cluster.ts'

const HOUR_MS = 3_600_000
/** No password, token or `auth` of these is to be seen anywhere. */
const PASSWORDS = ['hunter2-Zq7', 'correct-horse-Kx9', 'battery-staple-Wv3', 'ghp_0123456789abcdefghij'] as const
const [FIRST, SECOND, THIRD, TOKEN_USER] = PASSWORDS

export function authOf(user: string, password: string): string {
  return Buffer.from(`${user}:${password}`).toString('base64')
}

/** A JSON Web Token that ends so many milliseconds from now. */
function tokenFor(milliseconds: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return [part({ alg: 'none' }), part({ exp: Math.floor((Date.now() + milliseconds) / 1000) }), 'signature'].join('.')
}

/** More, so that it is still that long when it is written: of many tests in one process the last is minutes later. */
const SOON_MS = 20 * 60_000
const IN_THREE_HOURS = tokenFor(3 * HOUR_MS + SOON_MS)
export const TWO_DAYS_AGO = tokenFor(-50 * HOUR_MS)

/** What may not be seen: passwords, tokens, and what they are in base64. */
export const HIDDEN: readonly string[] = [
  ...PASSWORDS,
  IN_THREE_HOURS,
  TWO_DAYS_AGO,
  ...PASSWORDS.map(password => Buffer.from(password).toString('base64').slice(0, 8)),
]

/** A docker config with an entry of each kind. */
export const MIXED = {
  auths: {
    'https://index.docker.io/v1/': { auth: authOf('janedoe', FIRST) },
    'ghcr.io': { username: 'joe', password: SECOND },
    'your.private.registry.example.com': {},
    'acme.azurecr.io': { auth: authOf('00000000-0000-0000-0000-000000000000', ''), identitytoken: THIRD },
    'hub.docker.com': { auth: authOf('jane', FIRST) },
    'registry.example.com': { username: 'ci', password: `${SECOND}\n` },
    'quay.io/acme': { username: 'robot' },
    'nobody.example.com': { password: SECOND },
    'tokens.example.com': { username: TOKEN_USER, password: THIRD },
    'https://user:hunter2-Zq7@secret.example.com/path?token=hunter2-Zq7': { auth: authOf('jane', FIRST) },
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com': { username: 'AWS', password: IN_THREE_HOURS },
    'old.example.com': { username: 'jane', password: TWO_DAYS_AGO },
  },
  credsStore: 'desktop',
  credHelpers: { 'gcr.io': 'gcloud' },
}

/** An object of a namespace as an API server sends it in a list. */
export function objectOf(name: string, rest: object, metadata: object = {}): FakeObject {
  return {
    metadata: { name, ...{ namespace: 'default', uid: `uid-${name}` }, resourceVersion: '5', ...metadata },
    ...rest,
  }
}

const containers = (...images: string[]) => images.map((image, i) => ({ name: `c${i}`, image }))
const podSpec = (image: string, secrets: readonly string[], account?: string) => ({
  containers: containers(image),
  imagePullSecrets: secrets.map(name => ({ name })),
  ...(account && { serviceAccountName: account }),
})

const ownedBy = (kind: string, name: string, apiVersion = 'apps/v1') => ({
  ownerReferences: [{ apiVersion, kind, name, controller: true }],
})

const good = { auths: { 'registry.example.com': { auth: authOf('ci', FIRST) } } }

const ROOT = '/api/v1/namespaces/default'

/** The namespace that the transcripts are about. */
export const HELD: Held = {
  [`${ROOT}/secrets`]: [
    secretOf('regcred', MIXED),
    secretOf('good', good),
    secretOf('opaque', good, { type: 'Opaque', key: 'config.json' }),
    secretOf('broken', { auths: { 'ghcr.io': { auth: '%%%' }, 'quay.io': { auth: authOf('a', FIRST) } } }),
    secretOf('store', { auths: { 'ghcr.io': {} }, credsStore: 'desktop' }),
    secretOf(
      'helm-kept',
      { auths: { 'hub.docker.com': { auth: authOf('a', FIRST) }, 'ghcr.io': { auth: authOf('a', FIRST) } } },
      {
        annotations: { 'meta.helm.sh/release-name': 'web' },
      },
    ),
    secretOf('expired', { auths: { 'old.example.com': { username: 'AWS', password: TWO_DAYS_AGO } } }),
    secretOf('near', { auths: { 'near.example.com/acmee': { auth: authOf('a', FIRST) } } }),
    secretOf(
      'made-for-account',
      { auths: { 'made.example.com': { auth: authOf('a', FIRST) } } },
      {
        annotations: { 'openshift.io/token-secret.name': 'x' },
      },
    ),
    secretOf('later', {}, { annotations: { 'replicator.v1.mittwald.de/replicate-from': 'a/b' } }),
    secretOf('plain', 'not a docker config', { type: 'Opaque', key: 'password' }),
  ],
  [`${ROOT}/serviceaccounts`]: [
    objectOf('default', { imagePullSecrets: [{ name: 'regcred' }] }),
    objectOf('ci', { imagePullSecrets: [{ name: 'god' }] }),
    objectOf('bare', {}),
    objectOf('odd', { imagePullSecrets: [{}, { name: 'good' }] }),
  ],
  [`${ROOT}/pods`]: [
    objectOf('private-reg', {
      spec: podSpec('your.private.registry.example.com/janedoe/jdoe-private:v1', ['regcred']),
    }),
    objectOf(
      'web-1',
      { spec: podSpec('ghcr.io/acme/web:1', ['regcred']) },
      {
        ...ownedBy('ReplicaSet', 'web-5d8f'),
        labels: { 'pod-template-hash': '5d8f' },
      },
    ),
    objectOf('empty', { spec: podSpec('ghcr.io/acme/web:1', []) }),
    objectOf('misspelt', { spec: podSpec('registry.example.com/acme/web:1', ['goood']) }),
    objectOf('never', { spec: { containers: [{ name: 'c', image: 'ghcr.io/a/b', imagePullPolicy: 'Never' }] } }),
    objectOf('no-image', { spec: { containers: [] } }),
    objectOf('wrong', { spec: { containers: 'many' } }),
  ],
  '/apis/apps/v1/namespaces/default/deployments': [
    objectOf('web', { spec: { template: { spec: podSpec('ghcr.io/acme/web:1', ['regcred']) } } }),
    objectOf('plain', {
      spec: { template: { spec: { containers: containers('nginx', 'registry.example.com/a', 'ghcr.io/b/c') } } },
    }),
    objectOf('odd', { spec: { template: 'none' } }),
  ],
  '/apis/batch/v1/namespaces/default/jobs': [
    objectOf(
      'nightly-1',
      { spec: { template: { spec: podSpec('old.example.com/a/b', ['expired'], 'ci') } } },
      ownedBy('CronJob', 'nightly', 'batch/v1'),
    ),
  ],
}
