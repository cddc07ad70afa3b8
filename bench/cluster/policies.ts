import { type Manifest, REGISTRY } from '../../test/e2e/control-plane/objects.ts'
import { PULL_SECRET } from './pods.ts'
import { SIDE_LABEL, type SideName } from './sides.ts'

const GROUP = 'admissionregistration.k8s.io/v1'
/** A policy knows no base64: it looks for the text that a docker config begins with, whole groups of three bytes of it. */
const BEGINNING = `{"auths":{"${REGISTRY}"`
const ENCODED = Buffer.from(BEGINNING.slice(0, BEGINNING.length - (BEGINNING.length % 3))).toString('base64')

/** What the API server can do by itself: adds one name to whatever lists none. */
export function fixedPolicy(): Manifest[] {
  return policy('fixed', {}, [], `'${PULL_SECRET}'`)
}

/** Takes each Secret of the namespace as its parameter, and adds those for the registry of the Pod. */
export function parametersPolicy(): Manifest[] {
  const conditions = [
    { name: 'pull-secret', expression: "params.type == 'kubernetes.io/dockerconfigjson'" },
    { name: 'registry', expression: `params.data['.dockerconfigjson'].startsWith('${ENCODED}')` },
    { name: 'image', expression: `object.spec.containers.exists(c, c.image.startsWith('${REGISTRY}/'))` },
  ]
  const paramKind = { apiVersion: 'v1', kind: 'Secret' }
  return policy('parameters', { paramKind }, conditions, 'params.metadata.name', {
    paramRef: { selector: {}, parameterNotFoundAction: 'Allow' },
  })
}

function policy(
  side: SideName,
  spec: object,
  conditions: readonly object[],
  name: string,
  binding: object = {},
): Manifest[] {
  const none = {
    name: 'lists-none',
    expression: '!has(object.spec.imagePullSecrets) || object.spec.imagePullSecrets.size() == 0',
  }
  const added = `[Object.spec.imagePullSecrets{name: ${name}}]`
  return [
    {
      apiVersion: GROUP,
      kind: 'MutatingAdmissionPolicy',
      metadata: { name: side },
      spec: {
        ...spec,
        failurePolicy: 'Fail',
        reinvocationPolicy: 'Never',
        matchConstraints: {
          namespaceSelector: { matchLabels: { [SIDE_LABEL]: side } },
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        },
        matchConditions: [none, ...conditions],
        mutations: [
          {
            patchType: 'JSONPatch',
            jsonPatch: { expression: `[JSONPatch{op: 'add', path: '/spec/imagePullSecrets', value: ${added}}]` },
          },
        ],
      },
    },
    {
      apiVersion: GROUP,
      kind: 'MutatingAdmissionPolicyBinding',
      metadata: { name: side },
      spec: { policyName: side, ...binding },
    },
  ]
}
