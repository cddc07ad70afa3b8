import t from 'tap'
import { nameOfPlugin } from '../../../src/kube/kubeconfig/plugin-name.ts'

t.test('who is asked, for people', async t => {
  t.equal(nameOfPlugin({ command: '/usr/local/bin/aws' }), 'the exec plugin "aws"')
  t.equal(nameOfPlugin(undefined), 'the identity provider')
})
