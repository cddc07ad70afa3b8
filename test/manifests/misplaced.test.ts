import t from 'tap'
import { findMisplaced } from '../../src/manifests/misplaced.ts'

interface Case {
  readonly name: string
  readonly kind?: string
  readonly at?: readonly string[] | undefined
  readonly isBuiltIn?: boolean
  readonly object: Record<string, unknown>
  readonly says: readonly (string | RegExp)[]
}

const TEMPLATE = ['spec', 'template', 'spec']
const LIST = [{ name: 'acme' }]

const cases: readonly Case[] = [
  { name: 'as it should be', object: { spec: { imagePullSecrets: LIST, containers: [{ name: 'a' }] } }, says: [] },
  {
    name: 'in a container',
    object: { spec: { containers: [{}, { imagePullSecrets: LIST }] } },
    says: [
      'spec.containers[1].imagePullSecrets is no field there, so Kubernetes ignores or refuses it; write it as spec.imagePullSecrets',
    ],
  },
  {
    name: 'in an init container of a template, misspelt',
    at: TEMPLATE,
    object: { spec: { template: { spec: { initContainers: [{ imagePullSecret: LIST }] } } } },
    says: [
      /^spec.template.spec.initContainers\[0\].imagePullSecret is .* write it as spec.template.spec.imagePullSecrets$/,
    ],
  },
  {
    name: 'misspelt',
    object: { spec: { imagePullSecret: LIST } },
    says: ['spec.imagePullSecret is no field of Kubernetes; did you mean imagePullSecrets?'],
  },
  { name: 'in other letters', object: { spec: { ImagePullSecrets: LIST } }, says: [/did you mean imagePullSecrets\?/] },
  {
    name: 'beside the template',
    at: TEMPLATE,
    object: { metadata: { imagePullSecrets: LIST }, imagePullSecrets: LIST, spec: { imagePullSecrets: LIST } },
    says: [/^imagePullSecrets is/, /^spec.imagePullSecrets is/, /^metadata.imagePullSecrets is/],
  },
  {
    name: 'beside the template of a custom kind, where it may have a meaning',
    at: TEMPLATE,
    isBuiltIn: false,
    object: { spec: { imagePullSecrets: LIST } },
    says: [],
  },
  { name: 'a ServiceAccount', kind: 'ServiceAccount', at: undefined, object: { imagePullSecrets: LIST }, says: [] },
  {
    name: 'a ServiceAccount without',
    kind: 'ServiceAccount',
    at: undefined,
    object: { imagePullSecrets: null },
    says: [],
  },
  {
    name: 'a ServiceAccount with strings',
    kind: 'ServiceAccount',
    at: undefined,
    object: { imagePullSecrets: ['acme', { name: 'b' }, ['c']] },
    says: ['imagePullSecrets[0] must be a mapping; write each as "- name: NAME"', /^imagePullSecrets\[2\] must be/],
  },
  {
    name: 'a ServiceAccount with one, misspelt',
    kind: 'ServiceAccount',
    at: undefined,
    object: { imagePullSecrets: { name: 'a' }, imagePullSecret: LIST },
    says: [/^imagePullSecret is no field/, /^imagePullSecrets must be a list; write each/],
  },
  {
    name: 'what has nothing to do with it',
    kind: 'ConfigMap',
    at: undefined,
    object: { imagePullSecret: 1 },
    says: [],
  },
  { name: 'a spec that is none', object: { spec: 'a' }, says: [] },
  {
    name: 'a hundred',
    object: { spec: { containers: Array.from({ length: 100 }, () => ({ imagePullSecrets: LIST })) } },
    says: Array.from({ length: 10 }, () => /^spec.containers/),
  },
]

for (const { name, kind = 'Pod', isBuiltIn = true, object, says, ...rest } of cases) {
  t.test(name, async t => {
    const at = 'at' in rest ? rest.at : ['spec']
    const found = findMisplaced({ apiVersion: 'v1', kind, object }, at, isBuiltIn)
    t.match(
      found.map(({ message }) => message),
      says,
    )
    t.equal(found.length, says.length)
  })
}
