import t from 'tap'
import { conclusionsOf } from './said.ts'

const rules = (kind: string, list: string, ...items: object[]) => ({
  apiVersion: kind === 'ImageContentSourcePolicy' ? 'operator.openshift.io/v1alpha1' : 'config.openshift.io/v1',
  kind,
  metadata: { name: 'a' },
  spec: { [list]: items },
})
const digests = (...items: object[]) => rules('ImageDigestMirrorSet', 'imageDigestMirrors', ...items)
const tags = (...items: object[]) => rules('ImageTagMirrorSet', 'imageTagMirrors', ...items)
const list = (...items: object[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
const login = JSON.stringify({ auths: { 'mirror.example.com/ocp': { auth: 'cDpw' } } })
const rule = (source: string, ...mirrors: string[]) => ({ source, mirrors })

t.test('a source is an entry where all of its images are pulled from a mirror to which the node logs in', async t => {
  const source = rule('registry.redhat.io/ubi', 'other.example.com', 'mirror.example.com/ocp/ubi')
  const folder = t.testdir({ 'sets.json': list(digests(source), tags(source)), 'config.json': login })
  const why = 'pulled from a mirror for which config.json has credentials'
  t.strictSame(await conclusionsOf(folder), {
    entries: [
      "mirror.example.com/ocp <- config.json: the kubelet's docker config has credentials for it",
      `registry.redhat.io/ubi <- sets.json: images by digest are ${why} | sets.json: images by tag are ${why}`,
    ],
    remarks: [],
    faults: [],
  })
})

t.test('with one kind of images alone, or without credentials, what would have to be known is told', async t => {
  const old = rules('ImageContentSourcePolicy', 'repositoryDigestMirrors', rule('quay.io/a', 'mirror.example.com/ocp'))
  const sets = list(
    old,
    tags(rule('b.example.com', 'mirror.example.com/ocp'), rule('c.example.com', 'mirror.example.com')),
    digests(
      { source: 'none.example.com' },
      { mirrors: ['a.example.com'] },
      rule('d.example.com', `mirror.example.com/ocp/${'a/'.repeat(500)}`),
    ),
  )
  const { entries, remarks } = await conclusionsOf(t.testdir({ 'sets.json': sets, 'config.json': login }))
  t.equal(entries.length, 1)
  const alone = (source: string, by: string) =>
    `sets.json: images of ${source} by ${by} alone are pulled from a mirror for which config.json has credentials; no pull secret breaks that. List it under registries.node if no other image of it is used`
  t.strictSame(remarks, [
    alone('quay.io/a', 'digest'),
    alone('b.example.com', 'tag'),
    'sets.json: no credentials for the mirrors of c.example.com are in these files; those of the nodes are in /var/lib/kubelet/config.json, the global pull secret',
    'sets.json: no credentials for the mirrors of d.example.com are in these files; those of the nodes are in /var/lib/kubelet/config.json, the global pull secret',
  ])
})

t.test(
  'a set by itself, as YAML, has its line; a kind of the same name elsewhere and another list are not known',
  async t => {
    const folder = t.testdir({
      'idms.yaml': `apiVersion: config.openshift.io/v1
kind: ImageDigestMirrorSet
spec:
  imageDigestMirrors:
    - source: a.example.com
      mirrors: [b.example.com]
`,
      'other.json': JSON.stringify({ apiVersion: 'example.com/v1', kind: 'ImageDigestMirrorSet' }),
      'list.json': list({ apiVersion: 'v1', kind: 'Pod' }),
      'noKind.json': JSON.stringify({ kind: 3 }),
      'noVersion.json': JSON.stringify({ kind: 'ImageTagMirrorSet' }),
    })
    t.match((await conclusionsOf(folder)).remarks, [/^idms.yaml:5: no credentials for the mirrors of a.example.com/])
    const { faults } = await conclusionsOf(folder, ['other.json', 'list.json', 'noVersion.json', 'noKind.json'])
    t.equal(faults.length, 4)
  },
)

t.test('a list may hold others beside it', async t => {
  const folder = t.testdir({ 'a.json': list({}, digests(rule('a.example.com', 'b.example.com'))) })
  t.match((await conclusionsOf(folder)).remarks, [/^a.json: no credentials/])
})
