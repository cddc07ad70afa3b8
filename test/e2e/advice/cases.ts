import type { AdviceKind } from '../../../src/advice/advice.ts'
import {
  deployment,
  dockerConfig,
  IMAGE,
  type Manifest,
  namespace,
  opaqueSecret,
  type PodTweak,
  pod,
  pullSecret,
  REGISTRY,
  serviceAccount,
  workload,
} from '../control-plane/objects.ts'
import { type Edit, editDockerConfig, writeName, writeRegistry } from './edit.ts'

/** A mistake, what its author reads, and what he does then. */
export interface AdviceCase {
  readonly name: string
  /** What is in the namespace. */
  readonly around?: (where: string) => readonly Manifest[]
  /** The file that its author applies. */
  readonly file: (where: string) => Manifest
  /** The whole of the advice; its groups are what the edit is made of. `COMMAND` stands for a command, which is typed. */
  readonly says: RegExp
  /** How the file is changed; not at all without it. */
  readonly edit?: (...groups: string[]) => Edit
  /** What the file is applied with after the edit, where no command is given. */
  readonly applies?: true
  /** Another file is changed, and applied, in the place of the first: what made that. */
  readonly owner?: (where: string) => Manifest
  /** Another answer than a Warning: what is refused. */
  readonly refused?: true
  readonly labels?: Readonly<Record<string, string>>
  /** It is made by `kubectl create`, and its name then. */
  readonly isCreated?: true
  /** The mutating webhook is not there at first. */
  readonly isLost?: true
  /** What the command prints. */
  readonly prints?: RegExp
}

const EXPIRED = `e30.${Buffer.from(JSON.stringify({ exp: 1_000_000_000 })).toString('base64url')}.c2ln`
const config = (where: string, auths: object, more: object = {}) => dockerConfig(where, 'regcred', { auths, ...more })
const LOGIN = { username: 'u', password: 'p' }
const web = (where: string, tweak: PodTweak = {}) =>
  pod(where, 'web', { images: [IMAGE], references: ['regcred'], ...tweak })
const good = (where: string) => [pullSecret(where, 'acme', REGISTRY)]
const KUBECTL = '(?<command>kubectl .*)'
const REPLACE = 'kubectl replace --force --namespace [a-z0-9-]+ -f FILE'

function kept(manifest: Manifest, metadata: object): Manifest {
  return { ...manifest, metadata: { ...manifest.metadata, ...metadata } }
}

/** The same mistake, made by who has it from a tool. */
const tools: readonly [name: string, metadata: object, says: string][] = [
  ['Argo CD', { annotations: { 'argocd.argoproj.io/tracking-id': 'a:apps/Deployment:b/web' } }, 'Argo CD applies it'],
  ['Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }, 'Flux applies it'],
  ['Helm', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }, 'Helm installed it'],
]

/** What another kind of advice says is followed elsewhere. */
export const ELSEWHERE: Partial<Record<AdviceKind, string>> = {
  tryAgain: 'test/e2e/review/unknown.test.ts',
  quoteLabel: 'test/advice/followed-in-files.test.ts',
  makeSmaller: 'test/engine/admit-unknown.test.ts',
}

export const CASES: Readonly<Record<AdviceKind, readonly AdviceCase[]>> = {
  suggestName: [
    {
      name: 'of a bare Pod',
      around: good,
      file: where => web(where, { references: ['amce'] }),
      says: new RegExp(`did you mean "(acme)"\\? Write it in (spec.imagePullSecrets), then: (?<command>${REPLACE})$`),
      edit: (name = '', path = '') => writeName(path, name, 'amce'),
    },
    {
      name: 'of a Pod whose name is made up',
      around: good,
      isCreated: true,
      file: where => web(where, { references: ['amce'], metadata: { name: undefined, generateName: 'web-' } }),
      says: /did you mean "(acme)"\? Write it in (spec.imagePullSecrets), then: (?<command>kubectl create .* -f FILE)$/,
      edit: (name = '', path = '') => writeName(path, name, 'amce'),
    },
    {
      name: 'of a Job',
      around: good,
      file: where => workload('Job', where, 'web', { references: ['amce'] }),
      says: new RegExp(`did you mean "(acme)"\\? Write it in ([a-zA-Z.]+), then: (?<command>${REPLACE})$`),
      edit: (name = '', path = '') => writeName(path, name, 'amce'),
    },
    ...(['Deployment', 'CronJob', 'PodTemplate'] as const).map(
      (kind): AdviceCase => ({
        name: `of a ${kind}`,
        around: good,
        file: where => workload(kind, where, 'web', { references: ['amce'] }),
        says: /did you mean "(acme)"\? Write it in ([a-zA-Z.]+)$/,
        edit: (name = '', path = '') => writeName(path, name, 'amce'),
        applies: true,
      }),
    ),
    ...tools.map(
      ([tool, metadata, says]): AdviceCase => ({
        name: `of what ${tool} applies`,
        around: good,
        file: where => kept(deployment(where, 'web', { references: ['amce'] }), metadata),
        says: new RegExp(`did you mean "(acme)"\\? Write it in ([a-zA-Z.]+); change it in Git, .*${says}$`),
        edit: (name = '', path = '') => writeName(path, name, 'amce'),
        applies: true,
      }),
    ),
    {
      name: 'of a Pod that a Deployment made',
      around: good,
      file: where =>
        web(where, {
          references: ['amce'],
          metadata: {
            labels: { 'pod-template-hash': '5d9' },
            ownerReferences: [
              { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'front-5d9', uid: 'u-1', controller: true },
            ],
          },
        }),
      says: /did you mean "(acme)"\? Write it in ([a-zA-Z.]+) of its Deployment "front"$/,
      owner: where => workload('Deployment', where, 'front', { references: ['amce'] }),
      edit: (name = '', path = '') => writeName(path, name, 'amce'),
      applies: true,
    },
    {
      name: 'of the ServiceAccount',
      around: where => [...good(where), serviceAccount(where, 'build', ['amce'])],
      file: where => deployment(where, 'web', { spec: { serviceAccountName: 'build' } }),
      says: new RegExp(`did you mean "acme"\\? Write it in imagePullSecrets of ServiceAccount "build": ${KUBECTL}$`),
    },
  ],
  createSecret: [
    { name: 'of a Pod', file: where => web(where), says: new RegExp(`correct the name, or create it: ${KUBECTL}$`) },
    {
      name: 'that is asked for by an annotation',
      file: where =>
        pod(where, 'web', { images: [IMAGE], metadata: { annotations: { 'regcred.dev/pull-secrets': 'regcred' } } }),
      says: new RegExp(
        `not added: it does not exist in namespace "[^"]*"; correct the name, or create it: ${KUBECTL}$`,
      ),
    },
  ],
  recreateSecret: [
    {
      name: 'of another type',
      around: where => [opaqueSecret(where, 'regcred')],
      file: where => web(where),
      says: new RegExp(`recreate it: ${KUBECTL}$`),
    },
    {
      name: 'that is broken',
      around: where => [config(where, { a: { auth: 'bm9jb2xvbg==' } })],
      file: where => web(where),
      says: new RegExp(`recreate it: ${KUBECTL}$`),
    },
  ],
  recreateFromLogin: [
    {
      name: 'of an empty docker config',
      around: where => [config(where, {})],
      file: where => web(where),
      says: new RegExp(`recreate it: ${KUBECTL}$`),
    },
    {
      name: 'of a login that went elsewhere',
      around: where => [dockerConfig(where, 'regcred', { credsStore: 'desktop' })],
      file: where => web(where),
      says: new RegExp(`recreate it: ${KUBECTL}$`),
    },
  ],
  changeSecretInGit: [
    {
      name: 'of a Secret that a tool applies',
      file: where => kept(config(where, { [REGISTRY]: { username: 'u' } }), tools[0]?.[1] ?? {}),
      says: /change it in Git, from where Argo CD applies it$/,
      edit: () =>
        editDockerConfig(auths => {
          auths[REGISTRY] = LOGIN
        }),
      applies: true,
    },
  ],
  renewCredentials: [
    {
      name: 'of a token',
      around: where => [config(where, { [REGISTRY]: { username: 'u', password: EXPIRED } })],
      file: where => web(where),
      says: new RegExp(`renew them: ${KUBECTL}$`),
    },
  ],
  correctRegistry: [
    {
      name: 'of a Secret',
      file: where => config(where, { [`${REGISTRY}/acme/*`]: LOGIN, 'ghcr.io': LOGIN }),
      says: /is written "([^"]*)", which never matches an image; write "([^"]*)"$/,
      edit: (written = '', instead = '') => writeRegistry(written, instead),
      applies: true,
    },
    {
      name: 'of a Pod',
      around: () => [],
      owner: where => config(where, { [`${REGISTRY}/acmee`]: LOGIN }),
      file: where => web(where),
      says: /Secret "regcred" is for "([^"]*)", not for "[^"]*"; write "([^"]*)"$/,
      edit: (written = '', instead = '') => writeRegistry(written, instead),
      applies: true,
    },
  ],
  spellOutRegistry: [
    {
      name: 'of a Secret',
      file: where => config(where, { 'http://': LOGIN, 'ghcr.io': LOGIN }),
      says: /is written "([^"]*)", which never matches an image; write host, port and path as its images have them$/,
      edit: (written = '') => writeRegistry(written, `${REGISTRY}/acme/web`),
      applies: true,
    },
  ],
  completeEntry: [
    {
      name: 'of a Secret',
      file: where => config(where, { [REGISTRY]: { username: 'u' }, 'ghcr.io': LOGIN }),
      says: /the entry "([^"]*)" in .*; write user name and password into it, or leave it out$/,
      edit: (entry = '') =>
        editDockerConfig(auths => {
          auths[entry] = LOGIN
        }),
      applies: true,
    },
    {
      name: 'of a Pod',
      owner: where => config(where, { [REGISTRY]: { username: 'u' }, 'ghcr.io': LOGIN }),
      file: where => web(where),
      says: /the entry for "[^"]*" in Secret "regcred" has no password; write user name and password into it$/,
      edit: () =>
        editDockerConfig(auths => {
          auths[REGISTRY] = LOGIN
        }),
      applies: true,
    },
  ],
  trimPassword: [
    {
      name: 'that is right',
      file: where => config(where, { [REGISTRY]: { username: 'u', password: 'p\n' } }),
      says: new RegExp(`write it without, or if it is right: ${KUBECTL}$`),
      edit: () => object => {
        Object(object['metadata']).annotations = { 'regcred.dev/ignore': 'CredentialsDoubtful' }
      },
    },
    {
      name: 'that is wrong',
      file: where => config(where, { [REGISTRY]: { username: 'u', password: 'p\n' } }),
      says: /; write it without, or if it is right: .*$/,
      edit: () =>
        editDockerConfig(auths => {
          auths[REGISTRY] = LOGIN
        }),
      applies: true,
    },
  ],
  listSecret: [
    {
      name: 'of the ServiceAccount that the list of its own displaced',
      around: where => [
        ...good(where),
        pullSecret(where, 'regcred', 'own.example.com'),
        serviceAccount(where, 'build', ['acme']),
      ],
      file: where => deployment(where, 'web', { references: ['regcred'], spec: { serviceAccountName: 'build' } }),
      says: /"acme" of its ServiceAccount would work .*; add "(acme)" to ([a-zA-Z.]+)$/,
      edit: (name = '', path = '') => writeName(path, name),
      applies: true,
    },
    {
      name: 'of a ServiceAccount that allows no other',
      around: where => [
        ...good(where),
        serviceAccount(where, 'strict', [], { 'kubernetes.io/enforce-mountable-secrets': 'true' }),
      ],
      file: where =>
        pod(where, 'web', {
          images: ['nginx'],
          metadata: { annotations: { 'regcred.dev/pull-secrets': 'acme' } },
          spec: { serviceAccountName: 'strict' },
        }),
      says: new RegExp(`add "acme" to imagePullSecrets of ServiceAccount "strict", then recreate the Pod: ${KUBECTL}$`),
    },
  ],
  listAnother: [
    {
      name: 'as the first',
      around: good,
      file: where => pod(where, 'web', { images: [IMAGE] }),
      says: new RegExp(
        `no pull secret is listed, .*; add one to (spec.imagePullSecrets), then: (?<command>${REPLACE})$`,
      ),
      edit: (path = '') => writeName(path, 'acme'),
    },
    {
      name: 'beside others',
      around: where => [...good(where), pullSecret(where, 'regcred', 'own.example.com')],
      file: where => deployment(where, 'web', { references: ['regcred'] }),
      says: /; add one that has them to ([a-zA-Z.]+)$/,
      edit: (path = '') => writeName(path, 'acme'),
      applies: true,
    },
  ],
  listFewer: [
    {
      name: 'in an annotation',
      around: where => Array.from({ length: 17 }, (_, i) => pullSecret(where, `s${i}`, `h${i}.example.com`)),
      file: where =>
        pod(where, 'web', {
          images: Array.from({ length: 17 }, (_, i) => `h${i}.example.com/a`),
          metadata: {
            annotations: { 'regcred.dev/pull-secrets': Array.from({ length: 17 }, (_, i) => `s${i}`).join() },
          },
        }),
      says: /"s16" was not added: regcred adds at most 16 to a Pod; list fewer$/,
      edit: () => object => {
        Object(object['metadata']).annotations['regcred.dev/pull-secrets'] = 's0'
      },
    },
  ],
  correctImage: [
    {
      name: 'in its path',
      around: good,
      file: where => deployment(where, 'web', { images: [`${REGISTRY}/Acme/web:1`], references: ['acme'] }),
      says: /repository name must be lowercase\); write "([^"]*)"$/,
      edit:
        (image = '') =>
        object => {
          Object(object['spec']).template.spec.containers[0].image = image
        },
      applies: true,
    },
  ],
  recreatePod: [
    {
      name: 'for which the mutating call was lost',
      isLost: true,
      around: good,
      file: where =>
        pod(where, 'web', { images: [IMAGE], metadata: { annotations: { 'regcred.dev/pull-secrets': 'acme' } } }),
      says: new RegExp(`could not add pull secret "acme" in time; recreate the Pod: (?<command>${REPLACE})$`),
    },
  ],
  correctLabel: [
    {
      name: 'that is near another',
      file: where => namespace(`${where}-1`, { labels: { 'regcred.dev/mode': 'enfroce' } }),
      says: new RegExp(`did you mean "(enforce)"\\? ${KUBECTL}$`),
      edit: value => object => {
        Object(object['metadata']).labels['regcred.dev/mode'] = value
      },
    },
    {
      name: 'that is near none',
      file: where => namespace(`${where}-2`, { labels: { 'regcred.dev/inject': 'sometimes' } }),
      says: new RegExp(`use one of enabled, disabled, or remove it: ${KUBECTL}$`),
      edit: () => object => {
        Object(object['metadata']).labels = {}
      },
    },
  ],
  letThrough: [
    {
      name: 'where a Namespace enforces',
      labels: { 'regcred.dev/mode': 'enforce' },
      refused: true,
      file: where => pod(where, 'web', { images: [IMAGE] }),
      says: /\(to let it through: (?<command>kubectl [^)]*)\)/,
    },
  ],
  goOnAdding: [
    {
      name: 'where a label stopped it',
      file: where => namespace(where, { labels: { 'regcred.dev/inject': 'disabled' } }),
      edit: () => object => {
        Object(object['metadata']).labels['regcred.dev/inject'] = 'enabled'
      },
      says: new RegExp(`pull secrets are no longer added to its Pods .*; to go on adding them: ${KUBECTL}$`),
    },
  ],
  lookFurther: [
    {
      name: 'of many',
      file: where => pod(where, 'web', { images: Array.from({ length: 20 }, (_, i) => `Nor/This-${i}`) }),
      says: /see the audit annotations, or run: (?<command>regcred check FILE)$/,
      prints: /Nor\/This-19/,
    },
  ],
  tryAgain: [],
  quoteLabel: [],
  makeSmaller: [],
}
