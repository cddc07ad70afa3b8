import { join } from 'node:path'
import t from 'tap'
import { ManifestView } from '../../src/cluster/manifest-view.ts'
import { parseManifests, readManifests } from '../../src/cluster/manifests.ts'
import { secretState } from '../../src/policy/facts.ts'

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n'

t.test('a text is taken apart into its objects', async t => {
  const cases = [
    { name: 'one document', text: POD, kinds: ['Pod'] },
    { name: 'several', text: `${POD}---\n---\n${POD}`, kinds: ['Pod', 'Pod'] },
    { name: 'JSON', text: '{"apiVersion": "v1", "kind": "Pod"}', kinds: ['Pod'] },
    {
      name: 'a List',
      text: '{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Pod"}, 7, null]}',
      kinds: ['Pod'],
    },
    {
      name: 'a typed list',
      text: '{"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {}}, 7]}',
      kinds: ['Pod', 'Pod'],
    },
    { name: 'a List that is none', text: '{"apiVersion": "v1", "kind": "List"}', kinds: ['List'] },
    { name: 'what is no object', text: 'just text\n---\n[1, 2]\n---\nkey: value\n', kinds: [] },
    { name: 'nothing', text: '', kinds: [] },
  ]
  for (const { name, text, kinds } of cases) {
    const parsed = parseManifests('f', text)
    t.strictSame(parsed.ok && parsed.manifests.map(({ kind }) => kind), kinds, name)
  }
})

t.test('what is no YAML is told with its place and never quoted', async t => {
  t.strictSame(parseManifests('f.yaml', `${POD}---\na: [hunter2`), {
    ok: false,
    faults: ['f.yaml:5:12: this is not YAML or JSON (BAD_INDENT); correct it or leave the file out'],
  })
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x, x]',
    ...'bcdefgh'.split('').map((key, i) => `${key}: &${key} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(', ')}]`),
  ]
  t.match(parseManifests('bomb.yaml', bomb.join('\n')), {
    ok: false,
    faults: [/^bomb.yaml: its aliases cannot be resolved/],
  })
})

t.test('files, folders and standard input are read in their order', async t => {
  const folder = t.testdir({ 'b.yml': POD, 'a.yaml': POD, sub: { 'c.json': '{}', 'd.txt': 'a: [' } })
  const read = await readManifests(
    [folder, join(folder, 'b.yml'), '-'],
    (async function* () {
      yield POD
      yield Buffer.from('---\n')
    })(),
  )
  t.strictSame(read.ok && read.manifests.map(({ file }) => file.slice(folder.length)), [
    '/a.yaml',
    '/b.yml',
    '/b.yml',
    '',
  ])
  t.match(await readManifests([folder, join(folder, 'sub', 'd.txt')]), { ok: false, faults: [/d.txt/] })
  const missing = await readManifests([join(folder, 'none')])
  t.match(missing, { ok: false, faults: [/^cannot read .*none \(ENOENT\); check the path/] })
})

t.test('a file that is too large is no manifest', async t => {
  const folder = t.testdir({ 'large.yaml': ' '.repeat(32 * 1024 * 1024 + 1) })
  t.match(await readManifests([folder]), { ok: false, faults: [/large.yaml is larger than 32 MiB; split it/] })
})

t.test('an empty cluster', async t => {
  const view = new ManifestView([])
  t.strictSame([...view.secretNames('default')], [])
  t.strictSame(view.credentials('default', { registry: 'a', path: 'b' }), [])
  t.strictSame(await view.readPullSecrets('default'), { state: 'value', value: [] })
  t.strictSame(view.secret('default', 'a'), { state: 'absent' })
  t.equal(view.size, 0)
})

t.test('a Secret that nobody asked about is unknown', async t => {
  t.strictSame(secretState({ secrets: new Map() }, 'a'), { state: 'unknown' })
})
