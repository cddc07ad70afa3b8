import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { HOSTILE, Place, RECORDER, REGCRED, readDocuments } from './pipeline.ts'

interface Step {
  readonly name: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly Step[] }
}

const [action] = readDocuments('action.yaml') as [Action]
const DEFAULTS = Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default]))
const VERSION = String(DEFAULTS['version'])
const ARCHIVE = `regcred_${VERSION}_linux_amd64.tar.gz`
const SUMS = `regcred_${VERSION}_checksums.txt`
const BASH = ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c']
/** Takes what is asked for from a folder, and writes down where it should have come from. */
const CURL = `#!/bin/sh
for last; do case $before in --output) out=$last ;; esac; before=$last; done
echo "$last" >> "$HOME/asked"
cp "$HOME/mirror/\${last##*/}" "$out"
`

/** A runner with a release to download. */
function runner(): Place {
  const place = new Place({ curl: CURL })
  place.program('made/regcred', REGCRED)
  place.program('mirror/made', '')
  spawnSync('tar', ['-czf', join(place.folder, 'mirror', ARCHIVE), '-C', join(place.folder, 'made'), 'regcred'])
  const { stdout } = spawnSync('sha256sum', [ARCHIVE], { cwd: join(place.folder, 'mirror'), encoding: 'utf8' })
  writeFileSync(join(place.folder, 'mirror', SUMS), stdout)
  return place
}

/** Runs a step with these inputs, as a runner does: what its `env` names is replaced, and nothing in its script. */
function runStep(place: Place, name: string, inputs: Readonly<Record<string, string>> = {}, around = {}) {
  const step = action.runs.steps.find(step => step.name === name)
  const file = (path: string) => join(place.folder, path)
  const given = Object.entries(step?.env ?? {}).map(([key, value]) => {
    const [, input = ''] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value) ?? []
    return [key, { ...DEFAULTS, ...inputs }[input]]
  })
  const env = {
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: 'X64',
    RUNNER_TEMP: place.folder,
    GITHUB_ACTIONS: 'true',
    GITHUB_PATH: file('path'),
    GITHUB_STEP_SUMMARY: file('summary.md'),
    ...Object.fromEntries(given),
    ...around,
  }
  const added = existsSync(file('path')) ? readFileSync(file('path'), 'utf8').split('\n').filter(Boolean) : []
  return place.run(BASH, step?.run ?? 'exit 99', env, added)
}

t.test('inputs reach scripts as environment alone', async t => {
  for (const { name, run = '', env = {} } of action.runs.steps) {
    t.notMatch(run, '${{', name)
    for (const value of Object.values(env)) t.match(value, /^\$\{\{ inputs\.[\w-]+ \}\}$/)
  }
  const used = readFileSync(join(import.meta.dirname, '../../action.yaml'), 'utf8').matchAll(/inputs\.([\w-]+)/g)
  t.strictSame([...new Set([...used].map(([, name]) => name))].sort(), Object.keys(action.inputs).sort())
})

t.test('it installs what the checksums name, and checks', async t => {
  const place = runner()
  const installed = runStep(place, 'Install regcred')
  t.equal(installed.status, 0, installed.stderr)
  const from = `https://github.com/regcred/regcred/releases/download/v${VERSION}`
  t.equal(readFileSync(join(place.folder, 'asked'), 'utf8'), `${from}/${ARCHIVE}\n${from}/${SUMS}\n`)
  const checked = runStep(place, 'Check', { paths: 'k8s/right.yaml\n\nk8s/secret.yaml\n' })
  t.match(checked, { status: 0, stderr: '' })
  const wrong = runStep(place, 'Check')
  t.equal(wrong.status, 1)
  t.match(wrong.stdout, /^::\w+ file=k8s\/wrong\.yaml,.*title=SecretNotFound/m)
  t.match(readFileSync(join(place.folder, 'summary.md'), 'utf8'), 'SecretNotFound')
  t.match(readFileSync(join(place.work, 'regcred.sarif'), 'utf8'), '"ruleId": "SecretNotFound"')
  t.equal(runStep(place, 'Check', { 'fail-on': 'error' }).status, 0, 'it is a warning')
  t.match(runStep(place, 'Check', { paths: '-h' }), { status: 2, stderr: /-h/ }, 'a file of that name')
})

t.test('what is not what the checksums say is not run', async t => {
  const place = runner()
  const sums = join(place.folder, 'mirror', SUMS)
  for (const { text, said } of [
    { text: `${'0'.repeat(64)}  ${ARCHIVE}\n`, said: `${ARCHIVE} is not what ${SUMS} says` },
    { text: `${'0'.repeat(64)}  another\n`, said: `${SUMS} does not name ${ARCHIVE}` },
    { text: '', said: `${SUMS} does not name ${ARCHIVE}` },
  ]) {
    writeFileSync(sums, text)
    const { status, stdout } = runStep(place, 'Install regcred')
    t.strictSame({ status, stdout }, { status: 2, stdout: `::error::${said}\n` })
  }
  t.notOk(existsSync(join(place.folder, 'path')))
  const elsewhere = runStep(place, 'Install regcred', {}, { RUNNER_OS: 'Windows', RUNNER_ARCH: 'ARM64' })
  t.match(elsewhere, { status: 2, stdout: '::error::There is no regcred for Windows on ARM64\n' })
  const missing = runStep(place, 'Install regcred', { version: '9.9.9' })
  t.match(missing, { status: 2, stdout: '::error::Cannot download regcred_9.9.9_linux_amd64.tar.gz\n' })
})

t.test('no input is a command, for the shell or for the runner', async t => {
  const place = new Place({ curl: CURL, regcred: RECORDER })
  const harmed: string[] = []
  for (const hostile of [...HOSTILE, '0.1.0\n::error::no', '::stop-commands::x']) {
    const one = hostile.replaceAll('\n', ' ')
    const inputs = { paths: `${one}\n\na b`, config: hostile, 'fail-on': hostile, 'sarif-file': hostile }
    const { status } = runStep(place, 'Check', inputs)
    const given = [`--fail-on=${hostile}`, '--output=github', `--output=sarif=${hostile}`, `--config=${hostile}`]
    const wanted = ['check', ...given, '--', one, 'a b', ''].join('\n')
    if (status !== 0 || readFileSync(join(place.folder, 'given'), 'utf8') !== wanted) harmed.push(hostile)
    const installed = runStep(place, 'Install regcred', { version: hostile })
    if (installed.stdout !== '::error::The input version is not a version such as 0.1.0\n') harmed.push(hostile)
  }
  t.strictSame(harmed, [])
  t.strictSame(readdirSync(place.work), ['k8s'])
  t.match(runStep(place, 'Check', { paths: '\n' }), { status: 2, stdout: /^::error::The input paths names nothing/ })
})
