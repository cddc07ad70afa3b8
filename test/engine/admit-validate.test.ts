import t from 'tap'
import { defaultSettings } from '../../src/policy/settings.ts'
import { type Answer, type Asked, ask, CLEAN, HOST, IMAGE, inject, PRIVATE, pod, secret, secretFor } from './ask.ts'

const ENFORCE = { 'regcred.dev/mode': 'enforce' }
const OWNED = { metadata: { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true }] } }
const ACCOUNT = { imagePullSecrets: [{ name: 'acme' }] }
const WAY_OUT = '(to let it through: kubectl label --overwrite namespace team-a regcred.dev/mode=warn)'

/** A Deployment whose Pods are like this Pod. */
function deployment(template: object, metadata: object = {}): object {
  return { metadata: { name: 'web', namespace: 'team-a', ...metadata }, spec: { template } }
}

const DEPLOYMENT = { kind: 'Deployment', group: 'apps' }

const cases: readonly ({ readonly name: string; readonly wanted: Answer } & Asked)[] = [
  {
    name: 'a Pod that pulls is let through in silence',
    object: pod({ references: ['acme'] }),
    objects: [secretFor('acme', HOST)],
    wanted: CLEAN,
  },
  {
    name: 'a misspelt name warns even where the image is covered, and not with a near one that is listed too',
    object: pod({ references: ['amce', 'acme'] }),
    objects: [secretFor('acme', HOST)],
    wanted: {
      allowed: true,
      warnings: [
        'Pod web: Secret "amce" does not exist in namespace "team-a"; correct the name, or create it: kubectl create secret docker-registry amce --namespace team-a --from-file=.dockerconfigjson=FILE',
      ],
      audit: { findings: 'SecretNotFound degrades secret=amce', mode: 'warn' },
    },
  },
  {
    name: 'in mode audit it is only recorded',
    object: pod({ references: ['amce'] }),
    objects: [secretFor('other', 'other.example.com')],
    labels: { 'regcred.dev/mode': 'audit' },
    wanted: {
      allowed: true,
      audit: { findings: 'SecretNotFound mayBlock secret=amce; ImageNotCovered mayBlock container=c0', mode: 'audit' },
    },
  },
  {
    name: 'in mode off nothing is',
    object: pod({ references: ['amce'] }),
    labels: { 'regcred.dev/mode': 'off' },
    wanted: CLEAN,
  },
  {
    name: 'enforce refuses what blocks, and says who decided',
    object: pod({ references: ['gone'] }),
    labels: ENFORCE,
    settings: PRIVATE,
    wanted: {
      allowed: false,
      message: `Pod web: Secret "gone" does not exist in namespace "team-a"; correct the name, or create it: kubectl create secret docker-registry gone --namespace team-a --from-file=.dockerconfigjson=FILE ${WAY_OUT}`,
      audit: { findings: 'SecretNotFound blocks secret=gone; ImageNotCovered blocks container=c0', mode: 'enforce' },
    },
  },
  {
    name: 'but not a Pod of a controller, which nobody is told of either',
    object: pod({ references: ['gone'], ...OWNED }),
    username: 'system:serviceaccount:kube-system:replicaset-controller',
    labels: ENFORCE,
    settings: PRIVATE,
    wanted: {
      allowed: true,
      audit: { findings: 'SecretNotFound blocks secret=gone; ImageNotCovered blocks container=c0', mode: 'enforce' },
    },
  },
  {
    name: 'a name that only configuration brought says nothing for an unlisted image',
    object: pod({ references: ['late'], metadata: { managedFields: [{ fieldsV1: { 'f:spec': {} } }] } }),
    settings: inject({ secrets: ['late'] }),
    wanted: { allowed: true, audit: { findings: 'SecretNotFound mayBlock secret=late', mode: 'warn' } },
  },
  {
    name: 'and warns for a private one',
    object: pod({ references: ['late'], metadata: { managedFields: [{ fieldsV1: { 'f:spec': {} } }] } }),
    settings: { ...inject({ secrets: ['late'] }), ...PRIVATE },
    wanted: {
      allowed: true,
      warnings: [
        'Pod web: Secret "late" does not exist in namespace "team-a"; correct the name, or create it: kubectl create secret docker-registry late --namespace team-a --from-file=.dockerconfigjson=FILE',
      ],
      audit: { findings: 'SecretNotFound blocks secret=late; ImageNotCovered blocks container=c0', mode: 'warn' },
    },
  },
  {
    name: 'names that the author wrote are known from the field owners',
    object: pod({
      references: ['gone', 'acme'],
      metadata: {
        managedFields: [{}, { fieldsV1: { 'f:spec': { 'f:imagePullSecrets': { '.': {}, 'k:{"name":"gone"}': {} } } } }],
      },
    }),
    account: ACCOUNT,
    objects: [secretFor('acme', HOST)],
    wanted: {
      allowed: true,
      warnings: [
        'Pod web: Secret "gone" does not exist in namespace "team-a"; correct the name, or create it: kubectl create secret docker-registry gone --namespace team-a --from-file=.dockerconfigjson=FILE',
      ],
      audit: { findings: 'SecretNotFound degrades secret=gone', mode: 'warn' },
    },
  },
  {
    name: 'a missing name of the ServiceAccount that does no harm is not worth a warning',
    object: pod({ references: ['acme'], images: ['nginx'] }),
    account: ACCOUNT,
    wanted: { allowed: true, audit: { findings: 'SecretNotFound degrades secret=acme', mode: 'warn' } },
  },
  {
    name: 'a lost mutating call',
    objects: [secretFor('acme', HOST)],
    settings: PRIVATE,
    wanted: {
      allowed: true,
      audit: { findings: 'NotInjected blocks container=c0', mode: 'warn' },
      warnings: [
        'Pod web: regcred could not add pull secret "acme" in time; recreate the Pod: kubectl replace --force --namespace team-a -f FILE',
      ],
    },
  },
  {
    name: 'a template is judged with the references of its ServiceAccount',
    ...DEPLOYMENT,
    object: deployment(pod()),
    account: ACCOUNT,
    objects: [secretFor('acme', HOST)],
    wanted: CLEAN,
  },
  {
    name: 'and with its plan; what is missing may come before its Pods',
    ...DEPLOYMENT,
    object: deployment(pod({ references: ['gone'] })),
    objects: [secretFor('acme', HOST)],
    labels: ENFORCE,
    settings: PRIVATE,
    wanted: {
      allowed: true,
      warnings: [
        'Deployment web: Secret "gone" does not exist in namespace "team-a"; correct the name, or create it: kubectl create secret docker-registry gone --namespace team-a --from-file=.dockerconfigjson=FILE',
      ],
      audit: { findings: 'SecretNotFound degrades secret=gone', mode: 'enforce' },
    },
  },
  {
    name: 'a template that is none is let through and annotated',
    ...DEPLOYMENT,
    object: deployment({ spec: { containers: 'none' } }),
    wanted: { allowed: true, audit: { error: 'spec.template.spec.containers must be a list' } },
  },
  {
    name: 'kinds by configuration are templates as well',
    kind: 'Rollout',
    group: 'argoproj.io',
    object: deployment(pod({ images: ['UPPER'] })),
    settings: { templates: [{ group: 'argoproj.io', kind: 'Rollout', path: '/spec/template' }] },
    wanted: {
      allowed: true,
      warnings: [
        'Rollout web: image "UPPER" of container "c0" is not a valid image name (invalid reference format: repository name must be lowercase); write host/path:tag or host/path@sha256:…',
      ],
      audit: { findings: 'ImageInvalid blocks container=c0', mode: 'warn' },
    },
  },
  {
    name: 'one whose image changes is, for that image alone',
    operation: 'UPDATE',
    object: pod({ images: [IMAGE, 'UPPER'] }),
    oldObject: pod({ images: [IMAGE, 'nginx'] }),
    settings: PRIVATE,
    labels: ENFORCE,
    wanted: {
      allowed: false,
      message: `Pod web: image "UPPER" of container "c1" is not a valid image name (invalid reference format: repository name must be lowercase); write host/path:tag or host/path@sha256:… ${WAY_OUT}`,
      audit: { findings: 'ImageInvalid blocks container=c1', mode: 'enforce' },
    },
  },
  { name: 'what is deleted is not reviewed', operation: 'DELETE', object: null, wanted: CLEAN },
  {
    name: 'a Secret that only names a credential store',
    kind: 'Secret',
    object: secret('mac', { credsStore: 'desktop' }),
    wanted: {
      allowed: true,
      warnings: [
        'Secret web: Secret "mac" holds no usable credentials, only the name of the credential store "desktop"; recreate it: kubectl create secret docker-registry mac --namespace team-a --docker-server=SERVER --docker-username=USER --docker-password=PASSWORD --dry-run=client -o yaml | kubectl replace --force -f -',
      ],
      audit: { findings: 'SecretWithoutCredentials mayBlock secret=mac', mode: 'warn' },
    },
  },
  {
    name: 'a Secret with a password that ends in a line break, which its annotation says is right',
    kind: 'Secret',
    object: {
      ...secret('nl', { auths: { [HOST]: { username: 'u', password: 'p\n' } } }),
      metadata: { name: 'nl', namespace: 'team-a', annotations: { 'regcred.dev/ignore': 'CredentialsDoubtful' } },
    },
    wanted: CLEAN,
  },
  { name: 'a good Secret', kind: 'Secret', object: secretFor('acme', HOST), wanted: CLEAN },
  {
    name: 'a Secret in a namespace that is off',
    kind: 'Secret',
    object: secret('mac', {}),
    labels: { 'regcred.dev/mode': 'off' },
    wanted: CLEAN,
  },
  {
    name: 'a Secret that a tool applies, whose advice is to change what that applies',
    kind: 'Secret',
    object: Object.assign(secret('web', { auths: {} }), {
      metadata: { name: 'web', labels: { 'argocd.argoproj.io/instance': 'shop' } },
    }),
    wanted: {
      allowed: true,
      warnings: [
        'Secret web: Secret "web" holds no usable credentials; change it in Git, from where Argo CD applies it',
      ],
      audit: { findings: 'SecretWithoutCredentials mayBlock secret=web', mode: 'warn' },
    },
  },
  {
    name: 'a Namespace with a mode that does not exist',
    kind: 'Namespace',
    object: {
      metadata: { name: 'team-b', labels: { 'regcred.dev/mode': 'enfroce', 'regcred.dev/inject': 'sometimes' } },
    },
    wanted: {
      allowed: true,
      warnings: [
        'Namespace web: label regcred.dev/mode has the unknown value "enfroce" and is ignored; did you mean "enforce"? kubectl label --overwrite namespace team-b regcred.dev/mode=enforce',
        'Namespace web: label regcred.dev/inject has the unknown value "sometimes" and is ignored; use one of enabled, disabled, or remove it: kubectl label namespace team-b regcred.dev/inject-',
      ],
      audit: { findings: 'LabelInvalid mayBlock; LabelInvalid mayBlock', mode: 'warn' },
    },
  },
]

for (const { name, wanted, ...asked } of cases) {
  t.test(`validate: ${name}`, async t => {
    t.strictSame(await ask({ settings: defaultSettings, ...asked }), wanted)
  })
}
