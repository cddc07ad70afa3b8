import { join } from 'node:path'
import { chdir } from 'node:process'
import t from 'tap'
import { nearestPath, tellNoSuchFile } from '../../../src/runtime/files/nearest-path.ts'

const folder = t.testdir({
  examples: { 'regcred.yaml': '', cluster: { 'pod.json': '' } },
  'Values.yaml': '',
  'a.yaml': '',
})
const before = process.cwd()
t.before(() => chdir(folder))
t.teardown(() => chdir(before))

const cases: readonly (readonly [path: string, nearest: string | undefined])[] = [
  ['exampels', 'examples'],
  ['exampels/', 'examples'],
  ['./exmples/regcrd.yaml', './examples/regcred.yaml'],
  ['examples/clusterr/pod.jsn', 'examples/cluster/pod.json'],
  ['values.yaml', 'Values.yaml'],
  ['../x/../exampels', undefined],
  ['nothing-like-it', undefined],
  ['a.yaml/b', undefined],
  ['examples/nothing/pod.json', undefined],
  ['', undefined],
  [join(folder, 'exampels/regcred.yml'), join(folder, 'examples/regcred.yaml')],
  ['/no-such-folder-anywhere/x', undefined],
]

for (const [path, nearest] of cases) {
  t.test(`${path.replace(folder, '…')}: ${nearest?.replace(folder, '…') ?? 'nothing'} was meant`, async t => {
    t.equal(await nearestPath(path), nearest)
  })
}

t.test('a folder may be too full to be looked through', async t => {
  t.equal(await nearestPath('exampels', 0), 'examples', 'a limit that is passed at once')
  t.equal(await nearestPath('exampels/regcrd.yaml', 1), undefined)
})

t.test('it is told in one sentence', async t => {
  t.equal(await tellNoSuchFile('exampels'), 'no such file or folder; did you mean examples?')
  t.equal(await tellNoSuchFile('nothing-like-it'), 'no such file or folder')
})
