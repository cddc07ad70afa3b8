import t from 'tap'
import { podIn, podOf, withImage, withSecrets } from '../../src/inspection/pod-to-ask.ts'

const spec = { containers: [{ name: 'c', image: 'ghcr.io/a' }], imagePullSecrets: [{ name: 'acme' }] }
const deployment = (object: unknown) => podIn({ apiVersion: 'apps/v1', kind: 'Deployment', object })

t.test('a Pod is as it is, and what makes Pods is as it was written', async t => {
  t.match(podIn({ apiVersion: 'v1', kind: 'Pod', object: { metadata: { name: 'a' }, spec } }), {
    ok: true,
    pod: {
      about: 'pod',
      form: 'stored',
      references: ['acme'],
      home: { list: 'spec.imagePullSecrets', again: 'replace' },
    },
  })
  t.match(deployment({ metadata: { name: 'a' }, spec: { template: { spec } } }), {
    ok: true,
    pod: { about: 'template', form: 'written', home: { list: 'spec.template.spec.imagePullSecrets' } },
  })
  t.match(deployment({ spec: { template: {} } }), { ok: true, pod: { images: [], serviceAccountName: 'default' } })
  t.match(deployment({}), { ok: true, pod: { images: [] } })
})

t.test('an object that is none is a fault', async t => {
  t.match(deployment(5), { ok: false })
  t.match(deployment({ spec: 5 }), { ok: false, fault: 'spec must be a mapping' })
  t.match(deployment({ spec: { template: { spec: { containers: 5 } } } }), { ok: false })
})

t.test('another image, and other pull secrets', async t => {
  const pod = podOf('ci')
  t.match(pod, { serviceAccountName: 'ci', form: 'written', references: [], images: [] })
  t.match(withImage(pod, 'nginx').images, [{ image: 'nginx', pulled: true }])
  t.match(withSecrets(pod, ['a']), { form: 'stored', references: ['a'], written: new Set(['a']) })
})
