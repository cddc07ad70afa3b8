import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { readSecrets } from '../../src/commands/read-secrets.ts'

const SECRET = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, type: 'kubernetes.io/dockerconfigjson' }
const CONFIG = '{"auths": {"ghcr.io": {}}}'

const folder = t.testdir({
  'config.json': CONFIG,
  'empty.json': '{}',
  'secret.json': JSON.stringify(SECRET),
  'opaque.json': JSON.stringify({ ...SECRET, type: 'Opaque', stringData: { a: CONFIG } }),
  'other.json': JSON.stringify({ ...SECRET, type: 'Opaque', stringData: { a: 'b' } }),
  'pod.json': JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }),
  'custom.json': JSON.stringify({ ...SECRET, apiVersion: 'example.com/v1' }),
  'odd.json': JSON.stringify({ ...SECRET, data: 5 }),
  'broken.yaml': 'a: [',
  chart: { 'Chart.yaml': 'name: a' },
})
const read = (...names: string[]) =>
  readSecrets(
    names.map(name => join(folder, name)),
    { stdin: Readable.from([]) },
  )

t.test('docker configs and Secrets that hold one are found, and nothing else', async t => {
  for (const name of ['config.json', 'secret.json', 'opaque.json']) {
    const { found, faults, others } = await read(name)
    t.match({ count: found.length, faults, others }, { count: 1, faults: [], others: 0 }, name)
  }
  for (const name of ['empty.json', 'other.json', 'pod.json', 'custom.json'])
    t.strictSame(await read(name), { found: [], faults: [], others: 1 }, name)
})

t.test('what cannot be read is told, and keeps nothing else from being read', async t => {
  const { found, faults } = await read('odd.json', 'broken.yaml', 'chart', 'nowhere', 'config.json')
  t.equal(found.length, 1)
  t.match(faults, [
    /odd.json: cannot read this Secret: data must be a mapping$/,
    /broken.yaml:1/,
    /chart: this is a Helm chart; render it first$/,
    /nowhere: no such file or folder/,
  ])
})
