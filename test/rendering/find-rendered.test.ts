import { join } from 'node:path'
import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import type { Found } from '../../src/manifests/found.ts'
import { findRendered } from '../../src/rendering/find-rendered.ts'
import { putOnPath } from './fake-tools.ts'

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n'
const CHART = 'apiVersion: v2\nname: web\nversion: 1.0.0\n'
const chartOf = (more = '') => ({ 'Chart.yaml': CHART + more, templates: { 'pod.yaml': `${POD}x: {{ y }}\n` } })
const print = (text: string) => `/bin/cat <<'END'\n${text}END`

/** What is found at paths of a folder that is the working directory, and what is told. */
async function find(t: Pick<Test, 'teardown'>, folder: string, paths: readonly string[], namespace = 'default') {
  const before = process.cwd()
  t.teardown(() => process.chdir(before))
  process.chdir(folder)
  const told: string[] = []
  const found: Found[] = []
  const options = { namespace, tell: (...lines: readonly string[]) => told.push(lines.join('\n')) }
  for await (const one of findRendered(paths, Readable.from([POD]), options)) found.push(one)
  process.chdir(before)
  return { told, found: found.map(show) }
}

/** Where each is from, and what it is. */
function show(found: Found): string {
  if ('fault' in found) return `${found.fault.file}:${found.fault.line} fault ${found.fault.message}`
  if ('other' in found) return `${found.file} ${found.other}`
  const { file, line, isRendered, kind, object } = found
  const { name } = Object(object)['metadata']
  return `${file}:${line}${isRendered ? ' rendered' : ''} ${kind} ${name}`
}

t.test('a chart is rendered, and what is found has the place of its template', async t => {
  const folder = t.testdir({ web: chartOf() })
  putOnPath(t, {
    helm: `${print(`---\n# Source: web/templates/pod.yaml\n${POD}---\n# Source: web/charts/db/templates/pod.yaml\n${POD}`)}`,
  })
  const { told, found } = await find(t, folder, ['web/'])
  t.strictSame(found, [
    'web/templates/pod.yaml:3 rendered Pod web',
    'web/charts/db/templates/pod.yaml:8 rendered Pod web',
  ])
  t.strictSame(told, [
    'web is a Helm chart; checking what helm template web prints\n(helm is on your PATH; --no-render takes the files as they are)',
  ])
})

t.test('a folder in which charts lie: each chart is rendered, the rest read, and nothing twice', async t => {
  const folder = t.testdir({
    k8s: {
      charts: { a: { ...chartOf(), charts: { db: chartOf() } }, b: chartOf(), lib: chartOf('type: library\n') },
      'web.yaml': POD,
    },
  })
  putOnPath(t, { helm: print(`# Source: web/templates/pod.yaml\n${POD}`) })
  const { told, found } = await find(t, folder, ['k8s'])
  t.strictSame(found, [
    'k8s/charts/a/templates/pod.yaml:2 rendered Pod web',
    'k8s/charts/b/templates/pod.yaml:2 rendered Pod web',
    'k8s/web.yaml:1 Pod web',
  ])
  t.strictSame(told.slice(1), [
    'k8s/charts/b is a Helm chart; checking what helm template k8s/charts/b prints',
    'k8s/charts/lib is a library chart, which makes no objects by itself: it is skipped',
  ])
})

t.test('a kustomization is built, with the file that it has each object from', async t => {
  const pod = (origin: string) =>
    `${POD.replace('{name: web}', '')}\n  name: web\n  annotations: {config.kubernetes.io/origin: "${origin}"}\n---\n`
  const folder = t.testdir({ over: { 'kustomization.yml': 'resources: [../base]\n', 'patch.yaml': POD } })
  putOnPath(t, {
    kubectl: print(`${pod('path: ../base/pod.yaml\\n')}${pod('path: a.yaml\\nrepo: https://example.com\\n')}${POD}`),
  })
  const { told, found } = await find(t, folder, ['over'])
  t.strictSame(found, [
    'base/pod.yaml:1 rendered Pod web',
    'over/kustomization.yml:8 rendered Pod web',
    'over/kustomization.yml:15 rendered Pod web',
  ])
  t.match(told, [/^over is a kustomization; checking what kubectl kustomize over prints\n\(kubectl is on your PATH; /])
})

t.test('kustomize does where there is no kubectl', async t => {
  const folder = t.testdir({ over: { Kustomization: 'resources: []\n' } })
  putOnPath(t, { kustomize: `[ "$1" = build ] && ${print(POD)}` })
  const { told, found } = await find(t, folder, ['over'])
  t.strictSame(found, ['over/Kustomization:1 rendered Pod web'])
  t.match(told, [/checking what kustomize build over prints\n/])
})

t.test('without the programs all is as it is without rendering, and that is told once', async t => {
  const over = { 'kustomization.yaml': 'resources: [pod.yaml]\n', 'pod.yaml': POD }
  const folder = t.testdir({ a: chartOf(), b: chartOf(), over })
  putOnPath(t, {})
  const { told, found } = await find(t, folder, ['a', 'b', 'over', '-'])
  t.strictSame(found, [
    'a chart',
    'b chart',
    'over/kustomization.yaml kustomization',
    'over/pod.yaml:1 Pod web',
    '-:1 Pod web',
  ])
  t.strictSame(told, [
    'no chart is rendered, because helm is not on your PATH',
    'over is a kustomization, and neither kubectl nor kustomize is on your PATH: its files are checked as they are',
  ])
})

t.test('of kustomizations below a folder it is told that they are read as they are', async t => {
  const one = () => ({ 'kustomization.yaml': 'resources: [pod.yaml]\n' })
  const folder = t.testdir({ k8s: { a: one(), b: { ...one(), 'pod.yaml': POD } }, only: { a: one() } })
  putOnPath(t, { kubectl: 'exit 1' })
  const { told } = await find(t, folder, ['k8s', 'only', 'only/a/kustomization.yaml'])
  t.strictSame(told, [
    'k8s/a/kustomization.yaml and 1 more are kustomizations below k8s, and their files are checked as they are; name the folder of one to have it rendered',
    'only/a/kustomization.yaml is a kustomization below only, and its files are checked as they are; name its folder to have it rendered',
  ])
})

t.test('a program that fails is a fault of what it was to render, and hides nothing else', async t => {
  const folder = t.testdir({ a: chartOf(), b: chartOf(), 'web.yaml': POD })
  putOnPath(t, {
    helm: `case $2 in */a) echo 'Error: no values' >&2; exit 1;; *) ${print(`# Source: web/x.yaml\n${POD}`)}\nesac`,
  })
  const { found } = await find(t, folder, ['.'])
  t.strictSame(found, [
    'a/Chart.yaml:undefined fault helm template a failed: Error: no values; run it by hand, or leave it out with --no-render',
    'b/x.yaml:2 rendered Pod web',
    'web.yaml:1 Pod web',
  ])
})

t.test('what is printed may be nothing, broken, no object, or say anything of where it is from', async t => {
  const folder = t.testdir({ web: chartOf() })
  const of = async (printed: string) => {
    putOnPath(t, { helm: print(printed) })
    return (await find(t, folder, ['web'])).found
  }
  t.strictSame(await of('\n'), ['web nothingRendered'])
  t.strictSame(await of('a: 1\n'), ['web document'])
  t.match(await of(`# Source: web/templates/a.yaml\na: [\n`), [/^web\/Chart.yaml:\d+ fault this is not YAML or JSON/])
  t.strictSame(await of(`# Source: web/${'x'.repeat(2000)}\n${POD}`), ['web/Chart.yaml:2 rendered Pod web'])
  t.strictSame(await of(POD), ['web/Chart.yaml:1 rendered Pod web'])
})

t.test('a name that a program would take for a flag, or an address, is given as the folder that it is', async t => {
  const name = "-o a 'b'"
  const over = { 'kustomization.yaml': 'resources: []\n' }
  const folder = t.testdir({ [name]: chartOf(), 'github.com': { a: over } })
  const echo = `printf '# Source: web/%s' "$HELM_NAMESPACE $*"\nprintf '\\n%s\\n' 'apiVersion: v1' 'kind: Pod' 'metadata: {name: web}'`
  putOnPath(t, { helm: echo, kubectl: `echo "# Source: $*"\n${print(POD)}` })
  const { told, found } = await find(t, folder, [name, 'github.com/a'], 'team-a')
  t.strictSame(found, [
    `${join(name, `default template --namespace team-a ${join(folder, name)}`)}:2 rendered Pod web`,
    `${join('github.com/a', `kustomize ${join(folder, 'github.com/a')}`)}:2 rendered Pod web`,
  ])
  t.match(told[0], `checking what helm template --namespace team-a './-o a '\\''b'\\''' prints\n`)
})
