import t from 'tap'
import { formatFault } from '../../src/manifests/found.ts'

t.test('a fault is told with as much of its place as is known', async t => {
  const told = (more: object) => formatFault({ file: 'a.yaml', message: 'wrong', ...more })
  t.equal(told({}), 'a.yaml: wrong')
  t.equal(told({ line: 3 }), 'a.yaml:3: wrong')
  t.equal(told({ line: 3, column: 5, source: 'web/templates/a.yaml' }), 'a.yaml:3:5 (from web/templates/a.yaml): wrong')
})
