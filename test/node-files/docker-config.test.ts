import t from 'tap'
import { conclusionsOf } from './said.ts'

t.test('what the kubelet has credentials for in its own docker config is an entry', async t => {
  const auths = {
    'https://index.docker.io/v1/': { auth: 'cDpw' },
    'registry.example.com/acme': { username: 'u', password: 'p' },
    'empty.example.com': {},
    'me:p@odd.example.com/ü': { auth: 'cDpw' },
  }
  t.strictSame(await conclusionsOf(t.testdir({ 'config.json': JSON.stringify({ auths }) })), {
    entries: [
      "docker.io <- config.json: the kubelet's docker config has credentials for it",
      "registry.example.com/acme <- config.json: the kubelet's docker config has credentials for it",
    ],
    remarks: ['config.json: one of its keys names no registry'],
    faults: [],
  })
})
