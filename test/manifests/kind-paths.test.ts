import t from 'tap'
import { KindPaths } from '../../src/manifests/kind-paths.ts'

t.test('a kind of which no object has a template is told once, at its first object', async t => {
  const kinds = new KindPaths('templates', 'a Pod template')
  const rollout = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' }
  kinds.note(rollout, { file: 'a.yaml', line: 1 }, false)
  kinds.note(rollout, { file: 'b.yaml' }, false)
  kinds.note({ apiVersion: 'example.com/v1', kind: 'Rollout' }, { file: 'c.yaml' }, false)
  kinds.note({ apiVersion: 'example.com/v2', kind: 'Rollout' }, { file: 'd.yaml' }, true)
  t.strictSame(kinds.faults, [
    {
      file: 'a.yaml',
      line: 1,
      message: 'no path under templates in the configuration leads to a Pod template in any Rollout; correct it',
    },
  ])
})
