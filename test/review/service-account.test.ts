import t from 'tap'
import { readManifestSubject } from '../../src/review/manifest.ts'

const cases: { name: string; spec: object; wanted: string }[] = [
  { name: 'a template that names none has the default one', spec: {}, wanted: 'default' },
  { name: 'an empty name is none', spec: { serviceAccountName: '', serviceAccount: '' }, wanted: 'default' },
  { name: 'the name of before', spec: { serviceAccount: 'builder' }, wanted: 'builder' },
  { name: 'the name of now goes first', spec: { serviceAccountName: 'new', serviceAccount: 'old' }, wanted: 'new' },
]

for (const { name, spec, wanted } of cases) {
  t.test(`ServiceAccount: ${name}`, async t => {
    const object = { metadata: { name: 'web' }, spec: { template: { spec } } }
    const { subject } = readManifestSubject({ apiVersion: 'apps/v1', kind: 'Deployment', object }, 'team-a', [])
    t.match(subject, { about: 'template', serviceAccountName: wanted })
  })
}
