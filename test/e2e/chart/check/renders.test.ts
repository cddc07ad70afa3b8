import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { present } from '../../../../src/runtime/present.ts'
import { outcomeOf, spawnRegcred } from '../../../commands/spawn.ts'
import { findKubectl } from '../../build/assets.ts'
import { CHART } from '../helm.ts'

/*
 * `regcred check` with helm and kubectl as they are: what they print, and say where it is from. Everything else about rendering is tested
 * in test/rendering, with scripts in their place.
 */

const POD = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: UPPER}]}
`
const folder = t.testdir({
  base: { 'kustomization.yaml': 'resources: [pod.yaml]\n', 'pod.yaml': POD },
  overlay: { 'kustomization.yaml': 'resources: [../base]\nnamespace: team-a\nbuildMetadata: [originAnnotations]\n' },
  broken: { 'kustomization.yaml': 'resources: [none.yaml]\n' },
  library: { 'Chart.yaml': 'apiVersion: v2\nname: library\nversion: 1.0.0\ntype: library\n' },
  chart: {
    'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    templates: {
      'pod.yaml': POD.replace('{name: web}', '{name: "{{ .Release.Name }}", namespace: "{{ .Release.Namespace }}"}'),
    },
  },
})
const bin = join(folder, 'bin')
mkdirSync(bin)
symlinkSync(present(process.env['REGCRED_HELM']), join(bin, 'helm'))
symlinkSync(await findKubectl(), join(bin, 'kubectl'))

async function check(...args: string[]) {
  // A context has a namespace of its own, which is not that of the manifests.
  const env = { PATH: bin, HOME: folder, HELM_NAMESPACE: 'other', KUBECONFIG: '/dev/null' }
  return await outcomeOf(spawnRegcred(['check', ...args], [], env))
}

t.test('a chart', async t => {
  const chart = join(folder, 'chart')
  const { status, out, err } = await check(chart)
  t.equal(status, 1)
  t.match(
    out,
    `Pod release-name in namespace default (${chart}/templates/pod.yaml, rendered line 3)\n  error    ImageInvalid`,
  )
  t.match(err, `regcred: ${chart} is a Helm chart; checking what helm template ${chart} prints\n`)
  t.match((await check(chart, '-n', 'team-a')).out, /^Pod release-name in namespace team-a /)
})

t.test('our own chart', async t => {
  const { status, err } = await check(CHART)
  t.equal(status, 0, err)
})

t.test('a kustomization, by the file that each object is from', async t => {
  const overlay = join(folder, 'overlay')
  const { status, out, err } = await check(overlay)
  t.equal(status, 1)
  t.match(
    out,
    `Pod web in namespace team-a (${join(folder, 'base/pod.yaml')}, rendered line 1)\n  error    ImageInvalid`,
  )
  t.match(err, `regcred: ${overlay} is a kustomization; checking what kubectl kustomize ${overlay} prints\n`)
})

t.test('what cannot be rendered', async t => {
  const broken = join(folder, 'broken')
  const { status, out, err } = await check(broken, join(folder, 'library'))
  t.equal(status, 2)
  t.equal(out, '0 objects checked: 0 errors, 0 warnings, 0 notes\n')
  t.match(
    err,
    new RegExp(`^regcred: ${broken}/kustomization.yaml: kubectl kustomize ${broken} failed: .*none.yaml`, 'm'),
  )
  t.match(err, /library is a library chart, which makes no objects by itself: it is skipped\n/)
})
