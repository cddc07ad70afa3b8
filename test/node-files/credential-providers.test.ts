import t from 'tap'
import { conclusionsOf } from './said.ts'

const config = (...providers: object[]) =>
  JSON.stringify({ apiVersion: 'kubelet.config.k8s.io/v1', kind: 'CredentialProviderConfig', providers })

t.test('each image pattern of a provider is an entry, with its line', async t => {
  const yaml = `apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
  - name: ecr-credential-provider
    matchImages:
      - "*.dkr.ecr.*.amazonaws.com"
      - registry.example.com:5000/
`
  t.strictSame(await conclusionsOf(t.testdir({ 'a.yaml': yaml })), {
    entries: [
      '*.dkr.ecr.*.amazonaws.com <- a.yaml:6: credential provider ecr-credential-provider',
      'registry.example.com:5000 <- a.yaml:7: credential provider ecr-credential-provider',
    ],
    remarks: [],
    faults: [],
  })
})

t.test('what regcred compares otherwise is told, and what it cannot say is no entry', async t => {
  const matchImages = [
    'ghcr.io/acme',
    'ghcr.io/labs/',
    '*',
    'Registry.example.com',
    'index.docker.io',
    'me:p@a.example.com',
    3,
  ]
  const { entries, remarks } = await conclusionsOf(
    t.testdir({ 'a.json': config({ name: 'p', matchImages }, { matchImages: 3 }) }),
  )
  t.strictSame(entries, [
    'ghcr.io/acme <- a.json: credential provider p; the kubelet asks it for every image whose name begins so, regcred takes whole parts of the path',
    'ghcr.io/labs <- a.json: credential provider p',
  ])
  t.strictSame(remarks, [
    "a.json: * is no pattern of regcred's: it does not start with a registry; for Docker Hub write docker.io/… (credential provider p)",
    'a.json: credential provider p: the kubelet compares Registry.example.com with its capitals, which an image has not',
    "a.json: index.docker.io is no pattern of regcred's: it is not the name of Docker Hub in images; write docker.io (credential provider p)",
    "a.json: (a name that is not shown) is no pattern of regcred's: it has a host that is not valid in an image name (credential provider p)",
  ])
})

t.test('the same pattern of two providers is one entry with both reasons, of which a few are told', async t => {
  const providers = ['a', 'a', 'b', 'c', 'd', 'e', 'f'].map(name => ({ name, matchImages: ['quay.io'] }))
  const { entries } = await conclusionsOf(t.testdir({ 'a.json': config(...providers) }))
  const reasons = ['a', 'b', 'c', 'd', 'e'].map(name => `a.json: credential provider ${name}`)
  t.strictSame(entries, [`quay.io <- ${reasons.join(' | ')}`])
})

t.test('a provider that requires annotations of the ServiceAccount is an entry with them', async t => {
  const requiring = (...requiredServiceAccountAnnotationKeys: string[]) => ({
    name: 'p',
    matchImages: ['quay.io'],
    tokenAttributes: { requireServiceAccount: true, requiredServiceAccountAnnotationKeys },
  })
  const { entries, remarks } = await conclusionsOf(
    t.testdir({ 'a.json': config(requiring('example.com/role', 'b'), requiring(), requiring('no way')) }),
  )
  t.strictSame(entries, [
    '{"pattern":"quay.io","serviceAccountAnnotations":["example.com/role","b"]} <- a.json: credential provider p',
    'quay.io <- a.json: credential provider p',
  ])
  t.strictSame(remarks, [
    'a.json: one of the annotations that are required for quay.io is not valid (credential provider p)',
  ])
})
