import { join } from 'node:path'
import t from 'tap'
import type { Found } from '../../src/manifests/found.ts'
import { findInText, findManifests, parseManifests, readManifests } from '../../src/manifests/read.ts'

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
    {
      name: 'JSON that follows JSON',
      text: '{"apiVersion": "v1", "kind": "Pod"}\n{"apiVersion": "v1", "kind": "A"} ',
      kinds: ['Pod', 'A'],
    },
    {
      name: 'JSON with brackets in strings',
      text: '{"apiVersion": "v1", "kind": "\\"}{"}{"a": ["["]}',
      kinds: ['"}{'],
    },
    { name: 'JSON behind a byte order mark', text: '\uFEFF{"apiVersion": "v1", "kind": "Pod"}', kinds: ['Pod'] },
    { name: 'a flow map that is no JSON', text: '{apiVersion: v1, kind: Pod}', kinds: ['Pod'] },
    {
      name: 'lines that end as in Windows',
      text: `\uFEFF${POD}---\n${POD}`.replaceAll('\n', '\r\n'),
      kinds: ['Pod', 'Pod'],
    },
    { name: 'a patch of kustomize', text: `- {op: remove, path: /spec}\n---\n${POD}`, kinds: ['Pod'] },
    {
      name: 'braces between quotes, as Argo wants them',
      text: `${POD}spec: {image: "{{inputs.image}}"}\n`,
      kinds: ['Pod'],
    },
    { name: 'what is no object', text: 'just text\n---\n[1, 2]\n---\nkey: value\n', kinds: [] },
    { name: 'nothing', text: '', kinds: [] },
  ]
  for (const { name, text, kinds } of cases) {
    const parsed = await parseManifests('f', text)
    t.strictSame(parsed.ok && parsed.manifests.map(({ kind }) => kind), kinds, name)
  }
})

t.test('what is neither YAML nor JSON is told with its file and its place', async t => {
  t.strictSame(await parseManifests('f.yaml', `${POD}---\na: [hunter2`), {
    ok: false,
    faults: [
      'f.yaml:5:12: this is not YAML or JSON: flow sequence in block collection must be sufficiently indented and end ' +
        'with a ]; correct it or leave the file out',
    ],
  })
  t.match(await parseManifests('f.json', '{"kind": "Pod"}\n{"kind": "Pod"} x'), {
    ok: false,
    faults: [/^f\.json:2:1: this is not YAML or JSON/],
  })
})

t.test('what merge keys bring is there, as kubectl reads it', async t => {
  const parsed = await parseManifests('f', `${POD}spec:\n  a: &a {image: web}\n  b: {<<: *a, name: b}\n`)
  t.match(parsed, { manifests: [{ object: { spec: { b: { image: 'web', name: 'b' } } } }] })
})

t.test('an object knows the line where it begins, if it is written in YAML', async t => {
  const list = `kind: List\napiVersion: v1\nitems:\n- {}\n- kind: List\n  apiVersion: v1\n  items:\n  - ${POD.replaceAll('\n', '\n    ')}`
  const cases = [
    { name: 'documents', text: `# a comment\n\n${POD}---\n# another\n${POD}`, lines: [3, 8] },
    { name: 'lists in lists', text: `\n---\n${list}`, lines: [10] },
    { name: 'JSON', text: '\n{"apiVersion": "v1", "kind": "Pod"}', lines: [undefined] },
    {
      name: 'a list whose items stand elsewhere',
      text: 'apiVersion: v1\nkind: List\nall: &all\n- {apiVersion: v1, kind: Pod}\nitems: *all\n',
      lines: [undefined],
    },
  ]
  for (const { name, text, lines } of cases) {
    const parsed = await parseManifests('f', text)
    t.strictSame(parsed.ok && parsed.manifests.map(({ line }) => line), lines, name)
  }
})

t.test('a folder without manifests is a fault', async t => {
  const folder = t.testdir({ 'notes.txt': POD })
  t.match(await readManifests([folder]), {
    ok: false,
    faults: [/: there is no .yaml, .yml or .json file in this folder; give another$/],
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
  t.match(missing, { ok: false, faults: [/none: no such file or folder/] })
})

t.test('lists in lists are read to a depth', async t => {
  const nest = (depth: number) =>
    ['{"apiVersion":"v1","kind":"List","items":['.repeat(depth), ']}'.repeat(depth)].join(
      '{"apiVersion":"v1","kind":"Pod"}',
    )
  t.match(await parseManifests('f', nest(10)), { ok: true, manifests: [{ kind: 'Pod' }] })
  t.match(await parseManifests('f', nest(20_000)), {
    ok: false,
    faults: ['f: more than 10 lists are in one another; write them out'],
  })
  const yaml = await parseManifests('f', `# a comment\n${nest(11).replaceAll('"', '')}`.replaceAll(':', ': '))
  t.match(yaml, { ok: false, faults: ['f:2:351: more than 10 lists are in one another; write them out'] })
})

t.test('of a file that is all wrong a hundred faults are told', async t => {
  const read = await parseManifests('f', 'a: b: c\n---\n'.repeat(500))
  t.equal(!read.ok && read.faults.length, 101)
  t.match(read, { faults: { 100: 'f: it has 100 errors so far, and is read no further' } })
})

t.test('a file may hold more objects than a call takes arguments', async t => {
  const items = '{"apiVersion":"v1","kind":"Pod"},'.repeat(200_000).slice(0, -1)
  const folder = t.testdir({ 'a.json': `{"apiVersion":"v1","kind":"List","items":[${items}]}` })
  const read = await readManifests([folder])
  t.equal(read.ok && read.manifests.length, 200_000)
})

async function all(found: AsyncIterable<Found>): Promise<Found[]> {
  const list: Found[] = []
  for await (const one of found) list.push(one)
  return list
}

t.test('what is no Kubernetes object is told apart, as far as people mix it up with one', async t => {
  const cases = [
    { text: '', other: 'empty' },
    { text: '---\n# nothing\n---\n', other: 'empty' },
    { text: '{"auths": {}}', other: 'dockerConfig' },
    { text: '{"https://index.docker.io/v1/": {"auth": "x"}}', other: 'dockerConfig' },
    { text: 'apiVersion: v2\nname: web\nversion: 1.0.0\n', other: 'chart' },
    { text: 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n', other: 'kustomization' },
    { file: 'a/kustomization.yaml', text: 'resources: [a.yaml]\n', other: 'kustomization' },
    { text: '{}', other: 'document' },
    { text: 'just text', other: 'document' },
    { text: '- a\n', other: 'document' },
  ]
  for (const { file = 'f', text, other } of cases)
    t.match(await all(findInText(file, text)), [{ file, other }], JSON.stringify(text))
})

t.test('what cannot be parsed keeps nothing else from being read', async t => {
  const folder = t.testdir({ 'a.yaml': 'a: [', 'b.yaml': `a: b: c\n---\n${POD}`, 'c.yaml': POD })
  const found = await all(findManifests([join(folder, 'none'), folder], (async function* () {})()))
  t.match(
    found.map(one => ('fault' in one ? `fault ${one.fault.file}` : one.file)),
    [/fault .*none$/, /fault .*a.yaml$/, /fault .*b.yaml$/, /b.yaml$/, /c.yaml$/],
  )
  t.match(await readManifests([folder]), { ok: false, faults: [/a.yaml:1/, /b.yaml:1/] })
})

t.test('where an object was rendered from is known, if that is written there', async t => {
  const helm = `---\n# Source: web/templates/pod.yaml\n${POD}---\n# Source: web/templates/b.yaml\n\n${POD}`
  const origin = 'path: ../base/pod.yaml\nrepo: https://example.com\n'
  const kustomize = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { annotations: { 'config.kubernetes.io/origin': origin } },
  })
  t.match(await all(findInText('-', helm)), [
    { source: 'web/templates/pod.yaml', line: 3 },
    { source: 'web/templates/b.yaml', line: 9 },
  ])
  t.match(await all(findInText('-', kustomize)), [{ source: '../base/pod.yaml' }])
})

t.test('a chart is no manifest for who needs every manifest', async t => {
  const folder = t.testdir({ web: { 'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n' } })
  t.match(await readManifests([folder]), { ok: false, faults: [/web: this is a Helm chart; render it first/] })
})
