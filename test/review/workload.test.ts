import t from 'tap'
import { findAt, templateKind } from '../../src/review/workload.ts'

t.test('kinds with a template, built in and by configuration', async t => {
  t.equal(templateKind('apps', 'Deployment')?.path, '/spec/template')
  t.equal(templateKind('batch', 'CronJob')?.path, '/spec/jobTemplate/spec/template')
  t.equal(templateKind('', 'PodTemplate')?.path, '/template')
  t.equal(templateKind('', 'Deployment'), undefined, 'of another group')
  const rollout = { group: 'argoproj.io', kind: 'Rollout', path: '/spec/template' }
  t.equal(templateKind('argoproj.io', 'Rollout'), undefined)
  t.equal(templateKind('argoproj.io', 'Rollout', [rollout]), rollout)
})

const cases: readonly [object: unknown, pointer: string, found: object][] = [
  [{ spec: { template: 1 } }, '/spec/template', { value: 1 }],
  [{ spec: {} }, '/spec/template', { value: undefined }],
  [{ spec: null }, '/spec/template', { value: undefined }],
  [undefined, '/spec/template', { value: undefined }],
  [{ spec: { template: null } }, '/spec/template', { value: null }],
  [{ spec: [] }, '/spec/template', { fault: 'spec must be a mapping' }],
  [{ 'a/b': { 'c~d': 1 } }, '/a~1b/c~0d', { value: 1 }],
  [{}, '/constructor/name', { value: undefined }],
]

t.test('what is at a JSON pointer', async t => {
  for (const [object, pointer, found] of cases) {
    t.strictSame(findAt(object, pointer), found, `${pointer} in ${JSON.stringify(object)}`)
  }
})
