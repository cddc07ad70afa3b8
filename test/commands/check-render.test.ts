import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { checkCommand } from '../../src/commands/check.ts'
import { putOnPath } from '../rendering/fake-tools.ts'

const POD = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: team-a}
spec:
  containers: [{name: web, image: registry.example.com/acme/web:1}]
  imagePullSecrets: [{name: amce}]
`
const SECRET = `apiVersion: v1
kind: Secret
metadata: {name: acme, namespace: team-a}
type: kubernetes.io/dockerconfigjson
stringData: {.dockerconfigjson: '{"auths":{"registry.example.com":{"username":"ci","password":"example"}}}'}
`
const CHART = { 'Chart.yaml': 'apiVersion: v2\nname: acme-web\nversion: 1.0.0\n', templates: { 'pod.yaml': '{{ x }}' } }
const RENDERED = `---\n# Source: acme-web/templates/pod.yaml\n${POD}---\n# Source: acme-web/templates/secret.yaml\n${SECRET}`
const HELM = `/bin/cat <<'END'\n${RENDERED}END`

/** What somebody sees in a folder: both streams, one after the other, and the exit status. */
async function transcribe(t: Pick<Test, 'teardown'>, folder: string, ...args: string[]): Promise<string> {
  const streams = { stdin: Readable.from([]), stdout: new PassThrough(), stderr: new PassThrough() }
  const { exitCode } = process
  const before = process.cwd()
  t.teardown(() => {
    process.chdir(before)
    process.exitCode = exitCode
  })
  process.chdir(folder)
  await checkCommand(streams).parseAsync(args, { from: 'user' })
  const status = process.exitCode
  process.chdir(before)
  process.exitCode = exitCode
  streams.stdout.end()
  streams.stderr.end()
  return `$ regcred check ${args.join(' ')}\n${await text(streams.stderr)}${await text(streams.stdout)}exit status ${status}\n`
}

const UNLISTED =
  'regcred: 1 image is on a registry not in your configuration; list them there under registries: private, public, or node where the nodes log in themselves\n'

t.test('a chart is checked as helm renders it', async t => {
  const folder = t.testdir({ chart: CHART })
  putOnPath(t, { helm: HELM })
  t.equal(
    await transcribe(t, folder, 'chart/'),
    `$ regcred check chart/
regcred: chart is a Helm chart; checking what helm template chart prints
         (helm is on your PATH; --no-render takes the files as they are)
${UNLISTED}Pod web in namespace team-a (chart/templates/pod.yaml, rendered line 3)
  warning  SecretNotFound: Secret "amce" does not exist in namespace "team-a"; did you mean "acme"? Write it in spec.imagePullSecrets (chart/templates/pod.yaml, rendered line 8)

2 objects checked: 0 errors, 1 warning, 0 notes
exit status 1
`,
  )
})

t.test('a chart that helm cannot render is an error, and what is beside it is checked', async t => {
  const folder = t.testdir({ k8s: { chart: CHART, 'pod.yaml': POD, 'secret.yaml': SECRET } })
  putOnPath(t, {
    helm: `printf '%s\\n' 'Error: execution error at (acme-web/templates/pod.yaml:1:6): set image.tag' '' 'Use --debug flag to render out invalid YAML' >&2; exit 1`,
  })
  t.equal(
    await transcribe(t, folder, 'k8s'),
    `$ regcred check k8s
regcred: k8s/chart is a Helm chart; checking what helm template k8s/chart prints
         (helm is on your PATH; --no-render takes the files as they are)
regcred: k8s/chart/Chart.yaml: helm template k8s/chart failed: Error: execution error at (acme-web/templates/pod.yaml:1:6): set image.tag; Use --debug flag to render out invalid YAML; run it by hand, or leave it out with --no-render
${UNLISTED}Pod web in namespace team-a (k8s/pod.yaml:1)
  warning  SecretNotFound: Secret "amce" does not exist in namespace "team-a"; did you mean "acme"? Write it in spec.imagePullSecrets (k8s/pod.yaml:6:29)

2 objects checked: 0 errors, 1 warning, 0 notes
exit status 2
`,
  )
})

t.test('without helm, and with --no-render, a chart is skipped', async t => {
  const folder = t.testdir({ k8s: { chart: CHART, 'secret.yaml': SECRET } })
  putOnPath(t, {})
  const skipped = `regcred: k8s/chart is a Helm chart, which is skipped: helm template k8s/chart | regcred check
regcred: the only object pulls no images: there is no Pod and no Pod template among them
1 object checked: 0 errors, 0 warnings, 0 notes
exit status 0
`
  t.equal(
    await transcribe(t, folder, 'k8s'),
    `$ regcred check k8s\nregcred: no chart is rendered, because helm is not on your PATH\n${skipped}`,
  )
  putOnPath(t, { helm: HELM })
  t.equal(await transcribe(t, folder, 'k8s', '--no-render'), `$ regcred check k8s --no-render\n${skipped}`)
})

t.test('formats for programs name the template, and no line of it that is not known', async t => {
  const folder = t.testdir({ chart: CHART })
  putOnPath(t, { helm: HELM })
  t.match(
    await transcribe(t, folder, 'chart', '-o', 'github'),
    /^::warning file=chart\/templates\/pod\.yaml,title=SecretNotFound::/m,
  )
  const json = await transcribe(t, folder, 'chart', '-o', 'json')
  t.match(JSON.parse(json.slice(json.indexOf('{\n'), json.lastIndexOf('}') + 1)).objects[0], {
    file: 'chart/templates/pod.yaml',
    line: 3,
    source: 'acme-web/templates/pod.yaml',
    rendered: true,
    findings: [{ line: 8 }, {}],
  })
})

t.test('a chart that renders nothing is nothing to check', async t => {
  const folder = t.testdir({ chart: CHART })
  putOnPath(t, { helm: 'echo' })
  t.match(await transcribe(t, folder, 'chart'), 'regcred: nothing to check: chart renders no object\nexit status 2\n')
})
