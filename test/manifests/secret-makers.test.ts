import t from 'tap'
import { secretsMadeBy } from '../../src/manifests/secret-makers.ts'

const TYPE = 'kubernetes.io/dockerconfigjson'

interface Case {
  readonly of: string
  readonly object: Record<string, unknown>
  /** Name, namespace or `*`, and whether it says that it is a pull secret. */
  readonly makes: readonly string[]
}

const metadata = { name: 'own', namespace: 'a' }

const cases: readonly Case[] = [
  { of: 'v1/Pod', object: { metadata }, makes: [] },
  { of: 'bitnami.com/v1alpha1/SealedSecret', object: { metadata, spec: {} }, makes: ['own a other'] },
  {
    of: 'bitnami.com/v1alpha1/SealedSecret',
    object: { metadata, spec: { template: { type: TYPE, metadata: { name: 'b' } } } },
    makes: ['b a pull'],
  },
  {
    of: 'bitnami.com/v1alpha1/SealedSecret',
    object: { metadata, spec: { encryptedData: { '.dockerconfigjson': 'x' } } },
    makes: ['own a pull'],
  },
  {
    of: 'external-secrets.io/v1/ExternalSecret',
    object: { metadata, spec: { target: { name: 'b', template: { type: TYPE } } } },
    makes: ['b a pull'],
  },
  {
    of: 'external-secrets.io/v1beta1/ClusterExternalSecret',
    object: { metadata: { name: 'own' }, spec: { externalSecretName: 'c', externalSecretSpec: {} } },
    makes: ['c * other'],
  },
  {
    of: 'external-secrets.io/v1beta1/ClusterExternalSecret',
    object: { metadata: { name: 'own' }, spec: { externalSecretSpec: { target: { name: 'd' } } } },
    makes: ['d * other'],
  },
  { of: 'kubernetes-client.io/v1/ExternalSecret', object: { metadata, spec: {} }, makes: ['own a other'] },
  {
    of: 'secrets.hashicorp.com/v1beta1/VaultStaticSecret',
    object: { metadata, spec: { destination: { name: 'b', create: true, type: TYPE } } },
    makes: ['b a pull'],
  },
  { of: 'onepassword.com/v1/OnePasswordItem', object: { metadata, type: TYPE }, makes: ['own a pull'] },
  {
    of: 'secrets.infisical.com/v1alpha1/InfisicalSecret',
    object: {
      metadata,
      spec: {
        managedSecretReference: { secretName: 'b', secretNamespace: 'c', secretType: TYPE },
        managedKubeSecretReferences: [{ secretName: 'd' }, {}],
      },
    },
    makes: ['b c pull', 'd a other'],
  },
  { of: 'k8s.bitwarden.com/v1/BitwardenSecret', object: { metadata, spec: { secretName: 'b' } }, makes: ['b a other'] },
  {
    of: 'isindir.github.com/v1alpha3/SopsSecret',
    object: { metadata, spec: { secretTemplates: [{ name: 'b', type: TYPE }, { name: 'c' }] } },
    makes: ['b a pull', 'c a other'],
  },
  {
    of: 'kustomize.config.k8s.io/v1beta1/Kustomization',
    object: { secretGenerator: [{ name: 'b', type: TYPE }], resources: [] },
    makes: ['b * pull'],
  },
  { of: 'kustomize.config.k8s.io/v1beta1/Kustomization', object: { secretGenerator: 'b' }, makes: [] },
  { of: 'external-secrets.io/v1/ExternalSecret', object: {}, makes: [] },
]

for (const { of, object, makes } of cases) {
  t.test(`${of} with ${JSON.stringify(object).slice(0, 80)}`, async t => {
    const kind = of.slice(of.lastIndexOf('/') + 1)
    const made = secretsMadeBy({ apiVersion: of.slice(0, of.lastIndexOf('/')), kind, object })
    t.strictSame(
      made.map(({ name, namespace, everywhere, isPullSecret }) => {
        return `${name} ${everywhere ? '*' : namespace} ${isPullSecret ? 'pull' : 'other'}`
      }),
      makes,
    )
  })
}

t.test('configuration adds kinds, with the place of the name', async t => {
  const producers = [
    { group: 'example.com', kind: 'Maker', path: '/spec/secrets/*/name' },
    { group: 'example.com', kind: 'Maker', path: '/metadata/name' },
    { group: '', kind: 'Maker', path: '/other' },
  ]
  const made = (apiVersion: string, spec: unknown) =>
    secretsMadeBy({ apiVersion, kind: 'Maker', object: { metadata, spec } }, producers)
  const of = (name: string) => ({ name, namespace: 'a', everywhere: false, isPullSecret: false })
  t.strictSame(
    made('example.com/v1', { secrets: [{ name: 'b' }, { name: 'c' }, { name: 5 }, {}] }),
    ['b', 'c', 'own'].map(of),
  )
  t.strictSame(made('example.com/v2', { secrets: 'x' }), [of('own')], 'what stands in the way is no name')
  t.strictSame(made('v1', {}), [])
  const bare = { apiVersion: 'example.com/v1', kind: 'Maker', object: { metadata: { name: 'd' } } }
  t.match(secretsMadeBy(bare, producers), [{ name: 'd', namespace: undefined }])
})
