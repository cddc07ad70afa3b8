import t from 'tap'
import { type Home, isMadeByHand, remake, whereBeside, whereIn } from '../../src/advice/home.ts'

const LIST = 'spec.imagePullSecrets'
const REPLICA_SET = { kind: 'ReplicaSet', name: 'web', list: 'spec.template.spec.imagePullSecrets' }

const cases: readonly { name: string; home: Partial<Home>; list: string; beside: string; remade?: string }[] = [
  { name: 'a file, or a template', home: {}, list: LIST, beside: '' },
  {
    name: 'a Pod that somebody made',
    home: { again: 'replace' },
    list: `${LIST}, then: kubectl replace --force --namespace team-a -f FILE`,
    beside: '',
    remade: 'kubectl replace --force --namespace team-a -f FILE',
  },
  {
    name: 'one whose name is made up',
    home: { again: 'create' },
    list: `${LIST}, then: kubectl create --namespace team-a -f FILE`,
    beside: '',
    remade: 'kubectl create --namespace team-a -f FILE',
  },
  {
    name: 'one that something else makes again',
    home: { again: 'replace', owner: REPLICA_SET },
    list: 'spec.template.spec.imagePullSecrets of its ReplicaSet "web"',
    beside: ' in its ReplicaSet "web"',
  },
  {
    name: 'one of a kind of which nobody knows where it has its list',
    home: { owner: { kind: 'Rollout', name: 'web', list: undefined } },
    list: 'imagePullSecrets of its Rollout "web"',
    beside: ' in its Rollout "web"',
  },
  {
    name: 'the mirror of a static Pod',
    home: { again: 'replace', owner: { kind: 'Node', name: 'worker-1', list: undefined } },
    list: `${LIST} of its manifest, a file on node "worker-1"`,
    beside: ' in its manifest, a file on node "worker-1"',
  },
  {
    name: 'one that Argo CD applies',
    home: { again: 'replace', tool: 'Argo CD' },
    list: `${LIST}; change it in Git, from where Argo CD applies it`,
    beside: '; change it in Git, from where Argo CD applies it',
  },
  {
    name: 'one that Flux applies',
    home: { tool: 'Flux' },
    list: `${LIST}; change it in Git, from where Flux applies it`,
    beside: '; change it in Git, from where Flux applies it',
  },
  {
    name: 'one that is made by what Helm installed',
    home: { again: 'replace', owner: REPLICA_SET, tool: 'Helm' },
    list: 'spec.template.spec.imagePullSecrets of its ReplicaSet "web"; change it in Git, in the chart or its values, since Helm installed it',
    beside: ' in its ReplicaSet "web"; change it in Git, in the chart or its values, since Helm installed it',
  },
]

for (const { name, home: tweak, list, beside, remade } of cases) {
  t.test(`where it is changed: ${name}`, async t => {
    const home: Home = { isFile: false, list: LIST, ...tweak }
    t.equal(whereIn(home, 'team-a'), list)
    t.equal(whereBeside(home), beside)
    t.equal(remake(home, 'team-a'), remade)
    t.equal(isMadeByHand(home), remade !== undefined)
  })
}

t.test('no command holds a name that is none', async t => {
  const home: Home = { isFile: false, list: LIST, again: 'replace' }
  t.equal(whereIn(home, '$(id)'), LIST)
})
