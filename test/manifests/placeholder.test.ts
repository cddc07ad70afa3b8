import t from 'tap'
import { explainUnrendered, isMeantAsPullSecret, isUnreadable } from '../../src/manifests/placeholder.ts'

const TYPE = 'kubernetes.io/dockerconfigjson'

t.test('a text that another tool would have filled in is told from one that is as it will be', async t => {
  const cases: [text: string, says: RegExp | undefined][] = [
    ['registry.example.com/web:1', undefined],
    ['ko://example.com/cmd/web', /not rendered yet \(ko:\/\/\).* ko resolve$/],
    ['{{ .Values.image }}:1', /\(\{\{ \}\}\).* helm template$/],
    ['registry.example.com/web:$' + '{TAG:=1}', /\(\$\{ \}\).* flux envsubst or envsubst$/],
    ['<path:secret/data/ci#image>', /argocd-vault-plugin generate$/],
    ['a$b', undefined],
  ]
  for (const [text, says] of cases) {
    if (says === undefined) t.equal(explainUnrendered(text), undefined, text)
    else t.match(explainUnrendered(text), says, text)
  }
})

t.test('of a pull secret that is encrypted, copied or to be filled in nobody can say what it holds', async t => {
  const holding = (content: string) => ({ type: TYPE, stringData: { '.dockerconfigjson': content } })
  const encoded = (content: string) => ({ type: TYPE, data: { '.dockerconfigjson': btoa(content) } })
  const copied = (annotation: string) => ({ ...holding('{}'), metadata: { annotations: { [annotation]: 'a/b' } } })
  const cases: [name: string, secret: object, unreadable: boolean][] = [
    ['whole', holding('{"auths":{"a.example.com":{"username":"u","password":"<p>"}}}'), true],
    ['as it will be', holding('{"auths":{"a.example.com":{"username":"u","password":"p"}}}'), false],
    ['of sops', { ...holding('x'), sops: {} }, true],
    ['encrypted', { type: TYPE, data: { '.dockerconfigjson': 'ENC[AES256_GCM,data:eA==]' } }, true],
    ['of a vault', holding('<path:secret/data/ci#config>'), true],
    ['of a vault, in base64', encoded('{"auths":{"a":{"auth":"<path:a#b>"}}}'), true],
    ['of Flux', holding(`{"auths":{"$${'{REGISTRY}'}":{}}}`), true],
    ['of a template', holding('{{ .Values.config }}'), true],
    ['to be copied', copied('replicator.v1.mittwald.de/replicate-from'), true],
    ['to be copied, by secretgen', copied('secretgen.carvel.dev/image-pull-secret'), true],
    [
      'a copy in a cluster',
      { ...holding('{}'), metadata: { uid: '1', annotations: { 'secretgen.carvel.dev/image-pull-secret': '' } } },
      false,
    ],
    ['with another annotation', copied('example.com/a'), false],
    ['of another type', { ...copied('reflector.v1.k8s.emberstack.com/reflects'), type: 'Opaque' }, false],
    ['empty', {}, false],
  ]
  for (const [name, secret, unreadable] of cases) t.equal(isUnreadable(secret), unreadable, name)
})

t.test('a Secret is meant as a pull secret by its type or its key', async t => {
  t.equal(isMeantAsPullSecret({ type: 'kubernetes.io/dockercfg' }), true)
  t.equal(isMeantAsPullSecret({ type: 'Opaque', stringData: { '.dockerconfigjson': '{}' } }), true)
  t.equal(isMeantAsPullSecret({ type: 'Opaque', data: { password: 'eA==' } }), false)
})
