import t from 'tap'
import { defaultSettings } from '../../src/policy/settings.ts'
import {
  type Answer,
  type Asked,
  ask,
  CLEAN,
  EXPIRED,
  HOST,
  IMAGE,
  inject,
  PRIVATE,
  pod,
  secret,
  secretFor,
} from './ask.ts'

const ENFORCE = { 'regcred.dev/mode': 'enforce' }
const OWNED = { metadata: { ownerReferences: [{ kind: 'ReplicaSet', name: 'r', controller: true }] } }
const ACCOUNT = { imagePullSecrets: [{ name: 'acme' }] }
const NOT_FOUND = 'Secret "amce" does not exist in namespace "team-a"; did you mean "acme"?'
const WAY_OUT = '(to let it through: kubectl label --overwrite namespace team-a regcred.dev/mode=warn)'

/** A Deployment whose Pods are like this Pod. */
function deployment(template: object, metadata: object = {}): object {
  return { metadata: { name: 'web', namespace: 'team-a', ...metadata }, spec: { template } }
}

const DEPLOYMENT = { kind: 'Deployment', group: 'apps' }

const VALIDATED: readonly ({ readonly name: string; readonly wanted: Answer } & Asked)[] = [
  {
    name: 'a Pod that pulls is let through in silence',
    object: pod({ references: ['acme'] }),
    objects: [secretFor('acme', HOST)],
    wanted: CLEAN,
  },
  {
    name: 'a misspelt name warns with the near one, even where the image is covered',
    object: pod({ references: ['amce', 'acme'] }),
    objects: [secretFor('acme', HOST)],
    wanted: {
      allowed: true,
      warnings: [`Pod web: ${NOT_FOUND}`],
      audit: { findings: 'SecretNotFound degrades secret=amce', mode: 'warn' },
    },
  },
  {
    name: 'suggestions can be switched off',
    object: pod({ references: ['amce'], images: ['nginx'] }),
    objects: [secretFor('acme', HOST)],
    settings: { suggestions: false },
    wanted: {
      allowed: true,
      warnings: ['Pod web: Secret "amce" does not exist in namespace "team-a"; create it there or correct the name'],
      audit: { findings: 'SecretNotFound degrades secret=amce', mode: 'warn' },
    },
  },
  {
    name: 'a finding that is ignored is not made',
    object: pod({ references: ['amce', 'acme'] }),
    objects: [secretFor('acme', HOST)],
    settings: { ignore: ['SecretNotFound'] },
    wanted: CLEAN,
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
      message: `Pod web: Secret "gone" does not exist in namespace "team-a"; create it there or correct the name ${WAY_OUT}`,
      audit: { findings: 'SecretNotFound blocks secret=gone; ImageNotCovered blocks container=c0', mode: 'enforce' },
    },
  },
  {
    name: 'but not a Pod of a controller, which nobody is told of either',
    object: pod({ references: ['gone'], ...OWNED }),
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
      warnings: ['Pod web: Secret "late" does not exist in namespace "team-a"; create it there or correct the name'],
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
      warnings: ['Pod web: Secret "gone" does not exist in namespace "team-a"; create it there or correct the name'],
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
    name: 'a Secret that does not parse breaks public images too',
    object: pod({ references: ['broken'], images: ['nginx'] }),
    objects: [secret('broken', { auths: { [HOST]: { auth: 'bm9jb2xvbg==' } } })],
    wanted: {
      allowed: true,
      warnings: [
        'Pod web: Secret "broken" is broken (auth is not user:password), so Kubernetes pulls nothing for this Pod; delete it and run: kubectl create secret docker-registry broken',
      ],
      audit: { findings: 'SecretMalformed blocks secret=broken', mode: 'warn' },
    },
  },
  {
    name: 'and every Pod of a template',
    ...DEPLOYMENT,
    object: deployment(pod({ references: ['broken'], images: ['nginx'] })),
    objects: [secret('broken', '[]')],
    wanted: {
      allowed: true,
      warnings: [
        'Deployment web: Secret "broken" is broken (it is not a JSON object), so Kubernetes pulls nothing for its Pods; delete it and run: kubectl create secret docker-registry broken',
      ],
      audit: { findings: 'SecretMalformed blocks secret=broken', mode: 'warn' },
    },
  },
  {
    name: 'a config that only names a credential store holds nothing',
    object: pod({ references: ['mac'] }),
    objects: [secret('mac', { auths: { [HOST]: {} }, credsStore: 'desktop' })],
    wanted: {
      allowed: true,
      warnings: [
        'Pod web: Secret "mac" holds no usable credentials, only the name of the credential store "desktop"; delete it and run: kubectl create secret docker-registry mac',
      ],
      audit: {
        findings: 'SecretWithoutCredentials mayBlock secret=mac; ImageNotCovered mayBlock container=c0',
        mode: 'warn',
      },
    },
  },
  {
    name: 'expired credentials',
    object: pod({ references: ['old'] }),
    objects: [secret('old', { auths: { [HOST]: { username: 'u', password: EXPIRED } } })],
    settings: PRIVATE,
    wanted: {
      allowed: true,
      warnings: [
        `Pod web: the credentials for "${HOST}" in Secret "old" expired at 2026-05-31T23:59:00Z; renew them to pull "${IMAGE}"`,
      ],
      audit: { findings: 'CredentialsExpired blocks secret=old container=c0', mode: 'warn' },
    },
  },
  {
    name: 'the entry that nearly matches is named',
    object: pod({ references: ['near'] }),
    objects: [secretFor('near', `${HOST}/other`)],
    wanted: {
      allowed: true,
      warnings: [`Pod web: Secret "near" is for "${HOST}/other", not for "${IMAGE}"; write "${HOST}"`],
      audit: { findings: 'ImageNotCovered mayBlock container=c0', mode: 'warn' },
    },
  },
  {
    name: "the ServiceAccount's secret that the Pod's own list displaced is named",
    object: pod({ references: ['own'] }),
    account: ACCOUNT,
    objects: [secretFor('own', 'other.example.com'), secretFor('acme', HOST)],
    settings: { ...inject({}), ...PRIVATE },
    wanted: {
      allowed: true,
      warnings: [
        `Pod web: "acme" of its ServiceAccount would work for "${IMAGE}", but a Pod with its own imagePullSecrets ignores it; add "acme" to the list`,
      ],
      audit: { findings: 'ImageNotCovered blocks container=c0', mode: 'warn' },
    },
  },
  {
    name: 'no more than three useless references are named',
    object: pod({ images: [IMAGE, `${HOST}/b`, `${HOST}/c`], references: ['a', 'b', 'c', 'd', 'e'] }),
    objects: ['a', 'b', 'c', 'd', 'e'].map(name => secretFor(name, `${name}.example.com`)),
    wanted: {
      allowed: true,
      warnings: [
        `Pod web: none of its pull secrets has credentials for "${IMAGE}" ("a" is for a.example.com, "b" is for b.example.com, "c" is for c.example.com, and 2 more); add one that has (the same for 2 more images)`,
      ],
      audit: {
        findings: ['c0', 'c1', 'c2'].map(name => `ImageNotCovered mayBlock container=${name}`).join('; '),
        mode: 'warn',
      },
    },
  },
  {
    name: 'several uncovered images are one warning',
    object: pod({ images: [IMAGE, `${HOST}/acme/db:2`, `${HOST}/acme/db:2`] }),
    settings: PRIVATE,
    wanted: {
      allowed: true,
      warnings: [
        `Pod web: no pull secret is listed, and "${IMAGE}" needs one; add imagePullSecrets (the same for 1 more image)`,
      ],
      audit: {
        findings:
          'ImageNotCovered blocks container=c0; ImageNotCovered blocks container=c1; ImageNotCovered blocks container=c2',
        mode: 'warn',
      },
    },
  },
  {
    name: 'what is ignored takes the place of nothing else: a lost mutating call',
    object: pod(),
    objects: [secretFor('acme', HOST)],
    settings: { ...PRIVATE, ignore: ['NotInjected'] },
    wanted: {
      allowed: true,
      audit: { findings: 'ImageNotCovered blocks container=c0', mode: 'warn' },
      warnings: [`Pod web: no pull secret is listed, and "${IMAGE}" needs one; add imagePullSecrets`],
    },
  },
  {
    name: 'what is ignored takes the place of nothing else: a Secret that breaks the keyring',
    object: pod({ references: ['bad'] }),
    objects: [secret('bad', '{')],
    settings: { ...PRIVATE, ignore: ['SecretMalformed'] },
    wanted: {
      allowed: true,
      audit: { findings: 'ImageNotCovered blocks container=c0', mode: 'warn' },
      warnings: [`Pod web: none of its pull secrets has credentials for "${IMAGE}" ("bad"); add one that has`],
    },
  },
  {
    name: 'a lost mutating call',
    objects: [secretFor('acme', HOST)],
    settings: PRIVATE,
    wanted: {
      allowed: true,
      audit: { findings: 'NotInjected blocks secret=acme container=c0', mode: 'warn' },
      warnings: [
        'Pod web: regcred could not add pull secret "acme" in time; recreate the Pod, or add "acme" to its imagePullSecrets',
      ],
    },
  },
  {
    name: 'a lost name that is missing helps nobody yet',
    object: pod({ images: ['quay.io/a/b'] }),
    settings: inject({ secrets: ['late'] }),
    wanted: { allowed: true, audit: { findings: 'NotInjected degrades secret=late', mode: 'warn' } },
  },
  {
    name: 'an image name that does not parse, and is long',
    object: pod({ images: [`nginx:${'!'.repeat(100)}`] }),
    wanted: {
      allowed: true,
      warnings: [`Pod web: image "nginx:${'!'.repeat(73)}…" of container "c0" is not a valid image name; correct it`],
      audit: { findings: 'ImageInvalid blocks container=c0', mode: 'warn' },
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
        'Deployment web: Secret "gone" does not exist in namespace "team-a"; create it there or correct the name',
      ],
      audit: { findings: 'SecretNotFound degrades secret=gone', mode: 'enforce' },
    },
  },
  {
    name: 'a template that does not change is not reviewed',
    ...DEPLOYMENT,
    operation: 'UPDATE',
    object: deployment(pod({ references: ['x'] }), { labels: { a: 'b' } }),
    oldObject: deployment(pod({ references: ['x'] })),
    wanted: CLEAN,
  },
  {
    name: 'nor is one that a controller owns',
    ...DEPLOYMENT,
    kind: 'ReplicaSet',
    object: deployment(pod({ references: ['x'] }), OWNED.metadata),
    wanted: CLEAN,
  },
  {
    name: 'nor one that is being deleted',
    ...DEPLOYMENT,
    operation: 'UPDATE',
    object: deployment(pod({ references: ['x'] }), { deletionTimestamp: 'now' }),
    wanted: CLEAN,
  },
  {
    name: 'nor its scale',
    ...DEPLOYMENT,
    operation: 'UPDATE',
    subResource: 'scale',
    object: deployment(pod()),
    wanted: CLEAN,
  },
  {
    name: 'nor a controller without a template',
    group: '',
    kind: 'ReplicationController',
    object: { spec: { template: null } },
    wanted: CLEAN,
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
      warnings: ['Rollout web: image "UPPER" of container "c0" is not a valid image name; correct it'],
      audit: { findings: 'ImageInvalid blocks container=c0', mode: 'warn' },
    },
  },
  {
    name: 'other kinds are let through and annotated',
    kind: 'ConfigMap',
    object: { metadata: { name: 'a' } },
    wanted: { allowed: true, audit: { error: 'kind "ConfigMap" is not reviewed' } },
  },
  {
    name: 'a Pod whose labels change is not reviewed',
    operation: 'UPDATE',
    object: pod({ references: ['x'] }),
    oldObject: pod({ references: ['x'] }),
    wanted: CLEAN,
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
      message: `Pod web: image "UPPER" of container "c1" is not a valid image name; correct it ${WAY_OUT}`,
      audit: { findings: 'ImageInvalid blocks container=c1', mode: 'enforce' },
    },
  },
  {
    name: 'ephemeral containers only warn',
    operation: 'UPDATE',
    subResource: 'ephemeralcontainers',
    object: pod({ spec: { ephemeralContainers: [{ name: 'debug', image: 'UPPER' }] } }),
    oldObject: pod(),
    labels: ENFORCE,
    wanted: {
      allowed: true,
      warnings: ['Pod web: image "UPPER" of container "debug" is not a valid image name; correct it'],
      audit: { findings: 'ImageInvalid blocks container=debug', mode: 'enforce' },
    },
  },
  { name: 'a subresource of no concern', operation: 'UPDATE', subResource: 'status', wanted: CLEAN },
  { name: 'what is deleted is not reviewed', operation: 'DELETE', object: null, wanted: CLEAN },
  {
    name: 'init containers and image volumes are images',
    object: pod({
      images: [],
      spec: {
        initContainers: [{ name: 'init', image: 'INIT' }],
        volumes: [{ name: 'vol', image: { reference: 'VOL', pullPolicy: 'Always' } }, { name: 'tmp' }],
      },
    }),
    wanted: {
      allowed: true,
      warnings: [
        'Pod web: image "INIT" of container "init" is not a valid image name; correct it',
        'Pod web: image "VOL" of container "vol" is not a valid image name; correct it',
      ],
      audit: { findings: 'ImageInvalid blocks container=init; ImageInvalid blocks container=vol', mode: 'warn' },
    },
  },
  {
    name: 'an object that is not what its kind says is let through and annotated',
    object: { metadata: [] },
    wanted: { allowed: true, audit: { error: 'metadata must be a mapping' } },
  },
  {
    name: 'a Pod spec of wrong types too',
    object: pod({ spec: { imagePullSecrets: [{ name: 7 }] } }),
    wanted: { allowed: true, audit: { error: 'spec.imagePullSecrets[0].name must be a string' } },
  },
  {
    name: 'a Secret that only names a credential store',
    kind: 'Secret',
    object: secret('mac', { credsStore: 'desktop' }),
    wanted: {
      allowed: true,
      warnings: [
        'Secret web: Secret "mac" holds no usable credentials, only the name of the credential store "desktop"; delete it and run: kubectl create secret docker-registry mac',
      ],
      audit: { findings: 'SecretWithoutCredentials mayBlock secret=mac', mode: 'warn' },
    },
  },
  {
    name: 'a key that covers nothing',
    kind: 'Secret',
    object: secretFor('hub', 'https://index.docker.io/v1', 'http://'),
    wanted: {
      allowed: true,
      warnings: [
        'Secret web: the registry in Secret "hub" is written "https://index.docker.io/v1", which never matches an image; write "https://index.docker.io/v1/"',
        'Secret web: the registry in Secret "hub" is written "http://", which never matches an image; correct it',
      ],
      audit: {
        findings: 'EntryCoversNothing mayBlock secret=hub; EntryCoversNothing mayBlock secret=hub',
        mode: 'warn',
      },
    },
  },
  { name: 'a good Secret', kind: 'Secret', object: secretFor('acme', HOST), wanted: CLEAN },
  { name: 'a Secret of another type', kind: 'Secret', object: secret('x', '{}', 'Opaque'), wanted: CLEAN },
  {
    name: 'a pull secret whose labels change',
    kind: 'Secret',
    operation: 'UPDATE',
    object: secret('x', '{}'),
    oldObject: secret('x', '{}'),
    wanted: CLEAN,
  },
  {
    name: 'a pull secret without a name',
    kind: 'Secret',
    object: { type: 'kubernetes.io/dockercfg', data: { a: null } },
    wanted: CLEAN,
  },
  {
    name: 'a Secret that is none',
    kind: 'Secret',
    object: { data: [] },
    wanted: { allowed: true, audit: { error: 'data must be a mapping' } },
  },
  {
    name: 'a Secret in a namespace that is off',
    kind: 'Secret',
    object: secret('mac', {}),
    labels: { 'regcred.dev/mode': 'off' },
    wanted: CLEAN,
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
        'Namespace web: label regcred.dev/mode has the unknown value "enfroce" and is ignored; did you mean "enforce"?',
        'Namespace web: label regcred.dev/inject has the unknown value "sometimes" and is ignored; use one of enabled, disabled',
      ],
      audit: { findings: 'LabelInvalid mayBlock; LabelInvalid mayBlock', mode: 'warn' },
    },
  },
  {
    name: 'a Namespace of which nothing of ours changes',
    kind: 'Namespace',
    operation: 'UPDATE',
    object: { metadata: { name: 'b', annotations: { 'regcred.dev/pull-secrets': 'a' } } },
    oldObject: { metadata: { name: 'b', annotations: { 'regcred.dev/pull-secrets': 'a' } } },
    wanted: CLEAN,
  },
  {
    name: 'a Namespace whose old self cannot be read',
    kind: 'Namespace',
    operation: 'UPDATE',
    object: { metadata: { generateName: 'b' } },
    oldObject: 7,
    wanted: CLEAN,
  },
]

const MORE: typeof VALIDATED = [
  {
    name: 'expired credentials for an unlisted image',
    object: pod({ references: ['old'] }),
    objects: [secret('old', { auths: { [HOST]: { username: 'u', password: EXPIRED } } })],
    wanted: {
      allowed: true,
      warnings: [
        `Pod web: the credentials for "${HOST}" in Secret "old" expired at 2026-05-31T23:59:00Z; renew them to pull "${IMAGE}"`,
      ],
      audit: { findings: 'CredentialsExpired mayBlock secret=old container=c0', mode: 'warn' },
    },
  },
  {
    name: 'a lost plan for an unlisted image',
    objects: [secretFor('acme', HOST)],
    wanted: { allowed: true, audit: { findings: 'NotInjected degrades secret=acme container=c0', mode: 'warn' } },
  },
  {
    name: 'on a template a missing Secret is never more than a maybe',
    ...DEPLOYMENT,
    object: deployment(pod({ references: ['gone'] })),
    labels: ENFORCE,
    settings: { ...PRIVATE, ignore: ['ImageNotCovered'] },
    wanted: {
      allowed: true,
      warnings: [
        'Deployment web: Secret "gone" does not exist in namespace "team-a"; create it there or correct the name',
      ],
      audit: { findings: 'SecretNotFound mayBlock secret=gone', mode: 'enforce' },
    },
  },
  {
    name: 'a Secret that does not parse harms nobody who never pulls',
    object: pod({
      references: ['broken'],
      spec: { containers: [{ image: IMAGE, imagePullPolicy: 'Never' }] },
    }),
    objects: [secret('broken', { auths: { [HOST]: { auth: 'bm9jb2xvbg==' } } })],
    wanted: {
      allowed: true,
      warnings: [
        'Pod web: Secret "broken" is broken (auth is not user:password), so Kubernetes pulls nothing for this Pod; delete it and run: kubectl create secret docker-registry broken',
      ],
      audit: { findings: 'SecretMalformed degrades secret=broken', mode: 'warn' },
    },
  },
  {
    name: 'a Secret that does not parse, when it is written',
    kind: 'Secret',
    object: secret('broken', { auths: { [HOST]: { auth: 'bm9jb2xvbg==' } } }),
    wanted: {
      allowed: true,
      warnings: [
        'Secret web: Secret "broken" is broken (auth is not user:password), so Kubernetes pulls nothing for a Pod that names it; delete it and run: kubectl create secret docker-registry broken',
      ],
      audit: { findings: 'SecretMalformed mayBlock secret=broken', mode: 'warn' },
    },
  },
  {
    name: 'names that are missing everywhere',
    object: pod({
      images: ['nginx'],
      metadata: { managedFields: [{ fieldsV1: { 'f:spec': null } }] },
      spec: { imagePullSecrets: [{}], containers: [{ image: 'UPPER' }] },
    }),
    wanted: {
      allowed: true,
      warnings: ['Pod web: image "UPPER" of container "" is not a valid image name; correct it'],
      audit: { findings: 'ImageInvalid blocks container=', mode: 'warn' },
    },
  },
  { name: 'a template that leads nowhere', ...DEPLOYMENT, object: { metadata: {} }, wanted: CLEAN },
  {
    name: 'an object that is none',
    object: 7,
    wanted: { allowed: true, audit: { error: 'the object must be a mapping' } },
  },
  {
    name: 'an UPDATE whose old self is empty',
    operation: 'UPDATE',
    object: pod({ images: ['nginx'] }),
    oldObject: {},
    wanted: CLEAN,
  },
  {
    name: 'a Namespace whose old self is empty',
    kind: 'Namespace',
    operation: 'UPDATE',
    object: { metadata: { name: 'b' } },
    oldObject: {},
    wanted: CLEAN,
  },
  {
    name: 'a pull secret with empty parts',
    kind: 'Secret',
    object: {
      metadata: { name: 'x' },
      type: 'kubernetes.io/dockercfg',
      data: { '.dockercfg': null },
      stringData: { a: null },
    },
    wanted: {
      allowed: true,
      warnings: [
        'Secret web: Secret "x" has nothing under ".dockercfg", so Kubernetes does not use it; delete it and run: kubectl create secret docker-registry x',
      ],
      audit: { findings: 'SecretWrongType mayBlock secret=x', mode: 'warn' },
    },
  },
  {
    name: 'missing Secrets are one cause, and one with a near name is another',
    object: pod({ references: ['gone', 'lost', 'amce'], images: ['nginx'] }),
    objects: [secretFor('acme', HOST)],
    wanted: {
      allowed: true,
      warnings: [
        'Pod web: Secret "gone" does not exist in namespace "team-a"; create it there or correct the name (also missing: "lost")',
        'Pod web: Secret "amce" does not exist in namespace "team-a"; did you mean "acme"?',
      ],
      audit: {
        findings:
          'SecretNotFound degrades secret=gone; SecretNotFound degrades secret=lost; SecretNotFound degrades secret=amce',
        mode: 'warn',
      },
    },
  },
  {
    name: 'of many missing Secrets some are named and the rest is counted',
    object: pod({ references: ['a-1', 'b-2', 'c-3', 'd-4', 'e-5', 'f-6'], images: ['nginx'] }),
    settings: { ...defaultSettings, suggestions: false },
    wanted: {
      allowed: true,
      warnings: [
        'Pod web: Secret "a-1" does not exist in namespace "team-a"; create it there or correct the name (also missing: "b-2", "c-3", "d-4" and 2 more)',
      ],
      audit: {
        findings: ['a-1', 'b-2', 'c-3', 'd-4', 'e-5', 'f-6']
          .map(name => `SecretNotFound degrades secret=${name}`)
          .join('; '),
        mode: 'warn',
      },
    },
  },
  {
    name: 'a Secret without a type in the cluster is no pull secret',
    object: pod({ references: ['plain'], images: ['nginx'] }),
    objects: [
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'plain', namespace: 'team-a' } },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'odd' }, data: 7 },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: '' } },
      { apiVersion: 'v1', kind: 'Secret' },
    ],
    wanted: {
      allowed: true,
      warnings: [
        'Pod web: Secret "plain" has type Opaque, so Kubernetes does not use it; delete it and create it with --type=kubernetes.io/dockerconfigjson',
      ],
      audit: { findings: 'SecretWrongType degrades secret=plain', mode: 'warn' },
    },
  },
]

t.test('what does not fit is summed up, and no line is forged', async t => {
  const names = Array.from({ length: 60 }, (_, i) => `missing-${i}-${'x'.repeat(200)}`)
  const opaque = names.map(name => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'team-a' } }))
  const object = pod({ references: names, images: ['nginx'] })
  const { warnings = [], audit } = await ask({ object, objects: opaque })
  t.ok(warnings.join('').length < 4096)
  t.equal(warnings.at(-1), 'Pod web: and 53 more; see the audit annotations, or run: regcred check')
  t.equal(audit?.['findings']?.length, 2000)
  const long = names.map(name => name + 'y'.repeat(400))
  const few = await ask({ object: pod({ references: long, images: ['nginx'] }) })
  t.ok((few.warnings ?? []).join('').length < 4096)
  const forged = await ask({ object: pod({ references: ['a\nWarning: b\u2028'], images: ['nginx'] }) })
  t.match(forged.warnings, [/^Pod web: Secret "a�Warning: b�" does not exist/])
})

for (const { name, wanted, ...asked } of [...VALIDATED, ...MORE]) {
  t.test(`validate: ${name}`, async t => {
    t.strictSame(await ask({ settings: defaultSettings, ...asked }), wanted)
  })
}
